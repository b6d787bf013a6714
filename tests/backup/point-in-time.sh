# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A PostgreSQL that archives its log by the tool that `archiver` names (pgBackRest when nothing does), with the emitted settings but a folder for
# the bucket: damage, then back to the second before. The rows are one for all tools; what a tool does its own way is said by the functions first.

: "${archiver:=pgbackrest}"
pit=$lab/$archiver
spec=$pit/spec.yaml
etc=$pit/data
around=(PATH="$bin:$PATH")
if [ "$archiver" = pgbackrest ]; then
  settle() {
    sed -e "s|^repo1-type=.*|repo1-type=posix|" -e '/^repo1-s3/d' -e "s|^repo1-path=.*|repo1-path=$pit/repository|" -e "s|^spool-path=.*|spool-path=$pit/spool\nlock-path=$pit/lock|" \
      -e "s|^pg1-path=.*|pg1-path=$pit/data\npg1-socket-path=$pit\npg1-user=postgres|" "$folder/pgbackrest.conf" >"$pit/pgbackrest.conf"
    around+=(PGBACKREST_CONFIG="$pit/pgbackrest.conf")
  }
  secret() { printf 'PGBACKREST_REPO1_CIPHER_PASS=%s' "${pass-correct horse}"; }
  copies() { find "$pit/repository/backup/db" -mindepth 2 -name backup.manifest | wc -l; }
  pieces() { find "$pit/repository/archive/db" -name '*.lz4' | sort; }
  listed='full backup' differs='diff backup' lock=$pit/lock/db-backup.lock unreadable=2
  own_rows() { :; }
fi

mkdir -p "$pit/tree" "$pit/repository" "$pit/spool" "$pit/lock" "$pit/etc"
sed -e "s/method: \[dump, wal, platform-snapshot\]/method: [dump, wal]\n    tool: $archiver/" -e 's/provider: rds/provider: self/' \
  "$here/../../snapshots/kubernetes-shop/spec.yaml" >"$spec"
"$here/../../target/debug/opsgen" apply "$spec" --root "$pit/tree" --yes >/dev/null 2>"$lab/err"
folder=$pit/tree/ops/backup/db/point-in-time
settle
[ "$(id -u)" != 0 ] || chown -R postgres "$pit"

at() { (cd "$pit" && as_postgres env -i HOME="$pit" PGHOST="$pit" PGUSER=postgres "${around[@]}" "$(secret)" "$@"); }
pitq() { at psql -X -qAt -d postgres -c "$1"; }
pit() { at timeout 120 sh "$folder/point-in-time.sh" "$@" >"$lab/out" 2>"$lab/err" </dev/null && rc=0 || rc=$?; }
elsewhere() { [ "$etc" = "$pit/data" ] || printf '%s' " -c config_file='$etc/postgresql.conf' -c hba_file='$etc/pg_hba.conf' -c ident_file='$etc/pg_ident.conf'"; }
start_archiving() { at "$bin/pg_ctl" -s -w -D "$pit/data" -l "$pit/log" -o "-k $pit -c listen_addresses='' -c fsync=off$(elsewhere)" start; }
archived() { # until the log so far is in the repository
  local wanted
  wanted=$(pitq 'SELECT pg_walfile_name(pg_switch_wal())')
  for _ in $(seq 100); do
    [ "$(pitq "SELECT last_archived_wal >= '$wanted' FROM pg_stat_archiver")" = t ] && return
    sleep 0.1
  done
  return 1
}
# rows_of DIRECTORY: what the table holds in a restored data directory, asked through a server of its own
rows_of() {
  at "$bin/pg_ctl" -s -w -D "$1" -l "$1.asked" -o "-k $1 -c listen_addresses='' -c archive_mode=off$(elsewhere)" start >/dev/null
  at psql -X -qAt -h "$1" -d postgres -c "SELECT count(*) || ' ' || sum(n) FROM counted" 2>&1
  at "$bin/pg_ctl" -s -m fast -D "$1" stop
}

