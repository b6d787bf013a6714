#!/bin/sh
# Restores a backup into a database that does not exist yet, and compares it with what was backed up. `--help` says more.
# shellcheck disable=SC2034,SC2154
HERE=$(cd "$(dirname "$0")" && pwd) || exit 64
LIB=$HERE/../lib
# shellcheck source=/dev/null
for part in base url config storage encryption manifest state restore postgres; do . "$LIB/$part.sh" || exit 64; done

usage() {
  cat >&2 <<'HELP'
usage: restore.sh ENVIRONMENT --to NEW_DATABASE [--backup ID] [--roles] [--no-owner] [--jobs N] [--dry-run]
       restore.sh ENVIRONMENT --force-into DATABASE ...
       restore.sh ENVIRONMENT --for OTHER_ENVIRONMENT --to NEW_DATABASE | --force-into DATABASE ...
       restore.sh ENVIRONMENT --list

Restores beside the live database: without --force-into nothing that is there is touched. The server is the one in the variable
that RESTORE_URL_FROM names, when it is set, otherwise the one the backup came from. The private key is AGE_IDENTITY_FILE
or GPG_PRIVATE_KEY_FILE (a file), or AGE_IDENTITY or GPG_PRIVATE_KEY (its text).

--to NAME           the database to make; it must not exist
--force-into NAME   the same, and when it is whole and equal it takes the place of NAME: whoever is connected to that is
                    disconnected, and it stays as NAME_before_ID
--for ENVIRONMENT   on the server of an environment that may not hold real data (in STORE_ENVIRONMENT_URL): only with a
                    script that makes it anonymous, which runs before anybody but the restoring role can connect. With
                    --force-into the copy that it replaces goes
--backup ID         which one (--list shows them); otherwise the newest that is good
--roles             create the roles first, as on an empty server; roles that exist stay as they are
--no-owner          everything belongs to whoever restores
--jobs N            in parallel: faster, but not in one transaction
--dry-run           fetch, check and decrypt; stop before the server is touched

exit: 0 restored and equal   10 server   12 damaged   13 store   15 the script changed nothing   16 no room
      18 not restored   64 usage   69 tool
HELP
  exit "$1"
}
OPTIONS=' --roles --no-owner --jobs --for '

remove_half() {
  PGDATABASE=postgres sql -v name="$MADE" -f - <<'SQL'
DROP DATABASE :"name";
SQL
}

fetch_archive() {
  fetch_wanted
  decrypt database.dump
  ! grep -q ' roles\.sql' "$WORK/files" || decrypt roles.sql
  decrypted=$(now)
  version=$(manifest_says version)
  choose_client $((version / 10000))
  "$PGBIN/pg_restore" -l "$WORK/database.dump" >"$WORK/contents" 2>"$WORK/err" || fail verify "the archive is unreadable: $(head -n 1 "$WORK/err")"
}

exists() {
  sql -v name="$1" -f - <<'SQL' || fail connect "cannot ask the server for its databases"
SELECT count(*) FROM pg_database WHERE datname = :'name';
SQL
}

check_target() {
  PGDATABASE=postgres
  server=$(sql -c 'SHOW server_version_num' 2>"$WORK/err") || fail connect "cannot reach the server: $(head -n 1 "$WORK/err")"
  [ $((server / 10000)) -ge $((version / 10000)) ] ||
    fail restore "the server is PostgreSQL $((server / 10000)), older than the backup's $((version / 10000)): the same or a newer one is needed"
  taken=$(exists "$TO") || exit $?
  [ "$taken" = 0 ] || [ -n "$FORCE" ] ||
    fail restore "database $TO exists already: refusing to restore into it (--force-into takes its place, and keeps it)"
  NEW=$TO
  [ -z "$FORCE$FOR" ] || NEW=restoring_$(now)_$$
}

