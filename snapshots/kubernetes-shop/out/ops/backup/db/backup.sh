#!/bin/sh
# Copies one PostgreSQL database: dump, check, encrypt, store, read back, commit, thin out. `--help` says more.
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base config storage manifest state retention postgres; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: backup.sh ENVIRONMENT | backup.sh path/to/settings.conf

Makes one backup of the database and its roles. Settings are in ENVIRONMENT.conf beside this script, secrets in the
environment (backup.env.example names them). A backup exists when its manifest is stored; anything less is never
listed, restored or counted. Old backups are thinned out only after a success.

BACKUP_ALLOW_SHRINK=1   accept a backup that is much smaller than the one before

exit: 0 done   10 server   11 dump   12 archive unreadable   13 destination   14 good, but not thinned out
      15 suspicious (empty or shrunken)   16 no room   64 settings   69 tool missing   75 another run is at work
HELP
  exit "$1"
}

WORK='' CONTROL='' CHILDREN='' LOCKED='' ID=''

finish() {
  rc=$?
  trap '' HUP INT TERM
  exec 3>&-
  for child in $CHILDREN; do kill "$child" 2>/dev/null || :; done
  if [ -n "$LOCKED" ]; then
    state_set last_run_timestamp_seconds "$(now)" last_run_exit_code "$rc"
    publish
    ping "/$rc"
  fi
  if [ "$rc" -eq 0 ]; then say "OK $NAME $ID"; else
    [ -z "$WORK" ] || storage_errors
    say "FAILED ($rc); last good backup: $([ -z "$LOCKED" ] || state_get last_success_id)"
  fi
  [ -z "$WORK" ] || rm -rf "$WORK"
  [ -z "$CONTROL" ] || rm -rf "$CONTROL"
  exit "$rc"
}

prepare() {
  need psql sha256sum awk sed od tr mkfifo tee timeout df cmp
  recipients_ready
  take_lock
  LOCKED=1
  sweep
  ping /start
  workspace backup
  # Where stages note how they ended. Not in staging: a full disk there must not swallow the bad news.
  CONTROL=$(mktemp -d "$STATE_DIR/$NAME.control.XXXXXX") || fail space "cannot create a directory in $STATE_DIR"
  destination_ready
  connect_from "$URL_FROM"
  # A listing that fails is retention's concern; a backup is still worth making.
  if committed >"$WORK/committed"; then
    follow_store
    recall_drill
  fi
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

free_kib() { df -Pk "$WORK" | awk 'NR == 2 { print $4 }'; }
encrypt() { if [ "$ENCRYPT" = age ]; then age -R "$RECIPIENTS"; else cat; fi; }
ended() { cat "$CONTROL/$1.rc" 2>/dev/null || echo 137; }

# Each stage of a pipe writes its own status; a stage that wrote none was killed. The very bytes that are encrypted
# are decoded on the way, so an unreadable archive is found now. No plaintext touches the disk.
dump() {
  suffix=
  [ "$ENCRYPT" = none ] || suffix=.age
  mkfifo "$CONTROL/decode"
  timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_restore" -f /dev/null <"$CONTROL/decode" 2>"$CONTROL/decode.err" 3>&- 4<&- 9>&- &
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
    } >"$WORK/database.dump$suffix"
  ) &
  writer=$!
  CHILDREN="$CHILDREN $decoder $writer"
  wait "$writer"
  wait "$decoder"
  decoded=$?
  [ "$(ended dump)" = 0 ] ||
    fail dump "pg_dump failed ($(ended dump)): $(tail -n 2 "$CONTROL/dump.err" | tr '\n' ' ') $(last_line "$CONTROL/encrypt.err"); staging has $(free_kib) KiB free"
  if [ "$(ended tee)" != 0 ] || [ "$(ended encrypt)" != 0 ]; then
    fail dump "writing the archive failed (tee $(ended tee), encrypt $(ended encrypt)): $(last_line "$CONTROL/encrypt.err"); staging has $(free_kib) KiB free"
  fi
  [ "$decoded" = 0 ] || fail verify "the archive just written does not decode: $(tail -n 2 "$CONTROL/decode.err" | tr '\n' ' ')"
  [ -s "$WORK/database.dump$suffix" ] || fail verify "the archive is empty"
  FILES=database.dump$suffix
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
    } >"$WORK/roles.sql$suffix"
  )
  if [ "$(ended roles)" != 0 ] || [ "$(ended roles-encrypt)" != 0 ]; then
    fail dump "the roles could not be dumped: $(tail -n 2 "$CONTROL/roles.err" | tr '\n' ' ')"
  fi
  FILES="$FILES roles.sql$suffix"
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

# A shrunken backup is stored, for it may be all there is; it is no success and removes nothing.
publish_backup() {
  total=0
  for file in $FILES; do total=$((total + $(bytes_in "$WORK/$file"))); done
  previous=$(state_get last_size_bytes)
  shrunk=
  if [ -n "$previous" ] && [ "${BACKUP_ALLOW_SHRINK-}" != 1 ] && [ $((total * 100)) -lt $((previous * (100 - MAX_SHRINK_PERCENT))) ]; then
    shrunk=1
    echo suspect=1 >>"$WORK/lines"
  fi
  # shellcheck disable=SC2086
  write_manifest $FILES <"$WORK/lines"
  # shellcheck disable=SC2086
  commit $FILES
  [ -z "$shrunk" ] ||
    fail suspect "the backup shrank from $previous to $total bytes; stored as $ID but not counted as a success (BACKUP_ALLOW_SHRINK=1 if it is right)"
  state_set last_success_id "$ID" last_success_timestamp_seconds "$STARTED" last_size_bytes "$total" \
    last_duration_seconds $(($(now) - STARTED)) stale_after_seconds "$STALE_AFTER_SECONDS"
}

thin_out() {
  [ "$PRUNE" = here ] || return 0
  if prune; then state_set last_prune_success 1; else
    state_set last_prune_success 0
    fail prune "the backup $ID is good; older ones were not thinned out"
  fi
}

case ${1-} in -h | --help) usage 0 ;; esac
[ $# -eq 1 ] || usage 64
trap finish EXIT
trap 'say "stopped by a signal"; exit 143' HUP INT TERM
NAME=backup
read_settings "$1"
prepare
open_snapshot
dump
dump_roles
count
publish_backup
thin_out
