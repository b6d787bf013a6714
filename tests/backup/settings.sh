# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Settings that are refused, tools that are missing, secrets that stay secret, and the surroundings of a run.

echo "settings"
fault 28
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
fault 24
for tool in psql age flock timeout sha256sum; do
  fresh
  mkdir "$lab/bin"
  for found in /bin/* /usr/bin/*; do [ "${found##*/}" = "$tool" ] || ln -sf "$found" "$lab/bin/"; done
  path=$lab/bin
  script backup
  expect "without $tool" 69 "$tool"
  no_stand_ins
done
fresh
sed -i 's,/usr/lib/postgresql/\*/bin,/nowhere,' "$lab/ops/backup/lib/postgres.sh"
mkdir "$lab/bin"
for found in /bin/* /usr/bin/*; do [ "${found##*/}" = pg_dump ] || ln -sf "$found" "$lab/bin/"; done
path=$lab/bin
script backup
expect "without pg_dump" 69 'no pg_dump of major'
no_stand_ins
cp "$scaffold/ops/backup/lib/postgres.sh" "$lab/ops/backup/lib/"

echo "surroundings"
fault 42
fresh
python3 - "$lab/pings" <<'PY' >"$lab/monitor" &
import http.server, sys
class Monitor(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        print(self.path, file=open(sys.argv[1], "a"))
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Monitor)
print(server.server_port, flush=True)
server.serve_forever()
PY
monitor=$!
soon '[ -s "$lab/monitor" ]'
export BACKUP_PING_URL
BACKUP_PING_URL=http://127.0.0.1:$(cat "$lab/monitor")/uuid-hidden
for tool in psql pg_dump pg_restore pg_dumpall age curl; do
  stand_in "$tool" <<SH
#!/bin/sh
printf '%s\n' "$tool \$*" >>"$lab/arguments"
exec $(command -v "$tool") "\$@"
SH
done
script backup
[ "$rc" != 0 ] || script verify --drill
no_stand_ins
kill "$monitor"
expect "no secret in any argument" 0 'OK' '[ "$(grep -oE "^[a-z_]+" "$lab/arguments" | sort -u | tr "\n" " ")" = "age curl pg_dump pg_dumpall pg_restore psql " ] && ! grep -q "pass word\|pass%20\|AGE-SECRET\|uuid-hidden" "$lab/arguments" "$lab/err" && [ "$(tr "\n" " " <"$lab/pings")" = "/uuid-hidden/start /uuid-hidden/0 " ]'
fault 43
fresh
BACKUP_METRICS_DIR=/proc/nowhere BACKUP_PING_URL=http://127.0.0.1:1/x
script backup
expect "metrics and monitor out of reach" 0 'metrics not written' 'grep -q "monitor was not reached" "$lab/err" && [ "$(committed)" = 1 ]'
unset BACKUP_PING_URL
fault 45
fresh
extra=(TZ=America/St_Johns LANG=tr_TR.UTF-8)
script backup
[ "$rc" != 0 ] || script verify
expect "another time zone" 0 'OK' '[ ! -s "$lab/out" ] && [ "$(($(date +%s) - $(metric last_success_timestamp_seconds)))" -lt 60 ] && [ "$(($(date +%s) - $(metric first_backup_timestamp_seconds)))" -lt 60 ]'
extra=()
for shell in sh "busybox ash"; do
  # shellcheck disable=SC2086
  (for day in 20240229T235959Z 20261231T000000Z 20000301T000000Z 19991231T235959Z 21000301T120000Z; do /bin/$shell -c '. "$1"; id_seconds "$2"' - "$lab/ops/backup/lib/base.sh" "$day"; done) >"$lab/got" 2>"$lab/err" && rc=0 || rc=$?
  for day in '2024-02-29 23:59:59' 2026-12-31 2000-03-01 '1999-12-31 23:59:59' '2100-03-01 12:00'; do date -u -d "$day" +%s; done >"$lab/want"
  expect "leap years and centuries ($shell)" 0 '' 'cmp "$lab/want" "$lab/got"'
done
shell="sh"
fault

echo "people"
fresh
script backup
ids >"$lab/wanted"
databases >>"$lab/wanted"
for called in "--help 0 usage" "-h 0 usage" " 64 usage" "--chekcsum 64 usage" "prodcution 64 settings\\|usage" "$conf --chekcsum 64 usage" "$conf --to 64 usage" "$conf extra words 64 usage"; do
  read -r -a words <<<"$called"
  for name in backup restore verify; do
    /usr/bin/env -i PATH="$PATH" DB_BACKUP_URL="$DB_BACKUP_URL" BACKUP_STATE_DIR="$BACKUP_STATE_DIR" \
      /bin/sh "$lab/ops/backup/db/$name.sh" "${words[@]:0:${#words[@]}-2}" >"$lab/out" 2>"$lab/err" </dev/null && rc=0 || rc=$?
    expect "$name.sh ${called//$conf/SETTINGS}" "${words[-2]}" "${words[-1]}" '[ "$(ids; databases)" = "$(cat "$lab/wanted")" ]'
  done
done
