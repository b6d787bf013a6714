# shellcheck shell=sh disable=SC2034
# How the backup scripts reach RabbitMQ's management API: http(s)://user:password@host:port. The password reaches curl on stdin.

connect_from() { # NAME of the variable with the URL
  _url=$(secret_in "$1") || exit $?
  case $_url in
    http://* | https://*) ;;
    *) fail config "$1 does not start with http:// or https://" ;;
  esac
  split_url "$_url"
  API=$URL_SCHEME://$URL_HOST${URL_PORT:+:$URL_PORT}/api
}

quoted() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }

api() { # PATH
  printf 'user = "%s:%s"\n' "$(quoted "$URL_USER")" "$(quoted "$URL_PASSWORD")" |
    curl -sS -f -m "$TIMEOUT_SECONDS" --connect-timeout 15 -K - "$API/$1" 9>&-
}

# examine FILE: whole JSON with what an import needs, and how many queues it names.
examine() {
  OBJECTS=$(jq -e 'select(has("vhosts") and has("users") and has("queues")) | .queues | length' "$1" 2>/dev/null) ||
    fail verify "not a whole export of definitions"
}
