# shellcheck shell=bash disable=SC2034
# The ground of the backup tests: a PostgreSQL of our own on a unix socket, an age key made on the spot, the emitted scripts, and
# `expect`, which judges exit code, message and whatever must still be true. Sourced by round-trip.

rows=0 failed=0
red() { printf '\033[31m%s\033[0m' "$1"; }

# as_postgres COMMAND: servers refuse to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

start_server() {
  bin=$(find /usr/lib/postgresql -name initdb -printf '%h\n' | sort -V | tail -n 1)
  mkdir "$lab/server"
  printf 'pass word/@:?%%\n' >"$lab/password"
  [ "$(id -u)" != 0 ] || chown postgres "$lab/server" "$lab/password"
  (cd "$lab/server" && as_postgres "$bin/initdb" -D "$lab/server/data" -U postgres --auth=scram-sha-256 --pwfile="$lab/password" >/dev/null)
  run_server
  export PGHOST=$lab/server PGUSER=postgres PGPASSWORD='pass word/@:?%' PGDATABASE=postgres
}

run_server() {
  (cd "$lab/server" && as_postgres "$bin/pg_ctl" -s -w -D "$lab/server/data" -l "$lab/server/log" -o "-k $lab/server -c listen_addresses='' -c fsync=off" start)
}

stop_server() { (cd "$lab/server" && as_postgres "$bin/pg_ctl" -s -m fast -D "$lab/server/data" stop); }

q() { psql -X -qAt -v ON_ERROR_STOP=1 "$@"; }

# fresh: an empty destination, no memory, the store's own settings with a local folder as the destination.
fresh() {
  rm -rf "$lab/run"
  mkdir -p "$lab/run/destination" "$lab/run/metrics"
  conf=$lab/ops/backup/db/lab.conf
  cp "$lab/ops/backup/db/production.conf" "$conf"
  settings "DESTINATION=$lab/run/destination"
  cat "$lab/recipients" >"$lab/ops/backup/db/age-recipients.txt"
  export BACKUP_STATE_DIR=$lab/run/state BACKUP_METRICS_DIR=$lab/run/metrics AGE_IDENTITY_FILE=$lab/key2
  export DB_BACKUP_URL="postgresql://postgres:pass%20word%2F%40%3A%3F%25@${lab//\//%2F}%2Fserver/shop"
  store=$lab/run/destination/production
}

settings() { # KEY=VALUE...: replaces them in the lab's settings
  local pair
  for pair in "$@"; do
    grep -v "^${pair%%=*}=" "$conf" >"$conf.new" || :
    printf '%s\n' "$pair" >>"$conf.new"
    mv "$conf.new" "$conf"
  done
}

# The scripts run in a bare environment like cron's, without the PG* of this test.
script() { # NAME ARGUMENT...
  local name=$1
  shift
  # `env` resets everything, so it is called by its own path, and so is what follows it.
  /usr/bin/env -i PATH="${path:-$PATH}" HOME=/ DB_BACKUP_URL="$DB_BACKUP_URL" CACHE_BACKUP_URL="${CACHE_BACKUP_URL-}" JOBS_BACKUP_URL="${JOBS_BACKUP_URL-}" BACKUP_STATE_DIR="$BACKUP_STATE_DIR" \
    BACKUP_METRICS_DIR="$BACKUP_METRICS_DIR" AGE_IDENTITY_FILE="$AGE_IDENTITY_FILE" BACKUP_ALLOW_SHRINK="${allow-}" \
    /usr/bin/timeout 120 /bin/${shell:-sh} "$lab/ops/backup/${folder:-db}/$name.sh" "$conf" "$@" >"$lab/out" 2>"$lab/err" </dev/null && rc=0 || rc=$?
}

committed() { find "$store" -name manifest 2>/dev/null | wc -l; }
leftovers() { find "$lab/run/state" -mindepth 1 \( -path '*staging/*' -o -name '*.control.*' \) 2>/dev/null | wc -l; }
sessions() { q -c "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'backup-%'"; }
databases() { q -c 'SELECT datname FROM pg_database ORDER BY 1'; }
metric() { sed -n "s/^backup_$1{.*} //p" "$BACKUP_METRICS_DIR"/*.prom 2>/dev/null; }
newest() { find "$store" -name manifest -printf '%h\n' | sort | tail -n 1; }
ids() { find "$store" -name manifest -printf '%h\n' 2>/dev/null | sed 's,.*/,,' | sort; }

# seed ID...: copies of a good backup under other times, to try retention on.
seed() {
  local id
  for id in "$@"; do
    mkdir -p "$store/$id"
    cp "$lab/good/"* "$store/$id/"
    sed -i "s/^id=.*/id=$id/" "$store/$id/manifest"
  done
}

# expect ROW CODE MESSAGE [CONDITION]: what the last script must have done.
expect() {
  local problem=''
  rows=$((rows + 1))
  [ "$rc" = "$2" ] || problem="exit $rc, not $2;"
  [ -z "$3" ] || grep -q -- "$3" "$lab/err" || problem="$problem no message '$3';"
  [ -z "${4-}" ] || eval "$4" || problem="$problem not true: $4"
  if [ -z "$problem" ]; then
    printf '  ok    %-34s %3s  %s\n' "$1" "$rc" "$(grep -m 1 -e ERROR -e PRUNE "$lab/err" | sed 's/^[^]]*] //; s/ERROR ([0-9]*): //' | cut -c 1-90)"
  else
    failed=$((failed + 1))
    printf '  %s  %-34s %s\n' "$(red FAIL)" "$1" "$problem"
    sed 's/^/        /' "$lab/err" | tail -n 6
  fi
}

# everything DATABASE: every row of every table and every sequence, as text.
everything() {
  local table
  q -d "$1" -c "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1" |
    while IFS= read -r table; do
      echo "== $table"
      PGDATABASE=$1 q -c "SET bytea_output = hex" -c "COPY (SELECT * FROM $table t ORDER BY t::text) TO STDOUT"
    done
  q -d "$1" -c "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1" -c "SELECT loid, pageno, data FROM pg_largeobject ORDER BY 1, 2"
}
