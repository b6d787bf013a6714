# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Redis and RabbitMQ.

echo "redis"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$lab/redis"
redis() { REDISCLI_AUTH='pass word' redis-cli --no-auth-warning -p "$port" "$@"; }
start_redis() {
  redis-server --port "$port" --bind 127.0.0.1 --dir "$lab/redis" --save '' --requirepass 'pass word' --daemonize yes --logfile "$lab/redis/log" >/dev/null
  soon '[ "$(redis PING)" = PONG ]'
}
start_redis
undo=('redis SHUTDOWN NOSAVE' "${undo[@]}")
for i in $(seq 500); do printf 'SET "key %s" "%s"\n' "$i" '$(touch pwned) \"ü\"'; done | redis >/dev/null
redis SET "passing" 1 EX 1000 >/dev/null
redis -n 3 RPUSH list a b c >/dev/null
CACHE_BACKUP_URL="redis://:pass%20word@127.0.0.1:$port"
for shell in sh "busybox ash"; do
  engine redis cache MIN_OBJECTS=0
  script backup
  expect "redis backup ($shell)" 0 'OK cache.production' '[ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ] && grep -q "^keys=502$" "$(newest)/manifest"'
  script verify --drill
  expect "redis drill ($shell)" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
done
shell="sh"
before=$(redis --no-raw MGET "key 1" "key 500" | sha256sum)
redis FLUSHALL >/dev/null
script restore --to "$lab/redis/dump.rdb"
redis SHUTDOWN NOSAVE
start_redis
rc=0
expect "redis, every key is back" 0 '' '[ "$(redis DBSIZE)" = 501 ] && [ "$(redis -n 3 LRANGE list 0 -1 | tr "\n" " ")" = "a b c " ] && [ "$(redis --no-raw MGET "key 1" "key 500" | sha256sum)" = "$before" ]'
script restore --to "$lab/redis/dump.rdb"
expect "redis, onto a file that exists" 18 'exists already'
flip "$(newest)/snapshot.rdb.age" 900
script restore --to "$lab/redis/other.rdb"
expect "redis, one byte changed" 12 'corrupted in the store' '[ ! -e "$lab/redis/other.rdb" ]'
CACHE_BACKUP_URL="redis://:wrong@127.0.0.1:$port"
script backup
expect "redis, wrong password" 10 'WRONGPASS' '[ "$(committed)" = 1 ]'
CACHE_BACKUP_URL="redis://:pass%20word@127.0.0.1:1"
script backup
expect "redis down" 10 'no answer' '[ "$(committed)" = 1 ] && [ "$(metric last_run_exit_code)" = 10 ]'

echo "rabbitmq (its management API played by a stand-in)"
cat >"$lab/api.py" <<'PY'
import base64, http.server, sys
want = "Basic " + base64.b64encode(b'ad"min:pass word').decode()
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ok = self.headers.get("Authorization") == want and self.path == "/api/definitions"
        self.send_response(200 if ok else 401); self.end_headers()
        if ok: self.wfile.write(open(sys.argv[1], "rb").read())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Api)
print(server.server_port, flush=True)
server.serve_forever()
PY
printf '{"rabbitmq_version": "3.13.7", "users": [], "vhosts": [{"name": "/"}], "queues": [{"name": "mail"}, {"name": "default"}]}' >"$lab/definitions"
python3 "$lab/api.py" "$lab/definitions" >"$lab/api.port" &
api=$!
soon '[ -s "$lab/api.port" ]'
JOBS_BACKUP_URL="http://ad%22min:pass%20word@127.0.0.1:$(cat "$lab/api.port")"
engine rabbitmq jobs
script backup
script restore --to "$lab/definitions.back"
expect "definitions there and back" 0 '' 'cmp "$lab/definitions" "$lab/definitions.back" && grep -q "^queues=2$" "$(newest)/manifest"'
echo '{"users": []' >"$lab/definitions"
script backup
expect "half an export" 12 'not a whole export' '[ "$(committed)" = 1 ]'
JOBS_BACKUP_URL=${JOBS_BACKUP_URL/pass/fail}
script backup
expect "definitions, wrong password" 10 '401' '[ "$(committed)" = 1 ]'
kill "$api"
