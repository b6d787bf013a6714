# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Real faults. Each row: what the script must answer, and what must still be true.

# The script itself: its stages are copies of it under the same name, younger.
backup_itself() { pgrep -o -f "^/bin/sh $lab/ops/backup/db/backup.sh"; }

echo "server"
fault 1
fresh
script backup
success=$(metric last_success_timestamp_seconds)
stop_server
sleep 1
script backup
run_server
expect "server down" 10 'cannot open the database' '[ "$(committed)" = 1 ] && [ "$(metric last_success_timestamp_seconds)" = "$success" ] && [ "$(metric last_run_exit_code)" = 10 ] && [ "$(leftovers)" = 0 ]'
fault 2
DB_BACKUP_URL=${DB_BACKUP_URL/pass/fail}
script backup
expect "wrong password" 10 'password authentication failed' '[ "$(committed)" = 1 ]'
fault 3
DB_BACKUP_URL=${DB_BACKUP_URL/:fail*@/@}
script backup
expect "no password, no prompt" 10 'no password supplied'
fault
DB_BACKUP_URL=
script backup
expect "no URL" 64 'DB_BACKUP_URL is empty'
fault 4
fresh && settings DATABASE=missing
script backup
expect "database missing" 10 'does not exist' '[ "$(committed)" = 0 ]'
fault 38
fresh
q -c 'CREATE ROLE nosy LOGIN PASSWORD $$x$$'
DB_BACKUP_URL=${DB_BACKUP_URL/postgres:*@/nosy:x@}
script backup
expect "role may not read" 11 'permission denied' '[ "$(committed)" = 0 ]'
q -c 'DROP ROLE nosy'
fault 39
fresh && settings LOCK_WAIT_SECONDS=1
q -d shop -c 'BEGIN' -c 'LOCK TABLE orders' -c 'SELECT pg_sleep(4)' >/dev/null &
soon "[ \"\$(q -c \"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'\")\" = 1 ]"
script backup
expect "table locked, no hang" 11 'LOCK TABLE'
wait "$!"
fault 40
q -c "ALTER DATABASE shop SET statement_timeout = '50ms'" -c "ALTER DATABASE shop SET idle_in_transaction_session_timeout = '200ms'"
fresh
script backup
expect "impatient server settings" 0 'OK'
q -c 'ALTER DATABASE shop RESET ALL'

echo "interruptions"
fault 8
fresh && slow_encryption
in_background
half_way && pkill -KILL -f '^[^ ]*pg_dump -Fc'
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "dump killed half-way" 11 'pg_dump failed (137)' '[ -e "$lab/half-way" ] && [ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
fault 9
fresh && slow_encryption
in_background
half_way && pkill -KILL -f "^$(command -v age) -R"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "encrypter killed half-way" 11 'failed' '[ -e "$lab/half-way" ] && grep -q "137\|Killed" "$lab/err" && [ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
fresh && cut_encryption
script backup
expect "encrypter ends badly, at the end" 11 'writing the archive failed' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
no_stand_ins
fault 7
for session in dump holder; do
  fresh && slow_encryption
  in_background
  half_way && ended=$(q -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'backup-$session'")
  touch "$lab/go-on"
  wait "$background"
  rc=$(metric last_run_exit_code)
  expect "session of the $session ended" 11 'failed' '[ "$ended" = 1 ] && [ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ]'
done
fault 5
fresh && slow_encryption
in_background
half_way && kill -TERM "$(backup_itself)"
touch "$lab/go-on"
wait "$background"
rc=$(metric last_run_exit_code)
expect "stopped half-way" 143 'stopped by a signal' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ] && soon "[ \"\$(sessions)\" = 0 ]"'
fault 6
fresh && slow_encryption
in_background
# shellcheck disable=SC2046
half_way && kill -KILL $(pgrep -f "db/backup.sh $conf")
touch "$lab/go-on"
wait "$background" 2>/dev/null || :
left=$(leftovers)
pkill -f "$lab/bin/age" || :
no_stand_ins
unlocked
sleep 1
script backup
expect "killed outright, next run tidies up" 0 'sweeping' '[ "$left" -gt 0 ] && [ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ]'
fault 19
fresh && slow_encryption
in_background
half_way
script backup
expect "two at once, one host" 75 'another run holds'
fault 20
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
fault 19 20
expect "the first is unharmed" 0 '' '[ "$(committed)" = 1 ]'
no_stand_ins
fault
