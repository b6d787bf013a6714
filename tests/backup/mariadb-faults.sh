# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Real faults, for MariaDB. Each row: what the script must answer, and what must still be true.

mariadb_itself() { pgrep -o -f "^/bin/sh $lab/ops/backup/orders/backup.sh"; }

echo "mariadb: server"
orders
script backup
rm -rf "$lab/good" && cp -R "$(newest)" "$lab/good"
success=$(metric last_success_timestamp_seconds)
stop_mariadb
sleep 1
script backup
start_mariadb
fault 1
expect "server down" 10 'cannot open the database' '[ "$(committed)" = 1 ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ] && [ "$(metric last_run_exit_code)" = 10 ] && [ "$(leftovers)" = 0 ]'
ORDERS_BACKUP_URL=${ORDERS_BACKUP_URL/pass/fail}
script backup
fault 2
expect "wrong password" 10 'Access denied' '[ "$(committed)" = 1 ]'
ORDERS_BACKUP_URL=${ORDERS_BACKUP_URL/:fail*@/@}
script backup
fault 3
expect "no password, no prompt" 10 'using password: NO'
ORDERS_BACKUP_URL=
script backup
fault
expect "no URL" 64 'ORDERS_BACKUP_URL is empty'
orders DATABASE=missing
script backup
fault 4
expect "database missing" 10 'Unknown database' '[ "$(committed)" = 0 ]'
my -e 'CREATE USER nosy IDENTIFIED BY "x"; GRANT SELECT, SHOW VIEW ON shop.* TO nosy'
orders
ORDERS_BACKUP_URL=${ORDERS_BACKUP_URL/backup:*@/nosy:x@}
script backup
fault 38
expect "user may not see all of it" 11 'permission denied: without .*TRIGGER' '[ "$(committed)" = 0 ]'
my -e 'DROP USER nosy'
orders LOCK_WAIT_SECONDS=1
my shop -e 'LOCK TABLES orders WRITE; DO SLEEP(4)' &
locking=$!
soon "[ \"\$(my -e \"SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'\")\" = 1 ]"
script backup
fault 39
expect "table locked, no hang" 11 'Lock wait timeout' '[ "$(committed)" = 0 ]'
wait "$locking"
orders
my -e 'SET GLOBAL max_statement_time = 0.01, GLOBAL wait_timeout = 1, GLOBAL net_write_timeout = 1'
script backup
my -e 'SET GLOBAL max_statement_time = 0, GLOBAL wait_timeout = 28800, GLOBAL net_write_timeout = 60'
fault 40
expect "impatient server settings" 0 'OK'

echo "mariadb: interruptions"
orders && slow_encryption
in_background
half_way && pkill -KILL -f "^[^ ]*mariadb-dump --defaults-file=$lab"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
fault 8
expect "dump killed half-way" 11 'mariadb-dump failed (137)' '[ -e "$lab/half-way" ] && [ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
orders && cut_encryption
script backup
no_stand_ins
fault 9
expect "encrypter ends badly, at the end" 11 'writing the archive failed' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
orders && slow_encryption
in_background
half_way && my -e "KILL $(my -e "SELECT id FROM information_schema.processlist WHERE user = 'backup' AND info LIKE 'SELECT%SQL_NO_CACHE%'")"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
fault 7
expect "session ended by the server" 11 'Lost connection\|killed\|gone away' '[ "$(committed)" = 0 ]'
orders && slow_encryption
in_background
half_way && my shop -e 'CREATE TABLE migrated (id int)'
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
my shop -e 'DROP TABLE migrated'
fault
expect "a migration in the middle" 11 'changed while they were dumped' '[ "$(committed)" = 0 ]'
orders && slow_encryption
in_background
half_way && kill -TERM "$(mariadb_itself)"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
fault 5
expect "stopped half-way" 143 'stopped by a signal' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ] && soon "[ \"\$(queries)\" = 0 ]"'
orders && slow_encryption
in_background
# shellcheck disable=SC2046
half_way && kill -KILL $(pgrep -f "orders/backup.sh $conf")
touch "$lab/go-on"
wait "$background" 2>/dev/null || :
left=$(leftovers)
pkill -f "$lab/bin/age" || :
no_stand_ins
unlocked
sleep 1
script backup
fault 6
expect "killed outright, next run tidies up" 0 'sweeping' '[ "$left" -gt 0 ] && [ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ]'
orders && slow_encryption
in_background
half_way
ps -eo args >"$lab/processes"
(
  script backup
  echo "$rc" >"$lab/second"
)
rc=$(cat "$lab/second")
fault 19
expect "two at once, one host" 75 'another run holds'
(
  BACKUP_STATE_DIR=$lab/run/elsewhere BACKUP_METRICS_DIR=$lab/run/elsewhere-metrics
  mkdir "$BACKUP_METRICS_DIR"
  script backup
  echo "$rc" >"$lab/second"
)
rc=$(cat "$lab/second")
fault 20
expect "two at once, two hosts" 75 'another host'
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
fault 19 20
expect "the first is unharmed" 0 '' '[ "$(committed)" = 1 ]'
fault 42
expect "no secret in a process list" 0 '' 'grep -q "mariadb-dump --defaults" "$lab/processes" && ! grep -v "env -i" "$lab/processes" | grep -q "pass word\|pass%20\|AGE-SECRET"'
no_stand_ins