echo "point in time${called:+ ($called)}"
at "$bin/initdb" -D "$pit/data" -U postgres --auth=trust >/dev/null
cat "$folder/postgresql.conf" >>"$pit/data/postgresql.conf"
[ "$etc" = "$pit/data" ] || at mv "$pit/data/postgresql.conf" "$pit/data/pg_hba.conf" "$pit/data/pg_ident.conf" "$etc/"
undo=("at '$bin/pg_ctl' -s -m immediate -D '$pit/data' stop" "${undo[@]}")
start_archiving
shellcheck "$folder/point-in-time.sh" "$folder/../../lib/point-in-time.sh" >"$lab/err" && shfmt -d -i 2 -ci "$folder/point-in-time.sh" "$folder/../../lib/point-in-time.sh" >>"$lab/err" && crontab -n "$folder/crontab" 2>>"$lab/err" && rc=0 || rc=$?
expect "shellcheck, shfmt and crontab agree" 0 ''
pit set-up
expect "a repository is made and a piece arrives" 0 ''
pit backup full
expect "full backup" 0 '' '[ "$(copies)" = 1 ]'
pitq 'CREATE TABLE counted AS SELECT generate_series(1, 1000) n' && archived
before=$(pitq 'SELECT now()') && sleep 1.1
pitq 'DROP TABLE counted' && archived && sleep 1.1
pitq 'CREATE TABLE later (n int)' && archived
pit restore --to "$pit/then" --at "$before"
expect "back to the second before" 0 'OK db as it was at' '[ "$(rows_of "$pit/then")" = "1000 500500" ]'
pit restore --to "$pit/newest"
expect "the newest has the damage" 0 'OK db' '[ "$(rows_of "$pit/newest" | grep -c "does not exist")" = 1 ]'
pitq 'CREATE TABLE counted AS SELECT generate_series(1, 10) n'
pit backup diff
expect "differential backup" 0 '' '[ "$(copies)" = 2 ]'
pitq 'UPDATE counted SET n = n + 1' && archived
pit restore --to "$pit/differential"
expect "the newest, from the differential one" 0 'OK db' '[ "$(rows_of "$pit/differential")" = "10 65" ]'
pit restore --to "$pit/again" --at "$before"
expect "the second before, from the older one" 0 'OK db' '[ "$(rows_of "$pit/again")" = "1000 500500" ]'
pit verify
expect "the log arrives" 0 'OK db: the log is'
pit verify --checksum
expect "what is stored is whole" 0 'OK db: the log is'
pit verify --quick
expect "no such way to verify" 64 'usage'
pit list
expect "list" 0 "$listed" 'grep -q "$differs" "$lab/err"'

pit restore --to "$pit/then" --at "$before"
expect "never over a directory that holds something" 18 'holds something' '[ -s "$pit/then/PG_VERSION" ]'
pit restore --to "$pit/early" --at '2020-01-01 00:00:00+00'
expect "before the first backup" 18 ''
pit restore --to "$pit/late" --at "$(date -u -d '+1 hour' '+%F %T+00')"
expect "after the end of the log" 18 'last completed transaction'
pit restore --to relative
expect "a path that isn't whole" 64 'full path'
pit restore --to "$pit/x" --att now
expect "a typo restores nothing" 64 'usage' '[ ! -e "$pit/x" ]'
pit backup
expect "no kind of backup" 64 'usage'
pit --help
expect "help" 0 'usage'
pass=$(printf '0%.0s' $(seq 64))
pit restore --to "$pit/wrong"
expect "the wrong key" 18 ''
unset pass
(cd "$pit" && as_postgres env -i PATH=/bin HOME="$pit" sh "$folder/point-in-time.sh" restore --to "$pit/none") >"$lab/out" 2>"$lab/err" && rc=0 || rc=$?
expect "no server programs" 69 'required tool not found'
at timeout 20 flock "$lock" sleep 4 &
soon '! at flock --nonblock "$lock" true'
pit backup diff
wait "$!"
expect "another run is at work" 75 ''
own_rows

mv "$pit/repository" "$pit/gone"
pitq 'CREATE TABLE lost (n int)' >/dev/null
pit backup full
expect "the repository is gone" 11 ''
mv "$pit/gone" "$pit/repository"
archived
piece=$(pieces | tail -n "$unreadable" | head -n 1)
at sh -c "printf damage | dd of='$piece' bs=1 seek=64 conv=notrunc status=none"
pit verify --checksum
expect "a damaged piece of the log" 12 'damaged'
pit restore --to "$pit/short"
expect "a log that can't be read isn't its end" 18 ''
at sed -i 's/^archive_command.*/archive_command = false/' "$etc/postgresql.conf"
sed -i 's/^RPO_SECONDS=.*/RPO_SECONDS=1/' "$folder/point-in-time.sh"
at "$bin/pg_ctl" -s -D "$pit/data" reload
sleep 2
pit verify
expect "the log is late" 17 'may be lost'
at "$bin/pg_ctl" -s -m fast -D "$pit/data" stop
pit verify
expect "the server is down" 10 "doesn't say"
folder=db
archiver='' called=''
