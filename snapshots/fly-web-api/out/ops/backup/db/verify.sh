#!/bin/sh
# Asks the store, not this host, whether a backup is there, whole, and restorable in time. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state check postgres; do . "$LIB/$part.sh" || exit 64; done

drill() {
  scratch=drill_$(now)_$$
  began=$(now)
  "$HERE/restore.sh" "$1" --backup "$NEWEST" --to "$scratch" --no-owner >"$WORK/report" || {
    rc=$?
    say "the drill's restore failed"
    exit "$rc"
  }
  took=$(($(now) - began))
  cat "$WORK/report"
  connect_from "$(target_url)"
  PGDATABASE=postgres sql -v name="$scratch" -f - <<'SQL' || fail restore "the scratch database $scratch was not dropped"
DROP DATABASE :"name";
SQL
  in_time
}

verify "$@"
