# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What a backup may contain, where it may be restored to, how long it is kept, and which settings are refused.

echo "contents"
fault 37
q -c 'CREATE DATABASE emptied'
fresh && settings DATABASE=emptied
script backup
expect "emptied database" 15 'only 0 tables' '[ "$(committed)" = 0 ]'
q -c 'DROP DATABASE emptied'
fresh
script backup
success=$(metric last_success_timestamp_seconds)
q -c 'CREATE DATABASE kept TEMPLATE shop' -d shop
q -d shop -c 'TRUNCATE orders, lines'
sleep 1
script backup
expect "shrunken database" 15 'shrank' '[ "$(committed)" = 2 ] && [ "$(metric newest_size_bytes)" -lt "$(($(metric last_size_bytes) / 2))" ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ]'
script verify
expect "what is suspect is no success" 0 '' '[ "$(metric newest_size_bytes)" -lt "$(($(metric last_size_bytes) / 2))" ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ]'
sleep 1
allow=1 script backup
expect "shrunken, and meant" 0 'OK'
q -c 'DROP DATABASE shop' -c 'ALTER DATABASE kept RENAME TO shop'
fault 25
for name in "o'brien \"x\"" '$(touch pwned)`touch pwned`' '-Fp' 'a=b' 'postgresql://x/shop' '../../esc' 'ünï 20%' 'back\slash' '*'; do
  PGDATABASE=postgres psql -Xq -v name="$name" -f - <<<'CREATE DATABASE :"name";'
  PGDATABASE=$name q -c 'CREATE TABLE h AS SELECT 1 AS x'
  fresh && settings "DATABASE=$name"
  script backup
  [ "$rc" != 0 ] || script verify --drill
  expect "database $name" 0 'OK' '[ -z "$(find "$lab" / -maxdepth 1 -name pwned)" ] && [ "$(committed)" = 1 ]'
  PGDATABASE=postgres psql -Xq -v name="$name" -f - <<<'DROP DATABASE :"name";'
done

fault 26
fresh
DB_BACKUP_URL=$DB_BACKUP_URL%0Ax
script backup
expect "a line break in the address" 64 'control character' '[ "$(committed)" = 0 ] && ! grep -q "pass" "$lab/err"'
fresh && printf 'DATABASE=two\nlines\n' >>"$conf"
script backup
expect "a line break in a setting" 64 'not KEY=VALUE' '[ "$(committed)" = 0 ]'
fault

echo "restore"
fault 34
fresh
script backup
script restore --to shop
expect "onto the live name" 64 "live database's name"
q -c 'CREATE DATABASE busy' && q -d busy -c 'CREATE TABLE keepme AS SELECT 1 AS x'
script restore --to busy
expect "onto a database that exists" 18 'exists already' '[ "$(q -d busy -c "SELECT count(*) FROM keepme")" = 1 ]'
q -c 'DROP DATABASE busy'
fault 36
stand_in psql <<SH
#!/bin/sh
case "\$*" in *"SHOW server_version_num"*) echo 140009 ;; *) exec $(command -v psql) "\$@" ;; esac
SH
script restore --to older
expect "to an older server" 18 "older than the backup's" '! databases | grep -q older'
no_stand_ins
sed -i 's/^version=.*/version=990001/' "$(newest)/manifest"
script restore --to newer
expect "from a newer server" 69 'no pg_dump of major 99' '! databases | grep -q newer'
stand_in psql <<SH
#!/bin/sh
case "\$*" in
  *pg_export_snapshot*) $(command -v psql) "\$@" | sed -u 's/^1 [0-9]* /1 990001 /' ;;
  *) exec $(command -v psql) "\$@" ;;
esac
SH
fresh
script backup
expect "of a newer server" 69 'no pg_dump of major 99' '[ "$(committed)" = 0 ] && [ "$(sessions)" = 0 ]'
no_stand_ins
fault 35
q -c 'CREATE ROLE owner NOLOGIN' -c 'CREATE DATABASE owned' && q -d owned -c 'CREATE TABLE theirs AS SELECT 1 AS x' -c 'ALTER TABLE theirs OWNER TO owner'
fresh && settings DATABASE=owned
script backup
q -c 'DROP DATABASE owned' -c 'DROP ROLE owner'
script restore --to owned_restored
expect "a role is missing" 18 'role "owner" does not exist' '! databases | grep -q owned'
script restore --to owned_restored --roles
expect "and comes with the roles" 0 '' '[ "$(q -d owned_restored -c "SELECT tableowner FROM pg_tables WHERE tablename = '"'"'theirs'"'"'")" = owner ]'
q -c 'DROP DATABASE IF EXISTS owned_restored' -c 'DROP ROLE IF EXISTS owner'
fault

