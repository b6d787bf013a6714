#!/bin/sh
# Asks the store, not this host, whether a backup is there, whole, and readable. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state check rabbitmq; do . "$LIB/$part.sh" || exit 64; done

# Without a broker to try it on, a drill goes as far as a file: fetched, decrypted, whole, and every queue named.
drill() {
  began=$(now)
  "$HERE/restore.sh" "$1" --backup "$NEWEST" --to "$WORK/definitions" >"$WORK/report" || {
    rc=$?
    say "the drill's restore failed"
    exit "$rc"
  }
  took=$(($(now) - began))
  cat "$WORK/report"
  in_time
}

verify "$@"
