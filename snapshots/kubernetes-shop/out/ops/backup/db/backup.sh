#!/bin/sh
# Copies one PostgreSQL database: dump, check, encrypt, store, read back, commit, thin out. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state retention run postgres; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: backup.sh ENVIRONMENT [--dry-run]      or the path of a settings file instead of ENVIRONMENT

Makes one backup of the database and its roles. Settings are in ENVIRONMENT.conf beside this script, secrets in the
environment (backup.env.example names them). A backup exists when its manifest is stored; anything less is never
listed, restored or counted. Old backups are thinned out only after a success.

--dry-run               ask for everything that a run needs (settings, tools, keys, lock, room, destination, server); store nothing
BACKUP_ALLOW_SHRINK=1   accept a backup that is much smaller than the one before

exit: 0 done   10 server   11 dump   12 archive unreadable   13 destination   14 good, but not thinned out
      15 suspicious (empty or shrunken)   16 no room   64 settings   69 tool missing   75 another run is at work
HELP
  exit "$1"
}

# One session holds the snapshot that everything reads, and a lock in the server that other hosts see.
open_snapshot() {
  STARTED=$(now) ID=$(date -u +%Y%m%dT%H%M%SZ)
  mkfifo "$CONTROL/in" "$CONTROL/out" || fail space "cannot create pipes in $CONTROL"
  PGAPPNAME=backup-holder psql -X -w -qAt -v ON_ERROR_STOP=1 -c "SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0" \
    -c "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" \
    -c "SELECT pg_try_advisory_lock(hashtext('backup'), hashtext(current_database()))::int || ' ' || current_setting('server_version_num')
        || ' ' || pg_database_size(current_database()) || ' ' || pg_export_snapshot()" \
    -f - <"$CONTROL/in" >"$CONTROL/out" 2>"$CONTROL/holder.err" 9>&- &
  CHILDREN=$!
  exec 3>"$CONTROL/in" 4<"$CONTROL/out"
  IFS=' ' read -r alone VERSION SIZE SNAPSHOT <&4 || fail connect "cannot open the database: $(tr '\n' ' ' <"$CONTROL/holder.err")"
  [ "$alone" = 1 ] || fail locked "another host is backing up this database"
  choose_client $((VERSION / 10000))
  if [ "$(free_kib)" -le $((SIZE / 4096)) ]; then
    fail space "staging has $(free_kib) KiB free, the database is $SIZE bytes: refusing to start"
  fi
}

# Each stage of a pipe writes its own status; a stage that wrote none was killed. The very bytes that are encrypted
# are decoded on the way, so an unreadable archive is found now. No plaintext touches the disk.
dump() {
  mkfifo "$CONTROL/decode"
  nice timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_restore" -f /dev/null <"$CONTROL/decode" 2>"$CONTROL/decode.err" 3>&- 4<&- 9>&- &
  decoder=$!
  (
    exec 3>&- 4<&- 9>&-
    {
      PGAPPNAME=backup-dump timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_dump" -Fc --no-password --lock-wait-timeout="${LOCK_WAIT_SECONDS}s" \
        --snapshot="$SNAPSHOT" 2>"$CONTROL/dump.err"
      echo $? >"$CONTROL/dump.rc"
    } | {
      tee "$CONTROL/decode"
      echo $? >"$CONTROL/tee.rc"
    } | {
      encrypt 2>"$CONTROL/encrypt.err"
      echo $? >"$CONTROL/encrypt.rc"
    } >"$WORK/database.dump$SUFFIX"
  ) &
  writer=$!
  CHILDREN="$CHILDREN $decoder $writer"
  wait "$writer"
  wait "$decoder"
  decoded=$?
  [ "$(ended dump)" = 0 ] ||
    fail dump "pg_dump failed ($(ended dump)): $(tail -n 2 "$CONTROL/dump.err" | tr '\n' ' ') $(encrypt_error); staging has $(free_kib) KiB free"
  if [ "$(ended tee)" != 0 ] || [ "$(ended encrypt)" != 0 ]; then
    fail dump "writing the archive failed (tee $(ended tee), encrypt $(ended encrypt)): $(encrypt_error); staging has $(free_kib) KiB free"
  fi
  [ "$decoded" = 0 ] || fail verify "the archive just written does not decode: $(tail -n 2 "$CONTROL/decode.err" | tr '\n' ' ')"
  [ -s "$WORK/database.dump$SUFFIX" ] || fail verify "the archive is empty"
  FILES=database.dump$SUFFIX
}

# A database without its roles does not restore.
dump_roles() {
  [ "$ROLES" != none ] || return 0
  passwords=--no-role-passwords
  [ "$ROLES" = without-passwords ] || passwords=
  (
    exec 3>&- 4<&- 9>&-
    {
      # shellcheck disable=SC2086
      timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_dumpall" --globals-only --no-password $passwords -l "$(conninfo "$PGDATABASE")" 2>"$CONTROL/roles.err"
      echo $? >"$CONTROL/roles.rc"
    } | {
      encrypt 2>>"$CONTROL/encrypt.err"
      echo $? >"$CONTROL/roles-encrypt.rc"
    } >"$WORK/roles.sql$SUFFIX"
  )
  if [ "$(ended roles)" != 0 ] || [ "$(ended roles-encrypt)" != 0 ]; then
    fail dump "the roles could not be dumped: $(tail -n 2 "$CONTROL/roles.err" | tr '\n' ' ')"
  fi
  FILES="$FILES roles.sql$SUFFIX"
}

# What the dump must contain, counted in the same snapshot.
count() {
  fingerprint "$SNAPSHOT" >"$WORK/counts" 2>"$CONTROL/counts.err" 3>&- 4<&- || fail dump "counting rows failed: $(last_line "$CONTROL/counts.err")"
  tables=$(awk -F '\t' '$1 == "#relations_r" { print $2 }' "$WORK/counts")
  [ "${tables:-0}" -ge "$MIN_OBJECTS" ] ||
    fail suspect "only ${tables:-0} tables, at least $MIN_OBJECTS expected: the wrong database, or an emptied one? nothing stored, nothing removed"
  exec 3>&- 4<&-
  {
    printf 'database=%s\nversion=%s\nclient=%s\ncounts=%s\n' "$(percent "$PGDATABASE")" "$VERSION" "$("$PGBIN/pg_dump" --version | sed 's/.* (PostgreSQL) //')" "$COUNTS"
    sed 's/^/row=/' "$WORK/counts"
  } >"$WORK/lines"
}

begin psql -- "$@"
connect_from "$URL_FROM"
open_snapshot
rehearsed "PostgreSQL $((VERSION / 10000)), $SIZE bytes, read by $PGBIN"
dump
dump_roles
count
publish_backup
thin_out