echo "mariadb: store"
orders
seed "$(date -u +%Y%m%dT%H%M%SZ)"
flip "$(newest)/database.sql.gz.age" 3000
script verify --checksum
fault 21
expect "one byte changed, checked" 12 'does not match'
script restore --to damaged
expect "one byte changed, restored" 12 'corrupted in the store' '! schemas | grep -q damaged'
orders
sed 's/^\(row=orders\t\)30000/\130001/' -i "$lab/good/manifest"
seed "$(date -u +%Y%m%dT%H%M%SZ)"
script verify --drill
fault 46
expect "a row is missing, drill" 12 'not what was backed up' '[ "$(metric last_restore_test_exit_code)" = 12 ] && ! schemas | grep -q drill_'
sed 's/^\(row=orders\t\)30001/\130000/' -i "$lab/good/manifest"
age-keygen -o "$lab/key4" 2>/dev/null
AGE_IDENTITY_FILE=$lab/key4
script verify --drill
fault 41
expect "lost key" 12 'cannot decrypt'
orders "DESTINATION=$lab/run/not-mounted"
script backup
fault 14
expect "destination not mounted" 13 'not mounted' '[ ! -e "$lab/run/not-mounted" ]'

echo "mariadb: contents and restore"
my -e 'CREATE DATABASE emptied'
orders DATABASE=emptied
script backup
fault 37
expect "emptied database" 15 'only 0 tables' '[ "$(committed)" = 0 ]'
my -e 'DROP DATABASE emptied'
for name in "o'brien \"x\"" '$(touch pwned)`touch pwned`' '--help' 'a=b' 'mysql://x/shop' '../../esc' 'ünï 20%' 'back\slash' '*'; do
  quoted="\`${name//\`/\`\`}\`"
  my -e "CREATE DATABASE $quoted; CREATE TABLE $quoted.h SELECT 1 AS x"
  orders "DATABASE=$name"
  script backup
  [ "$rc" != 0 ] || script verify --drill
  fault 25
  expect "database $name" 0 'OK' '[ -z "$(find "$lab" / -maxdepth 1 -name pwned)" ] && [ "$(committed)" = 1 ]'
  my -e "DROP DATABASE $quoted"
done
orders
seed "$(date -u +%Y%m%dT%H%M%SZ)"
script restore --to shop
fault 34
expect "onto the live name" 64 "live database's name" '[ "$(my shop -e "SELECT COUNT(*) FROM orders")" = 30000 ]'
my -e 'CREATE DATABASE busy; CREATE TABLE busy.keepme SELECT 1 AS x'
script restore --to busy
expect "onto a database that exists" 18 'exists already' '[ "$(my busy -e "SELECT COUNT(*) FROM keepme")" = 1 ]'
my -e 'DROP DATABASE busy'
sed -i 's/^version=.*/version=99.1.0/' "$(newest)/manifest"
script restore --to newer
fault 36
expect "from a newer server" 69 'older than the server'
sed -i 's/^version=.*/version=8.4.0/; s/^flavor=.*/flavor=mysql/' "$(newest)/manifest"
script restore --to other
fault
expect "from the other kind of server" 18 'the same kind is needed'
orders
stand_in mariadb-dump <<'SH'
#!/bin/sh
echo 'mariadb-dump from 10.3.1-MariaDB, client 10.19 for Linux'
SH
ln -s "$(command -v mariadb)" "$lab/bin/mariadb"
script backup
fault 36
expect "client older than the server" 69 "older than the server's 10.11"
no_stand_ins
orders KEEP_DAILY=1d KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
# shellcheck disable=SC2046
seed $(for day in $(seq 14); do date -u -d "-$day days" +%Y%m%dT030000Z; done)
script backup
fault 30
expect "a typo would delete 14 of 15" 14 'would delete 14 of 15' '[ "$(committed)" = 15 ]'
orders
seed 20260101T030000Z 20260102T030000Z
ORDERS_BACKUP_URL=${ORDERS_BACKUP_URL/pass/fail}
for _ in 1 2 3; do script backup; done
fault 31
expect "failing runs delete nothing" 10 '' '[ "$(committed)" = 2 ]'
orders
seed 20991231T030000Z
script verify
fault 29
expect "a clock is wrong" 17 'in the future'
for tool in mariadb age gzip; do
  orders
  mkdir "$lab/bin"
  for found in /bin/* /usr/bin/*; do [ "${found##*/}" = "$tool" ] || [ "${found##*/}" = mysql ] || ln -sf "$found" "$lab/bin/"; done
  path=$lab/bin
  script backup
  fault 24
  expect "without $tool" 69 "$tool"
  no_stand_ins
done
fault
