# shellcheck shell=sh
# One run of a backup, whatever the engine: lock, workspace, tidy end, commit, retention. The engine's script fills the middle:
# it writes $FILES into $WORK and its manifest lines into $WORK/lines, and sets $ID and $STARTED.

WORK='' CONTROL='' CHILDREN='' LOCKED='' ID='' STORING='' REHEARSAL=''

finish() {
  rc=$?
  trap '' HUP INT TERM
  exec 3>&-
  for child in $CHILDREN; do kill "$child" 2>/dev/null || :; done
  [ -z "$STORING" ] || discard "$ID" || say "WARNING: what was stored of $ID stays there; nothing counts it"
  if [ -n "$LOCKED" ] && [ -z "$REHEARSAL" ]; then
    state_set last_run_timestamp_seconds "$(now)" last_run_exit_code "$rc"
    publish
    ping "/$rc"
  fi
  if [ -n "$REHEARSAL" ] && [ "$rc" -eq 0 ]; then
    say "OK $NAME could be backed up now; nothing was stored"
  elif [ "$rc" -eq 0 ]; then say "OK $NAME $ID"; else
    [ -z "$WORK" ] || storage_errors
    say "FAILED ($rc); last good backup: $([ -z "$LOCKED" ] || state_get last_success_id)"
  fi
  [ -z "$WORK" ] || rm -rf "$WORK"
  [ -z "$CONTROL" ] || rm -rf "$CONTROL"
  exit "$rc"
}

prepare() { # TOOL...: what the engine needs
  # First, so that whatever fails from here on is told as a metric.
  take_lock
  LOCKED=1
  need sha256sum awk sed od tr mkfifo tee nice timeout df cmp "$@"
  recipients_ready
  sweep
  [ -n "$REHEARSAL" ] || ping /start
  workspace backup
  open_keyring
  # Where stages note how they ended. Not in staging: a full disk there must not swallow the bad news.
  CONTROL=$(mktemp -d "$STATE_DIR/$NAME.control.XXXXXX") || fail space "cannot create a directory in $STATE_DIR"
  destination_ready
  # A listing that fails is retention's concern; a backup is still worth making.
  if take_inventory; then
    [ -n "$REHEARSAL" ] || follow_store
    [ -n "$REHEARSAL" ] || recall_drill
  elif [ -n "$REHEARSAL" ]; then fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"; fi
}

# rehearsed WHAT: where a run with --dry-run ends. Settings, tools, keys, lock, destination and server are as they should be by then.
rehearsed() {
  [ -z "$REHEARSAL" ] || {
    say "$1; $(($(wc -l <"$WORK/good"))) good backups at $ROOT"
    exit 0
  }
}

ended() { cat "$CONTROL/$1.rc" 2>/dev/null || echo 137; }

# A shrunken backup is stored, for it may be all there is; it is no success and removes nothing.
publish_backup() {
  total=0
  for file in $FILES; do total=$((total + $(bytes_in "$WORK/$file"))); done
  # What one is worth, where its files are not the data.
  total=$(sed -n 's/^bytes=//p' "$WORK/lines" | awk -v total="$total" '{ total = $1 } END { print total }')
  previous=$(state_get last_size_bytes)
  shrunk=
  if [ -n "$previous" ] && [ "${BACKUP_ALLOW_SHRINK-}" != 1 ] && [ $((total * 100)) -lt $((previous * (100 - MAX_SHRINK_PERCENT))) ]; then
    shrunk=1
  fi
  # shellcheck disable=SC2086
  write_manifest $FILES <"$WORK/lines"
  # shellcheck disable=SC2086
  commit $FILES
  STORING=
  state_set newest_id "$ID" newest_size_bytes "$total"
  [ -z "$shrunk" ] ||
    fail suspect "the backup shrank from $previous to $total bytes; stored as $ID but not counted as a success (BACKUP_ALLOW_SHRINK=1 if it is right)"
  state_set last_success_id "$ID" last_success_timestamp_seconds "$STARTED" last_size_bytes "$total" \
    last_duration_seconds $(($(now) - STARTED)) stale_after_seconds "$STALE_AFTER_SECONDS"
}

thin_out() {
  [ "$PRUNE" = here ] || return 0
  if prune; then state_set last_prune_success 1; else
    state_set last_prune_success 0
    fail prune "the backup $ID is good; older ones were not thinned out"
  fi
}

# begin TOOL... -- ARGUMENT...: the tools that the engine needs, and what the script was called with
begin() {
  tools=
  while [ "$1" != -- ]; do
    tools="$tools $1"
    shift
  done
  shift
  case ${1-} in -h | --help) usage 0 ;; esac
  case $#-${2-} in
    1-) ;;
    2---dry-run) REHEARSAL=1 ;;
    *) usage 64 ;;
  esac
  NAME=backup
  trap finish EXIT
  trap 'say "stopped by a signal"; exit 143' HUP INT TERM
  read_settings "$1"
  # shellcheck disable=SC2086
  prepare $tools
}