echo "retention"
days() { for day in $(seq "$1" "$2"); do date -u -d "-$day days" +%Y%m%dT030000Z; done; }
# The rule once more in other words: newest first, the first of each day, week and month, so many of them.
kept() { # ids oldest first -> those that LAST DAYS WEEKS MONTHS keep
  python3 -c '
import datetime, sys
last, *wanted = map(int, sys.argv[1:])
ids = sys.stdin.read().split()[::-1]
keep = set(ids[:last])
names = lambda i: (d := datetime.date(int(i[:4]), int(i[4:6]), int(i[6:8])), d.isocalendar()[:2], i[:6])
for rule, count in enumerate(wanted):
    firsts = {}
    for i in ids: firsts.setdefault(names(i)[rule], i)
    keep |= set(list(firsts.values())[:count])
print(*sorted(keep), sep="\n")' "$@"
}
fault 32
fresh && settings KEEP_LAST=2 KEEP_DAILY=7d KEEP_WEEKLY=4w KEEP_MONTHLY=2m KEEP_AT_LEAST=1 MAX_DELETE_PERCENT=100
# shellcheck disable=SC2046
seed $(days 1 40)
ids >"$lab/wanted"
script backup
ids | tail -n 1 >>"$lab/wanted"
expect "40 days, thinned out" 0 'pruned' '[ "$(ids)" = "$(kept 2 7 4 2 <"$lab/wanted")" ] && [ "$(committed)" -ge 9 ] && [ "$(committed)" -le 12 ]'
ids >"$lab/wanted"
sleep 1
script backup
ids | tail -n 1 >>"$lab/wanted"
expect "and again" 0 '' '[ "$(ids)" = "$(kept 2 7 4 2 <"$lab/wanted")" ]'
fault
fresh && settings KEEP_DAILY=3d KEEP_WEEKLY=0 KEEP_MONTHLY=0
# shellcheck disable=SC2046
seed $(days 1 4)
script backup
expect "keeps three days and the newest" 0 'pruned' '[ "$(committed)" = 3 ] && [ "$(metric kept)" = 3 ]'
fault 30
fresh && settings KEEP_DAILY=1d KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
# shellcheck disable=SC2046
seed $(days 1 14)
script backup
expect "a typo would delete 14 of 15" 14 'would delete 14 of 15' '[ "$(committed)" = 15 ] && [ "$(metric last_prune_success)" = 0 ]'
fault 31
fresh && settings KEEP_DAILY=0 KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=0 KEEP_AT_LEAST=1 MAX_DELETE_PERCENT=100
# shellcheck disable=SC2046
seed $(days 400 402)
script backup
expect "the last good one stays" 0 '' '[ "$(committed)" = 1 ] && [ -z "$(ids | grep "^$(date -u -d "-400 days" +%Y%m%d)")" ]'
fresh
for id in $(days 1 20); do
  mkdir -p "$store/$id" && cp "$lab/good/database.dump.age" "$store/$id/"
done
seed 20260101T030000Z
script backup
expect "what is no backup doesn't count" 0 'OK' '[ "$(committed)" = 2 ] && [ -e "$store/20260101T030000Z/manifest" ] && [ "$(metric kept)" = 2 ]'
fresh
seed 20260101T030000Z 20260102T030000Z
DB_BACKUP_URL=${DB_BACKUP_URL/pass/fail}
for _ in 1 2 3; do script backup; done
expect "failing runs delete nothing" 10 '' '[ "$(committed)" = 2 ]'
fault 44
script verify
expect "stale" 17 's old'
rm -rf "$BACKUP_STATE_DIR" "$BACKUP_METRICS_DIR"/*
script verify
expect "stale, asked by somebody without a memory" 17 's old' '[ "$(metric last_success_timestamp_seconds)" = "$(date -u -d "2026-01-02 03:00" +%s)" ]'
fault 29
fresh
seed 20991231T030000Z
script backup
expect "a backup from the future" 14 'PRUNE refused: the newest backup is 20991231T030000Z' '[ "$(committed)" = 2 ]'
rm -rf "$BACKUP_STATE_DIR" "$BACKUP_METRICS_DIR"/*
script verify
expect "a clock is wrong" 17 'in the future' '[ "$(metric last_success_timestamp_seconds)" -gt "$(date +%s)" ]'
fault
