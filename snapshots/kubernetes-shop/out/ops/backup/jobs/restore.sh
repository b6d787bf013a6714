#!/bin/sh
# Brings a backup of RabbitMQ back as a file of definitions. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state restore rabbitmq; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: restore.sh ENVIRONMENT --to FILE | --force-into FILE [--backup ID] [--dry-run]
       restore.sh ENVIRONMENT --list

Fetches, checks and decrypts a backup into FILE, which must not exist; no running broker is touched. A broker takes it with `rabbitmqctl import_definitions FILE`: what it names is made or
changed, what it doesn't name stays. Messages are not in it.

--force-into FILE   what is there stays as FILE.before-ID
--backup ID         which one (--list shows them); otherwise the newest that is good
--dry-run           stops before FILE is written

The private key is AGE_IDENTITY_FILE or GPG_PRIVATE_KEY_FILE (a file), or AGE_IDENTITY or GPG_PRIVATE_KEY (its text).

exit: 0 there   12 damaged   13 store   16 no room   18 not restored   64 usage   69 tool
HELP
  exit "$1"
}
OPTIONS=' '
remove_half() { :; }

begin_restore jq -- "$@"
[ -n "$FORCE" ] || [ ! -e "$TO" ] || fail restore "$TO exists already: refusing to overwrite it (--force-into moves it aside)"
fetch_wanted
decrypt definitions.json
examine "$WORK/definitions.json"
[ "$OBJECTS" = "$(manifest_says queues)" ] || fail verify "the export names $OBJECTS queues, the manifest says $(manifest_says queues)"
if [ -n "$DRY" ]; then
  say "$WANTED is whole and readable ($OBJECTS queues); nothing restored"
  exit 0
fi
place "$WORK/definitions.json"
printf 'backup=%s file=%s queues=%s age_seconds=%s\n' "$WANTED" "$(percent "$TO")" "$OBJECTS" $(($(now) - $(manifest_says taken)))
