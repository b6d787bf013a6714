# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Real faults. Each row: what the script must answer, and what must still be true.

# The script itself: its stages are copies of it under the same name, younger.
backup_itself() { pgrep -o -f "^/bin/sh $lab/ops/backup/db/backup.sh"; }

echo "server"
fresh
script backup
rm -rf "$lab/good" && cp -R "$(newest)" "$lab/good"
success=$(metric last_success_timestamp_seconds)
stop_server
sleep 1
script backup
run_server
expect "server down" 10 'cannot open the database' '[ "$(committed)" = 1 ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ] && [ "$(metric last_run_exit_code)" = 10 ] && [ "$(leftovers)" = 0 ]'
DB_BACKUP_URL=${DB_BACKUP_URL/pass/fail}
script backup
expect "wrong password" 10 'password authentication failed' '[ "$(committed)" = 1 ]'
DB_BACKUP_URL=${DB_BACKUP_URL/:fail*@/@}
script backup
expect "no password, no prompt" 10 'no password supplied'
DB_BACKUP_URL=
script backup
expect "no URL" 64 'DB_BACKUP_URL is empty'
fresh && settings DATABASE=missing
script backup
expect "database missing" 10 'does not exist' '[ "$(committed)" = 0 ]'
fresh
q -c 'CREATE ROLE nosy LOGIN PASSWORD $$x$$'
DB_BACKUP_URL=${DB_BACKUP_URL/postgres:*@/nosy:x@}
script backup
expect "role may not read" 11 'permission denied' '[ "$(committed)" = 0 ]'
q -c 'DROP ROLE nosy'
fresh && settings LOCK_WAIT_SECONDS=1
q -d shop -c 'BEGIN' -c 'LOCK TABLE orders' -c 'SELECT pg_sleep(4)' >/dev/null &
sleep 0.5
script backup
expect "table locked, no hang" 11 'LOCK TABLE'
wait
q -c "ALTER DATABASE shop SET statement_timeout = '50ms'" -c "ALTER DATABASE shop SET idle_in_transaction_session_timeout = '200ms'"
fresh
script backup
expect "impatient server settings" 0 'OK'
q -c 'ALTER DATABASE shop RESET ALL'

echo "interruptions"
fresh && slow_encryption
in_background
half_way && pkill -KILL -f '^[^ ]*pg_dump -Fc'
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "dump killed half-way" 11 'pg_dump failed (137)' '[ -e "$lab/half-way" ] && [ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
fresh && slow_encryption
in_background
half_way && kill -TERM "$(backup_itself)"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
sleep 0.5
expect "stopped half-way" 143 'stopped by a signal' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ] && [ "$(sessions)" = 0 ]'
fresh && slow_encryption
in_background
# shellcheck disable=SC2046
half_way && kill -KILL $(pgrep -f "db/backup.sh $conf")
touch "$lab/go-on"
wait "$background" 2>/dev/null || :
left=$(leftovers)
pkill -f "$lab/bin/age" || :
no_stand_ins
sleep 1
script backup
expect "killed outright, next run tidies up" 0 'sweeping' '[ "$left" -gt 0 ] && [ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ]'
fresh && slow_encryption
in_background
half_way
cp "$lab/err" "$lab/err.first"
(
  script backup
  echo "$rc" >"$lab/second"
)
rc=$(cat "$lab/second")
expect "two at once, one host" 75 'another run holds'
(
  BACKUP_STATE_DIR=$lab/run/elsewhere BACKUP_METRICS_DIR=$lab/run/elsewhere-metrics
  mkdir "$BACKUP_METRICS_DIR"
  script backup
  echo "$rc" >"$lab/second"
)
rc=$(cat "$lab/second")
expect "two at once, two hosts" 75 'another host'
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "the first is unharmed" 0 '' '[ "$(committed)" = 1 ]'
no_stand_ins

echo "store"
fresh
script backup
printf X | dd of="$(newest)/database.dump.age" bs=1 seek=3000 conv=notrunc 2>/dev/null
script verify --checksum
expect "one byte changed, checked" 12 'does not match'
script restore --to damaged
expect "one byte changed, restored" 12 'corrupted in the store' '! databases | grep -q damaged'
truncate -s 4000 "$(newest)/database.dump.age"
script verify --checksum
expect "file truncated" 12 'does not match'
sed -i '/^end=/d' "$(newest)/manifest"
script restore --to damaged
expect "manifest truncated" 12 'truncated'
fresh
script backup
mkdir "$store/20991231T000000Z" && cp "$(newest)/database.dump.age" "$store/20991231T000000Z/"
script restore --dry-run
expect "without a manifest it is no backup" 0 'whole and readable' '! grep -q 2099 "$lab/err"'
fresh
stand_in cp <<SH
#!/bin/sh
case \$1 in *.age) head -c 5000 "\$1" >"\$2" ;; *) exec $(command -v cp) "\$@" ;; esac
SH
script backup
expect "stored short, and nothing said so" 13 'differs' '[ "$(committed)" = 0 ]'
settings READ_BACK=size
script backup
expect "the same, sizes compared" 13 'differs' '[ "$(committed)" = 0 ]'
no_stand_ins
fresh && settings "DESTINATION=rclone::local:$lab/run/destination"
script backup
[ "$rc" != 0 ] || script verify --checksum
[ "$rc" != 0 ] || script verify --drill
expect "through rclone" 0 'OK' '[ "$(committed)" = 1 ]'
stand_in rclone <<SH
#!/bin/sh
case " \$* " in *" lsf -R "*) echo "AccessDenied" >&2; exit 3 ;; *) exec $(command -v rclone) "\$@" ;; esac
SH
sleep 1
script backup
expect "listing denied" 14 'that is not the same as no backups' '[ "$(committed)" = 2 ] && [ "$(metric last_prune_success)" = 0 ] && [ "$(metric last_run_exit_code)" = 14 ]'
script verify
expect "listing denied, asked" 13 'AccessDenied'
no_stand_ins
fresh && settings "DESTINATION=rclone::local:$lab/run/destination" KEEP_DAILY=2d KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
seed "$(date -u -d '-1 day' +%Y%m%dT030000Z)" "$(date -u -d '-2 days' +%Y%m%dT030000Z)"
script backup
expect "thinned out through rclone" 0 'pruned' '[ "$(committed)" = 2 ]'
fresh && settings "DESTINATION=$lab/run/not-mounted"
script backup
expect "destination not mounted" 13 'not mounted' '[ ! -e "$lab/run/not-mounted" ]'
fresh
sed -i 's/^row=public.orders\t30000/row=public.orders\t30001/' "$lab/good/manifest"
seed "$(date -u +%Y%m%dT%H%M%SZ)"
script verify --drill
expect "a row is missing, drill" 12 'not what was backed up' '[ "$(metric last_restore_test_exit_code)" = 12 ] && ! databases | grep -q drill_'
sed -i 's/^row=public.orders\t30001/row=public.orders\t30000/' "$lab/good/manifest"
age-keygen -o "$lab/key3" 2>/dev/null
AGE_IDENTITY_FILE=$lab/key3
script verify --drill
expect "wrong private key" 12 'cannot decrypt'
fresh && : >"$lab/ops/backup/db/age-recipients.txt"
script backup
expect "nobody could open it" 64 'nobody can open' '[ "$(committed)" = 0 ]'
fresh && head -n 1 "$lab/recipients" >"$lab/ops/backup/db/age-recipients.txt"
script backup
expect "one key only" 0 'WARNING: only one recipient'
