#!/bin/sh
# Restores a backup into a database that does not exist yet, and compares it with what was backed up. `--help` says more.
# shellcheck disable=SC2034
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage manifest state postgres; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: restore.sh ENVIRONMENT --to NEW_DATABASE [--backup ID] [--roles] [--no-owner] [--jobs N] [--dry-run]
       restore.sh ENVIRONMENT --list

Restores beside the live database and never drops, cleans or overwrites anything: to take the restored one into service,
check it and rename (the runbook says how). The server is the one in the variable that RESTORE_URL_FROM names, when it
is set, otherwise the one the backup came from. The private key is AGE_IDENTITY_FILE (a file) or AGE_IDENTITY (its text).

--to NAME     the database to make; it must not exist
--backup ID   which one (--list shows them); otherwise the newest
--roles       create the roles first, as on an empty server; roles that exist stay as they are
--no-owner    everything belongs to whoever restores
--jobs N      in parallel: faster, but not in one transaction
--dry-run     fetch, check and decrypt; stop before the server is touched

exit: 0 restored and equal   10 server   12 damaged   13 store   18 not restored   64 usage   69 tool
HELP
  exit "$1"
}

WORK='' MADE='' TO='' WANTED='' OWNER='' JOBS=1 WITH_ROLES='' DRY='' LIST=''

finish() {
  rc=$?
  trap '' HUP INT TERM
  if [ "$rc" -ne 0 ] && [ -n "$MADE" ]; then
    say "removing the half-restored database that this run made"
    PGDATABASE=postgres sql -v name="$TO" -f - <<'SQL' || say "WARNING: could not drop it"
DROP DATABASE :"name";
SQL
  fi
  [ "$rc" -eq 0 ] || say "FAILED ($rc)"
  [ -z "$WORK" ] || rm -rf "$WORK"
  exit "$rc"
}

arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --to | --backup | --jobs)
        [ $# -ge 2 ] || usage 64
        case $1 in --to) TO=$2 ;; --backup) WANTED=$2 ;; *) JOBS=$2 ;; esac
        shift
        ;;
      --roles) WITH_ROLES=1 ;;
      --no-owner) OWNER='--no-owner --no-acl' ;;
      --dry-run) DRY=1 ;;
      --list) LIST=1 ;;
      *) usage 64 ;;
    esac
    shift
  done
  [ -n "$TO$LIST$DRY" ] || usage 64
  case $JOBS in '' | *[!0-9]*) usage 64 ;; esac
}

fetch_archive() {
  began=$(now)
  [ -n "$WANTED" ] || WANTED=$(newest) || exit $?
  [ -n "$WANTED" ] || fail store "no committed backup below $ROOT"
  fetch "$WANTED"
  fetched=$(now)
  decrypt database.dump
  [ ! -f "$WORK/roles.sql.age" ] || decrypt roles.sql
  decrypted=$(now)
  version=$(manifest_says version)
  choose_client $((version / 10000))
  "$PGBIN/pg_restore" -l "$WORK/database.dump" >"$WORK/contents" 2>"$WORK/err" || fail verify "the archive is unreadable: $(head -n 1 "$WORK/err")"
}

check_target() {
  PGDATABASE=postgres
  server=$(sql -c 'SHOW server_version_num' 2>"$WORK/err") || fail connect "cannot reach the server: $(head -n 1 "$WORK/err")"
  [ $((server / 10000)) -ge $((version / 10000)) ] ||
    fail restore "the server is PostgreSQL $((server / 10000)), older than the backup's $((version / 10000)): the same or a newer one is needed"
  taken=$(
    sql -v name="$TO" -f - <<'SQL'
SELECT count(*) FROM pg_database WHERE datname = :'name';
SQL
  ) || fail connect "cannot ask the server for its databases"
  [ "$taken" = 0 ] || fail restore "database $TO exists already: refusing to restore into it"
}

load() {
  if [ -n "$WITH_ROLES" ] && [ -f "$WORK/roles.sql" ]; then
    psql -X -w -q -f "$WORK/roles.sql" >"$WORK/roles.out" 2>&1
    grep ERROR "$WORK/roles.out" | grep -v 'already exists' >&2 || :
  fi
  sql -v name="$TO" -f - <<'SQL' || fail restore "cannot create the database $TO"
CREATE DATABASE :"name" TEMPLATE template0;
SQL
  MADE=1
  how=--single-transaction
  [ "$JOBS" -le 1 ] || how="--jobs=$JOBS"
  # shellcheck disable=SC2086
  timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_restore" --exit-on-error --no-password $how $OWNER -d "$(conninfo "$TO")" "$WORK/database.dump" 2>"$WORK/err" ||
    fail restore "pg_restore failed: $(tail -n 3 "$WORK/err" | tr '\n' ' ')"
  loaded=$(now)
}

compare() {
  COUNTS=$(manifest_says counts)
  sed -n 's/^row=//p' "$WORK/manifest" >"$WORK/want"
  PGDATABASE=$TO fingerprint '' >"$WORK/got" 2>"$WORK/err" || fail verify "cannot count the restored rows: $(last_line "$WORK/err")"
  if ! cmp -s "$WORK/want" "$WORK/got"; then
    diff "$WORK/want" "$WORK/got" | head -n 10 >&2
    fail verify "what was restored is not what was backed up"
  fi
  MADE=
}

report() {
  printf 'backup=%s database=%s tables=%s age_seconds=%s fetch_seconds=%s decrypt_seconds=%s restore_seconds=%s total_seconds=%s\n' \
    "$WANTED" "$(percent "$TO")" "$(grep -c -v '^#' "$WORK/want")" $(($(now) - $(manifest_says taken))) \
    $((fetched - began)) $((decrypted - fetched)) $((loaded - decrypted)) $(($(now) - began))
}

case ${1-} in -h | --help) usage 0 ;; esac
[ $# -ge 2 ] || usage 64
SETTINGS_OF=$1
shift
arguments "$@"
trap finish EXIT
trap 'exit 143' HUP INT TERM
read_settings "$SETTINGS_OF"
need psql sha256sum awk timeout
workspace restore
if [ -n "$LIST" ]; then
  committed || fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"
  exit 0
fi
connect_from "$(target_url)"
[ "$TO" != "$PGDATABASE" ] || fail config "--to is the live database's name: restore beside it, check, then rename"
fetch_archive
if [ -n "$DRY" ]; then
  say "$WANTED is whole and readable ($(grep -c -v '^;' "$WORK/contents") entries); nothing restored"
  exit 0
fi
check_target
load
compare
report
