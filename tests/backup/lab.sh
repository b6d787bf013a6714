# shellcheck shell=bash disable=SC2034,SC2154
# The ground of the backup tests: a PostgreSQL of our own on a unix socket, an age key made on the spot, the emitted scripts, and
# `expect`, which judges exit code, message and whatever must still be true. Sourced by round-trip.

rows=0 failed=0
# Of the numbered faults in faults.tsv: those that the next rows are about, how many rows each had, and those that a row found unmet.
fault=()
declare -A tried unmet
fault() { fault=("$@"); }
# What every end of the test undoes, the latest first.
# shellcheck disable=SC2016
undo=('rm -rf "$lab"')
trap 'for step in "${undo[@]}"; do eval "$step" 2>/dev/null || :; done' EXIT
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

# soon CONDITION: waits until it holds, a minute at most.
soon() {
  local tries=0
  until eval "$1" 2>/dev/null; do
    [ $((tries += 1)) -le 600 ] || { echo "backup round trip: this never came true: $1" >&2 && return 1; }
    sleep 0.1
  done
}

settings() { # KEY=VALUE...: replaces them in the lab's settings
  local pair
  for pair in "$@"; do
    grep -v "^${pair%%=*}=" "$conf" >"$conf.new" || :
    printf '%s\n' "$pair" >>"$conf.new"
    mv "$conf.new" "$conf"
  done
}

# The scripts run in a bare environment like cron's, without the PG* of this test: URLs, folders, and what `extra` adds.
extra=()
script() { # NAME ARGUMENT...
  local name=$1 variable passed=() before
  shift
  promises=
  before=$(state_now)
  for variable in ${!BACKUP_*} $(compgen -A variable | grep -E '^[A-Z]+_(BACKUP|RESTORE)_URL$'); do passed+=("$variable=${!variable}"); done
  # `env` resets everything, so it is called by its own path, and so is what follows it.
  # Where a value that is executed would leave its mark.
  cd "$lab" || return
  # shellcheck disable=SC2086
  /usr/bin/env -i PATH="${path:-$PATH}" HOME=/ "${passed[@]}" "${extra[@]}" AGE_IDENTITY_FILE="$AGE_IDENTITY_FILE" BACKUP_ALLOW_SHRINK="${allow-}" \
    /usr/bin/timeout 120 /bin/${shell:-sh} "$lab/ops/backup/${folder:-db}/$name.sh" "$conf" "$@" >"$lab/out" 2>"$lab/err" </dev/null && rc=0 || rc=$?
  # A rehearsal tells nobody.
  [ "$name" != backup ] || [ "$rc" = 0 ] || [[ " $* " == *" --dry-run "* ]] || promises=$(kept_promises "$before")
}

