#!/bin/sh
# Brings a backup of RabbitMQ back as a file of definitions. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage manifest state rabbitmq; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: restore.sh ENVIRONMENT --to FILE [--backup ID]
       restore.sh ENVIRONMENT --list

Fetches, checks and decrypts a backup into FILE, which must not exist; no running broker is touched. A broker takes it
with `rabbitmqctl import_definitions FILE`: what it names is made or changed, what it doesn't name stays. Messages are
not in it. The private key is AGE_IDENTITY_FILE (a file) or AGE_IDENTITY (its text).

exit: 0 there   12 damaged   13 store   18 not restored   64 usage   69 tool
HELP
  exit "$1"
}

WORK='' TO='' WANTED='' LIST=''

finish() {
  rc=$?
  trap '' HUP INT TERM
  [ "$rc" -eq 0 ] || say "FAILED ($rc)"
  [ -z "$WORK" ] || rm -rf "$WORK"
  exit "$rc"
}

case ${1-} in -h | --help) usage 0 ;; esac
[ $# -ge 2 ] || usage 64
SETTINGS_OF=$1
shift
while [ $# -gt 0 ]; do
  case $1 in
    --to | --backup)
      [ $# -ge 2 ] || usage 64
      case $1 in --to) TO=$2 ;; *) WANTED=$2 ;; esac
      shift
      ;;
    --list) LIST=1 ;;
    *) usage 64 ;;
  esac
  shift
done
[ -n "$TO$LIST" ] || usage 64
trap finish EXIT
trap 'exit 143' HUP INT TERM
read_settings "$SETTINGS_OF"
need sha256sum awk timeout jq
workspace restore
if [ -n "$LIST" ]; then
  committed || fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"
  exit 0
fi
[ ! -e "$TO" ] || fail restore "$TO exists already: refusing to overwrite it"
[ -n "$WANTED" ] || WANTED=$(newest) || exit $?
[ -n "$WANTED" ] || fail store "no committed backup below $ROOT"
fetch "$WANTED"
decrypt definitions.json
examine "$WORK/definitions.json"
[ "$OBJECTS" = "$(manifest_says queues)" ] || fail verify "the export names $OBJECTS queues, the manifest says $(manifest_says queues)"
if ! cp "$WORK/definitions.json" "$TO.partial" || ! mv "$TO.partial" "$TO"; then fail restore "cannot write $TO"; fi
printf 'backup=%s file=%s queues=%s age_seconds=%s\n' "$WANTED" "$(percent "$TO")" "$OBJECTS" $(($(now) - $(manifest_says taken)))
