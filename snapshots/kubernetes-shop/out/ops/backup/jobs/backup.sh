#!/bin/sh
# Copies the definitions of one RabbitMQ: export, check, encrypt, store, read back, commit, thin out. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state retention run rabbitmq; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: backup.sh ENVIRONMENT [--dry-run]      or the path of a settings file instead of ENVIRONMENT

Exports vhosts, users, permissions, exchanges, queues, bindings and policies. Messages are not in it: they are made again
by whoever sent them. Settings are in ENVIRONMENT.conf beside this script, secrets in the environment
(backup.env.example names them). A backup exists when its manifest is stored.

exit: 0 done   10 server   12 export unreadable   13 destination   14 good, but not thinned out
      15 suspicious (no queue, or shrunken)   64 settings   69 tool missing   75 another run is at work
HELP
  exit "$1"
}

export_definitions() {
  STARTED=$(now) ID=$(date -u +%Y%m%dT%H%M%SZ)
  api definitions >"$WORK/definitions.json" 2>"$CONTROL/export.err" || fail connect "the management API did not answer: $(last_line "$CONTROL/export.err")"
  examine "$WORK/definitions.json"
  [ "$OBJECTS" -ge "$MIN_OBJECTS" ] || fail suspect "only $OBJECTS queues, at least $MIN_OBJECTS expected: nothing stored, nothing removed"
  printf 'version=%s\nqueues=%s\n' "$(jq -r '.rabbitmq_version // .rabbit_version // "unknown"' "$WORK/definitions.json")" "$OBJECTS" >"$WORK/lines"
}

begin curl jq -- "$@"
connect_from "$URL_FROM"
export_definitions
rehearsed "$OBJECTS queues"
seal definitions.json
publish_backup
thin_out
