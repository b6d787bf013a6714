# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What a backup may contain, where it may be restored to, how long it is kept, and which settings are refused.

echo "contents"
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
expect "shrunken database" 15 'shrank' '[ "$(committed)" = 2 ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ]'
script verify
expect "what is suspect is no success" 0 '' '[ "$(metric last_success_timestamp_seconds)" = "$success" ]'
sleep 1
allow=1 script backup
expect "shrunken, and meant" 0 'OK'
q -c 'DROP DATABASE shop' -c 'ALTER DATABASE kept RENAME TO shop'
for name in "o'brien \"x\"" '$(touch pwned)`touch pwned`' '-Fp' 'a=b' 'postgresql://x/shop' '../../esc' 'ünï 20%' 'back\slash' '*'; do
  PGDATABASE=postgres psql -Xq -v name="$name" -f - <<<'CREATE DATABASE :"name";'
  PGDATABASE=$name q -c 'CREATE TABLE h AS SELECT 1 AS x'
  fresh && settings "DATABASE=$name"
  script backup
  [ "$rc" != 0 ] || script verify --drill
  expect "database $name" 0 'OK' '[ -z "$(find "$lab" / -maxdepth 1 -name pwned)" ] && [ "$(committed)" = 1 ]'
  PGDATABASE=postgres psql -Xq -v name="$name" -f - <<<'DROP DATABASE :"name";'
done

echo "restore"
fresh
script backup
script restore --to shop
expect "onto the live name" 64 "live database's name"
q -c 'CREATE DATABASE busy' && q -d busy -c 'CREATE TABLE keepme AS SELECT 1 AS x'
script restore --to busy
expect "onto a database that exists" 18 'exists already' '[ "$(q -d busy -c "SELECT count(*) FROM keepme")" = 1 ]'
q -c 'DROP DATABASE busy'
sed -i 's/^version=.*/version=990001/' "$(newest)/manifest"
script restore --to newer
expect "from a newer server" 69 'no pg_dump of major 99'

echo "retention"
days() { for day in $(seq "$1" "$2"); do date -u -d "-$day days" +%Y%m%dT030000Z; done; }
fresh && settings KEEP_DAILY=3d KEEP_WEEKLY=0 KEEP_MONTHLY=0
# shellcheck disable=SC2046
seed $(days 1 4)
script backup
expect "keeps three days and the newest" 0 'pruned' '[ "$(committed)" = 3 ] && [ "$(metric kept)" = 3 ]'
fresh && settings KEEP_DAILY=1d KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
# shellcheck disable=SC2046
seed $(days 1 14)
script backup
expect "a typo would delete 14 of 15" 14 'would delete 14 of 15' '[ "$(committed)" = 15 ] && [ "$(metric last_prune_success)" = 0 ]'
fresh && settings KEEP_DAILY=0 KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=0 KEEP_AT_LEAST=1 MAX_DELETE_PERCENT=100
# shellcheck disable=SC2046
seed $(days 400 402)
script backup
expect "the last good one stays" 0 '' '[ "$(committed)" = 1 ] && [ -z "$(ids | grep "^$(date -u -d "-400 days" +%Y%m%d)")" ]'
fresh
seed 20260101T030000Z 20260102T030000Z
DB_BACKUP_URL=${DB_BACKUP_URL/pass/fail}
for _ in 1 2 3; do script backup; done
expect "failing runs delete nothing" 10 '' '[ "$(committed)" = 2 ]'
script verify
expect "stale" 17 's old'
fresh
seed 20991231T030000Z
script backup
expect "a backup from the future" 14 'PRUNE refused: the newest backup is 20991231T030000Z' '[ "$(committed)" = 2 ]'
script verify
expect "a clock is wrong" 17 'in the future'

echo "settings"
fresh && settings 'STORE=$(touch pwned)'
script backup
expect "never evaluated" 64 'letters, digits' '[ -z "$(find "$lab" / -maxdepth 1 -name pwned)" ]'
fresh && settings PATH=/tmp
script backup
expect "unknown key" 64 'unknown key PATH'
fresh && settings KEEP_DAILY=7weeks
script backup
expect "not a number" 64 'not a whole number'
fresh && settings KEEP_AT_LEAST=0
script backup
expect "keep nothing" 64 'at least 1'
for tool in psql age flock timeout sha256sum; do
  fresh
  mkdir "$lab/bin"
  for found in /bin/* /usr/bin/*; do [ "${found##*/}" = "$tool" ] || ln -sf "$found" "$lab/bin/"; done
  path=$lab/bin
  script backup
  expect "without $tool" 69 "$tool"
  no_stand_ins
done
fresh && settings RTO_SECONDS=0
slow_encryption
in_background
half_way
ps -eo args >"$lab/processes"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "no secret in a process list" 0 '' 'grep -q "pg_dump -Fc" "$lab/processes" && ! grep -v "env -i" "$lab/processes" | grep -q "pass word\|pass%20\|AGE-SECRET"'
no_stand_ins
