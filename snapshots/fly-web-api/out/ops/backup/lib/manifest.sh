# shellcheck shell=sh disable=SC2034
# The manifest says what a backup consists of. It is stored last, read back, and ends in `end=1`: without it there is no backup.

# The engine's own lines come on stdin.
write_manifest() { # FILE...
  {
    printf 'format=1\nid=%s\nstore=%s\nenvironment=%s\nengine=%s\nencryption=%s\ntaken=%s\n' \
      "$ID" "$STORE" "$ENVIRONMENT" "$ENGINE" "$ENCRYPT" "$STARTED"
    cat
    for _file in "$@"; do
      _sum=$(sum_of <"$WORK/$_file")
      [ ${#_sum} = 64 ] || fail tool "no sum of $_file could be made"
      printf 'file=%s %s %s\n' "$_sum" "$(bytes_in "$WORK/$_file")" "$_file"
    done
    echo end=1
  } >"$WORK/manifest"
}

# commit FILE...: store, read back, and only then make it count.
commit() {
  # rclone's cat of an object that isn't there succeeds with no bytes, so the bytes decide.
  if [ -n "$(show "$ID/manifest" | head -c 1)" ]; then
    fail store "a committed backup $ID exists already: refusing to overwrite it"
  fi
  if [ -n "${shrunk-}" ]; then
    STORING=1
    mark_suspect "$ID" 'much smaller than the one before' || fail store "storing the mark of suspicion at $ROOT/$ID failed"
  fi
  for _file in "$@"; do
    put "$WORK/$_file" "$ID/$_file" || fail store "storing $_file at $ROOT/$ID failed: $(last_line "$WORK/rclone.err")"
    STORING=1
    read_back "$_file"
  done
  put "$WORK/manifest" "$ID/manifest" || fail store "the manifest was not stored: $(last_line "$WORK/rclone.err")"
  show "$ID/manifest" | cmp -s - "$WORK/manifest" || fail store "the manifest reads back differently: not committed"
}

read_back() { # FILE
  if [ "$READ_BACK" = size ]; then
    _want=$(bytes_in "$WORK/$1") _got=$(stored_size "$ID/$1")
  else
    _want=$(sed -n "s/^file=\\([0-9a-f]*\\) [0-9]* $1\$/\\1/p" "$WORK/manifest") _got=$(show "$ID/$1" | sum_of)
  fi
  [ "$_want" = "$_got" ] || fail store "read back of $ROOT/$ID/$1 differs (want $_want, got $_got): not committed"
}

# newest: the id of the newest backup that nobody doubts, the newest of all when each is doubted, or nothing.
newest() {
  take_inventory || fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"
  _newest=$(tail -n 1 "$WORK/good") _last=$(tail -n 1 "$WORK/committed")
  if [ -z "$_newest" ] && [ -n "$_last" ]; then
    say "WARNING: every backup at $ROOT is marked as suspect"
    _newest=$_last
  elif [ "$_newest" != "$_last" ]; then
    say "WARNING: $_last is newer, but marked as suspect: only --backup $_last takes it"
  fi
  printf %s "$_newest"
}

# list_backups: oldest first, with what is known of them.
list_backups() {
  take_inventory || fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"
  while read -r _id; do
    if grep -qx "$_id" "$WORK/good"; then echo "$_id"; else echo "$_id suspect"; fi
  done <"$WORK/committed"
}

# fetch_manifest ID: into $WORK/manifest, refused unless whole.
fetch_manifest() {
  is_id "$1" || fail config "a backup is named like 20260131T030000Z: $1"
  get "$1/manifest" "$WORK/manifest" || fail store "no committed backup $1 below $ROOT (manifest missing)"
  if ! grep -qx 'format=1' "$WORK/manifest" || [ "$(tail -n 1 "$WORK/manifest")" != end=1 ]; then
    fail verify "the manifest of $1 is truncated or of another format"
  fi
  sed -n 's/^file=//p' "$WORK/manifest" >"$WORK/files"
  [ -s "$WORK/files" ] || fail verify "the manifest of $1 lists no file"
}

# room_for_it: what the manifest lists and its plain text, before either is fetched.
room_for_it() {
  _kib=$(awk '{ total += $2 } END { printf "%.0f\n", total / 512 }' "$WORK/files")
  [ "$(free_kib)" -gt "$_kib" ] || fail space "staging has $(free_kib) KiB free, a restore of $1 takes $_kib (BACKUP_STAGING_DIR moves it)"
}

manifest_says() { sed -n "s/^$1=//p" "$WORK/manifest" | head -n 1; }

# fetch ID: every file of the backup, checked against the manifest before anything else happens.
fetch() {
  fetch_manifest "$1"
  room_for_it "$1"
  while read -r _sum _size _file; do
    case $_file in *[!a-z.]* | .* | manifest | '') fail verify "unexpected file in the manifest of $1: $_file" ;; esac
    get "$1/$_file" "$WORK/$_file" || fail store "cannot fetch $1/$_file: $(last_line "$WORK/rclone.err")"
    [ "$(sum_of <"$WORK/$_file")" = "$_sum" ] ||
      fail verify "checksum of $1/$_file differs ($(bytes_in "$WORK/$_file") bytes, the manifest says $_size): corrupted in the store"
  done <"$WORK/files"
}

# check_stored ID: the same without keeping the files. One that is damaged is marked, so that retention doesn't count on it.
check_stored() {
  fetch_manifest "$1"
  while read -r _sum _size _file; do
    [ "$(show "$1/$_file" | sum_of)" = "$_sum" ] || {
      mark_suspect "$1" "$_file does not match its manifest" || say "WARNING: $1 could not be marked as damaged"
      fail verify "$1/$_file does not match its manifest ($_size bytes expected)"
    }
  done <"$WORK/files"
}

# mark_suspect ID WHY: kept, and neither counted, nor restored unless it is named. To lift it, delete the mark.
mark_suspect() {
  printf '%s\n' "$2" >"$WORK/suspect"
  put "$WORK/suspect" "$1/suspect"
}