# What holds after every backup that failed, whatever the fault: says what doesn't.
state_now() {
  echo "success=$(metric last_success_timestamp_seconds)"
  { cat "$BACKUP_STATE_DIR"/*.state 2>/dev/null || :; } | cksum
  ids || :
}
kept_promises() { # what state_now said before
  local success id good known=''
  success=$(sed -n 's/^success=//p' <<<"$1")
  while IFS= read -r id; do
    [ -e "$store/$id/manifest" ] || echo "$id is gone;"
    known+=" $(date -u -d "${id:0:8} ${id:9:2}:${id:11:2}:${id:13:2}" +%s)"
  done < <(sed 1,2d <<<"$1")
  [ -z "$(find "$store" -name '*.partial*' 2>/dev/null)" ] || echo "part of a file is in the store;"
  case $rc in
    75)
      [ "$(state_now)" = "$1" ] || echo "it changed what belongs to the other run;"
      return
      ;;
    14) ;;
    # A memory that was empty may learn what the store knew.
    *) [[ " $success $known " == *" $(metric last_success_timestamp_seconds) "* ]] || echo "it counts as a success;" ;;
  esac
  [ "$(leftovers)" = 0 ] || echo "something is left in staging;"
  # Settings that can't be read don't say where results go, and without flock nobody may write there.
  [ "$rc" = 64 ] || grep -q 'not found: flock' "$lab/err" || [ ! -d "$BACKUP_METRICS_DIR" ] || [ "$(metric last_run_exit_code)" = "$rc" ] || echo "the metric says $(metric last_run_exit_code);"
  good=$(sed -n 's/.*last good backup: //p' "$lab/err")
  [ -z "$success" ] || [ "$rc" = 64 ] || [ -n "$good" ] || echo "the last good backup isn't named;"
}

committed() { find "$store" -name manifest 2>/dev/null | wc -l; }
leftovers() { find "$lab/run/state" -mindepth 1 \( -path '*staging/*' -o -name '*.control.*' \) 2>/dev/null | wc -l; }
sessions() { q -c "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'backup-%'"; }
databases() { q -c 'SELECT datname FROM pg_database ORDER BY 1'; }
metric() { sed -n "s/^backup_$1{.*} //p" "$BACKUP_METRICS_DIR"/*.prom 2>/dev/null || :; }
newest() { find "$store" -name manifest -printf '%h\n' | sort | tail -n 1; }
ids() { find "$store" -name manifest -printf '%h\n' 2>/dev/null | sed 's,.*/,,' | sort; }

# flip FILE OFFSET: another byte there than before, whatever it was.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  # shellcheck disable=SC2059
  printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

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
  local problem=${promises-} number
  promises=
  rows=$((rows + 1))
  [ "$rc" = "$2" ] || problem="$problem exit $rc, not $2;"
  [ -z "$3" ] || grep -q -- "$3" "$lab/err" || problem="$problem no message '$3';"
  [ -z "${4-}" ] || eval "$4" || problem="$problem not true: $4"
  for number in "${fault[@]}"; do
    tried[$number]=$((${tried[$number]:-0} + 1))
    [ -z "$problem" ] || unmet[$number]=1
  done
  if [ -z "$problem" ]; then
    printf '  ok    %-34s %3s  %s\n' "$1" "$rc" "$(grep -m 1 -e ERROR -e PRUNE "$lab/err" | sed 's/^[^]]*] //; s/ERROR ([0-9]*): //' | cut -c 1-90)"
  else
    failed=$((failed + 1))
    {
      printf '  %s  %-34s %s\n' "$(red FAIL)" "$1" "$problem"
      tail -n 6 "$lab/err" | sed 's/^/        /'
    } | tee -a "$lab/failures"
  fi
}

# told: the faults with a tick for each, and whether every one of them was injected and met.
told() {
  local number what must mark whole=0
  echo "faults"
  while IFS=$'\t' read -r number what must; do
    case $number in '#'*) continue ;; esac
    mark=✓
    if [ -n "${unmet[$number]-}" ]; then mark=✗ whole=1; elif [ -z "${tried[$number]-}" ]; then mark=' ' whole=1; fi
    printf '  %s %2s  %-48s %-54s %2s rows\n' "$mark" "$number" "$what" "$must" "${tried[$number]:-0}"
  done <"$here/faults.tsv"
  return $whole
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

# The other engines' scripts hold nothing of a spec, so they are taken from the blueprints as they stand.
blueprints=$here/../../blueprints/backup
engine() { # ENGINE STORE SETTING...
  local part
  fresh
  folder=$2
  mkdir -p "$lab/ops/backup/$2"
  ! grep -l '<[{%]' "$blueprints/$1"/*.sh.tera || return 1
  for part in "$blueprints/$1/$1"*.sh.tera; do cp "$part" "$lab/ops/backup/lib/$(basename "$part" .tera)"; done
  for part in backup restore verify; do install -m 755 "$blueprints/$1/$part.sh.tera" "$lab/ops/backup/$2/$part.sh"; done
  cp "$lab/recipients" "$lab/ops/backup/$2/age-recipients.txt"
  conf=$lab/ops/backup/$2/lab.conf
  printf '%s\n' "ENGINE=$1" "STORE=$2" ENVIRONMENT=production "URL_FROM=${2^^}_BACKUP_URL" "DESTINATION=$lab/run/destination" \
    STALE_AFTER_SECONDS=86400 RTO_SECONDS=3600 "${@:3}" >"$conf"
}