# Until it is what it shall be, nobody else may connect to it.
create() {
  sql -v name="$NEW" -f - <<'SQL' || fail restore "cannot create the database $NEW"
CREATE DATABASE :"name" TEMPLATE template0;
SQL
  MADE=$NEW
  [ "$NEW" = "$TO" ] || sql -v name="$NEW" -f - <<'SQL' || fail restore "cannot keep others out of $NEW"
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

load() {
  if [ -n "$WITH_ROLES" ] && [ -f "$WORK/roles.sql" ]; then
    psql -X -w -q -f "$WORK/roles.sql" >"$WORK/roles.out" 2>&1
    grep ERROR "$WORK/roles.out" | grep -v 'already exists' >&2 || :
  fi
  create
  set -- --single-transaction
  [ "$JOBS" -le 1 ] || set -- --jobs="$JOBS"
  if [ -z "$OWNER" ] || [ -n "$FOR" ]; then set -- "$@" --no-owner --no-acl; fi
  timeout "$TIMEOUT_SECONDS" "$PGBIN/pg_restore" --exit-on-error --no-password "$@" -d "$(conninfo "$NEW")" "$WORK/database.dump" 2>"$WORK/err" ||
    fail restore "pg_restore failed: $(tail -n 3 "$WORK/err" | tr '\n' ' ')"
  loaded=$(now)
}

compare() {
  COUNTS=$(manifest_says counts)
  sed -n 's/^row=//p' "$WORK/manifest" >"$WORK/want"
  PGDATABASE=$NEW fingerprint '' >"$WORK/got" 2>"$WORK/err" || fail verify "cannot count the restored rows: $(last_line "$WORK/err")"
  if ! cmp -s "$WORK/want" "$WORK/got"; then
    diff "$WORK/want" "$WORK/got" | head -n 10 >&2
    fail verify "what was restored is not what was backed up"
  fi
}

# The spec's script, in one transaction; then old rows leave the files too. One that changed nothing made nothing anonymous.
anonymize() {
  [ -n "$FOR" ] || return 0
  COUNTS=digest
  PGDATABASE=$NEW fingerprint '' >"$WORK/as-it-was" 2>"$WORK/err" || fail restore "cannot read the copy: $(last_line "$WORK/err")"
  PGDATABASE=$NEW sql --single-transaction -f "$HERE/$ANONYMIZE" >/dev/null 2>"$WORK/err" ||
    fail restore "$ANONYMIZE failed, so there is no copy: $(grep -m 1 -e ERROR -e FATAL "$WORK/err")"
  PGDATABASE=$NEW fingerprint '' >"$WORK/anonymous" 2>"$WORK/err" || fail restore "cannot read the copy: $(last_line "$WORK/err")"
  ! cmp -s "$WORK/as-it-was" "$WORK/anonymous" || fail suspect "$ANONYMIZE changed nothing, so there is no copy"
  PGDATABASE=$NEW sql -c 'VACUUM (FULL, ANALYZE)' >/dev/null 2>"$WORK/err" || fail restore "cannot rewrite the copy: $(last_line "$WORK/err")"
}

step_aside() {
  aside=$(printf '%.40s_before_%s' "$TO" "$WANTED")
  there=$(exists "$aside") || exit $?
  [ "$there" = 0 ] || fail restore "database $aside exists already: rename or drop it first"
  sql -v name="$TO" -v aside="$aside" -f - <<'SQL' >/dev/null || stay "$TO"
ALTER DATABASE :"name" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :'name';
ALTER DATABASE :"name" RENAME TO :"aside";
ALTER DATABASE :"aside" ALLOW_CONNECTIONS true;
SQL
}

stay() {
  sql -v name="$1" -f - <<'SQL' || say "WARNING: $1 takes no connections now: ALTER DATABASE ... ALLOW_CONNECTIONS true"
ALTER DATABASE :"name" ALLOW_CONNECTIONS true;
SQL
  fail restore "cannot move $1 aside: somebody is connected who can't be disconnected, or the right to rename it is missing"
}

# take_place: from here on it is reached under its name.
take_place() {
  if [ "$NEW" = "$TO" ]; then
    MADE=
    return 0
  fi
  [ "$taken" = 0 ] || step_aside
  MADE=
  sql -v name="$NEW" -v to="$TO" -f - <<'SQL' || fail restore "$NEW is whole, and could not be renamed to $TO"
ALTER DATABASE :"name" RENAME TO :"to";
GRANT CONNECT ON DATABASE :"to" TO PUBLIC;
SQL
  [ "$taken" = 1 ] || return 0
  if [ -z "$FOR" ]; then
    say "what was there is now the database $aside"
    return 0
  fi
  sql -v name="$aside" -f - <<'SQL' || say "WARNING: the old copy $aside was not dropped"
DROP DATABASE :"name";
SQL
}

report() {
  printf 'backup=%s database=%s tables=%s age_seconds=%s fetch_seconds=%s decrypt_seconds=%s restore_seconds=%s total_seconds=%s\n' \
    "$WANTED" "$(percent "$TO")" "$(grep -c -v '^#' "$WORK/want")" $(($(now) - $(manifest_says taken))) \
    $((fetched - began)) $((decrypted - fetched)) $((loaded - decrypted)) $(($(now) - began))
}

begin_restore psql -- "$@"
connect_from "$(where_to)"
[ "$TO" != "$PGDATABASE" ] || [ -n "$FORCE" ] || fail config "--to is the live database's name: restore beside it and check, or use --force-into"
fetch_archive
if [ -n "$DRY" ]; then
  say "$WANTED is whole and readable ($(grep -c -v '^;' "$WORK/contents") entries); nothing restored"
  exit 0
fi
check_target
load
compare
anonymize
take_place
report
