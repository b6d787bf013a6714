# shellcheck shell=sh
# What the last runs did, as metrics. A run that fails may never move last_success; a run that never got the lock moves nothing.

state_get() { sed -n "s/^$1=//p" "$STATE" 2>/dev/null | tail -n 1; }

state_set() { # KEY VALUE [KEY VALUE]...
  grep -v '^$' "$STATE" >"$STATE.new" 2>/dev/null || : >"$STATE.new"
  while [ $# -gt 1 ]; do
    grep -v "^$1=" "$STATE.new" >"$STATE.next" || :
    printf '%s=%s\n' "$1" "$2" >>"$STATE.next"
    mv "$STATE.next" "$STATE.new" || return 1
    shift 2
  done
  mv "$STATE.new" "$STATE"
}

# follow_store: the store knows best what the last good backup is: a fresh container has no memory, another host may have made it.
# Reads $WORK/good.
follow_store() {
  follow_ends
  sort -r "$WORK/good" >"$WORK/newest-first"
  while read -r _id; do
    [ "$_id" != "$(state_get last_success_id)" ] || return 0
    show "$_id/manifest" >"$WORK/followed" || return 0
    [ "$(tail -n 1 "$WORK/followed")" = end=1 ] || continue
    state_set last_success_id "$_id" last_success_timestamp_seconds "$(id_seconds "$_id")" last_size_bytes "$(size_in "$WORK/followed")"
    return 0
  done <"$WORK/newest-first"
}

# follow_ends: how large the newest backup is, suspect or not, and how long there has been one that a drill could have restored.
# Reads $WORK/committed.
follow_ends() {
  _id=$(tail -n 1 "$WORK/committed")
  [ -n "$_id" ] || return 0
  state_set first_backup_timestamp_seconds "$(id_seconds "$(head -n 1 "$WORK/committed")")"
  [ "$_id" != "$(state_get newest_id)" ] || return 0
  show "$_id/manifest" >"$WORK/followed" && [ "$(tail -n 1 "$WORK/followed")" = end=1 ] || return 0
  state_set newest_id "$_id" newest_size_bytes "$(size_in "$WORK/followed")"
}

# size_in MANIFEST: bytes of what it lists, or of what it says was copied elsewhere.
size_in() { awk -F '[= ]' '/^bytes=/ { given = $2 } /^file=/ { total += $3 } END { printf "%.0f\n", given ? given : total }' "$1"; }

# A drill runs where the private key is, which is seldom where backups are made: the store carries its result over.
remember_drill() { # CODE SECONDS WHEN; the last two are empty unless it got that far
  state_set last_restore_test_exit_code "$1" rto_seconds "$RTO_SECONDS"
  [ -z "$2" ] || state_set last_restore_test_seconds "$2"
  [ -z "$3" ] || state_set last_restore_test_timestamp_seconds "$3"
  if ! grep -e "^last_restore_test" -e "^rto" "$STATE" >"$WORK/drill" || ! put "$WORK/drill" drill/last; then
    say "WARNING: the drill's result was not stored"
  fi
}

recall_drill() {
  show drill/last >"$WORK/drill" || return 0
  while IFS='=' read -r _name _value; do
    case $_name in last_restore_test_* | rto_seconds) ;; *) continue ;; esac
    case $_value in '' | *[!0-9]*) continue ;; esac
    state_set "$_name" "$_value"
  done <"$WORK/drill"
}

metrics() {
  while IFS='=' read -r _name _value; do
    case $_name in *_id | '') continue ;; esac
    printf '# TYPE backup_%s gauge\nbackup_%s{backup="%s",environment="%s"} %s\n' "$_name" "$_name" "$STORE" "$ENVIRONMENT" "$_value"
  done <"$STATE"
}

# Into the node exporter's textfile folder, to a Pushgateway, or both. A metric that can't be written never fails a backup.
publish() {
  [ -f "$STATE" ] || return 0
  metrics >"$STATE.metrics" || return 0
  if [ -n "${BACKUP_METRICS_DIR-}" ]; then
    _to=$BACKUP_METRICS_DIR/backup_$NAME.prom
    { cp "$STATE.metrics" "$_to.$$" && chmod 644 "$_to.$$" && mv -f "$_to.$$" "$_to"; } 2>/dev/null ||
      say "WARNING: metrics not written to $_to"
  fi
  if [ -n "${BACKUP_PUSHGATEWAY_URL-}" ]; then
    printf 'url = "%s/metrics/job/backup/backup/%s/environment/%s"\n' "${BACKUP_PUSHGATEWAY_URL%/}" "$STORE" "$ENVIRONMENT" >"$STATE.url"
    curl -fsS -m 20 --retry 3 -o /dev/null -K "$STATE.url" --data-binary "@$STATE.metrics" 2>/dev/null 9>&- ||
      say "WARNING: metrics not pushed"
    rm -f "$STATE.url"
  fi
  rm -f "$STATE.metrics"
}

# ping SUFFIX: a healthchecks.io-like monitor. Its URL is a secret, so curl reads it from stdin.
ping() {
  [ -n "${BACKUP_PING_URL-}" ] || return 0
  printf 'url = "%s%s"\n' "$BACKUP_PING_URL" "$1" | curl -fsS -m 10 --retry 3 -o /dev/null -K - 2>/dev/null 9>&- ||
    say "WARNING: the monitor was not reached"
}

take_lock() {
  need flock
  exec 9>>"$STATE_DIR/$NAME.lock" || fail config "cannot open $STATE_DIR/$NAME.lock"
  flock -n 9 || fail locked "another run holds $STATE_DIR/$NAME.lock"
}

# A killed run can't tidy up; the next one does.
sweep() {
  for _left in "$STAGING_DIR/$NAME".backup.* "$STATE_DIR/$NAME".control.*; do
    [ -d "$_left" ] || continue
    say "sweeping what a killed run left: $_left"
    rm -rf "$_left"
  done
}

workspace() { # PURPOSE
  WORK=$(mktemp -d "$STAGING_DIR/$NAME.$1.XXXXXX") || fail space "cannot create a directory in $STAGING_DIR"
  : >"$WORK/rclone.err"
}

free_kib() { df -Pk "$WORK" | awk 'NR == 2 { print $4 }'; }
