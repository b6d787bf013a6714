# shellcheck shell=sh
# The manifest says what a backup consists of. It is stored last, read back, and ends in `end=1`: without it there is no backup.

# The engine's own lines come on stdin.
write_manifest() { # FILE...
  {
    printf 'format=1\nid=%s\nstore=%s\nenvironment=%s\nengine=%s\nencryption=%s\ntaken=%s\n' \
      "$ID" "$STORE" "$ENVIRONMENT" "$ENGINE" "$ENCRYPT" "$STARTED"
    cat
    for _file in "$@"; do
      printf 'file=%s %s %s\n' "$(sum_of <"$WORK/$_file")" "$(bytes_in "$WORK/$_file")" "$_file"
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
  for _file in "$@"; do
    put "$WORK/$_file" "$ID/$_file" || fail store "storing $_file at $ROOT/$ID failed: $(last_line "$WORK/rclone.err")"
    read_back "$_file"
  done
  put "$WORK/manifest" "$ID/manifest" || fail store "the manifest was not stored: $(last_line "$WORK/rclone.err")"
  show "$ID/manifest" | cmp -s - "$WORK/manifest" || fail store "the manifest reads back differently: not committed"
}

read_back() { # FILE
  if [ "$READ_BACK" = size ]; then
    _want=$(bytes_in "$WORK/$1") _got=$(stored_size "$ID/$1")
  else
    _want=$(sum_of <"$WORK/$1") _got=$(show "$ID/$1" | sum_of)
  fi
  [ "$_want" = "$_got" ] || fail store "read back of $ROOT/$ID/$1 differs (want $_want, got $_got): not committed"
}

# newest: the id of the newest committed backup, or nothing.
newest() {
  committed >"$WORK/committed" || fail store "cannot list $ROOT: $(last_line "$WORK/rclone.err")"
  tail -n 1 "$WORK/committed"
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

manifest_says() { sed -n "s/^$1=//p" "$WORK/manifest" | head -n 1; }

# fetch ID: every file of the backup, checked against the manifest before anything else happens.
fetch() {
  fetch_manifest "$1"
  while read -r _sum _size _file; do
    case $_file in *[!a-z.]* | .* | manifest | '') fail verify "unexpected file in the manifest of $1: $_file" ;; esac
    get "$1/$_file" "$WORK/$_file" || fail store "cannot fetch $1/$_file: $(last_line "$WORK/rclone.err")"
    [ "$(sum_of <"$WORK/$_file")" = "$_sum" ] ||
      fail verify "checksum of $1/$_file differs ($(bytes_in "$WORK/$_file") bytes, the manifest says $_size): corrupted in the store"
  done <"$WORK/files"
}

# check_stored ID: the same without keeping the files.
check_stored() {
  fetch_manifest "$1"
  while read -r _sum _size _file; do
    [ "$(show "$1/$_file" | sum_of)" = "$_sum" ] || fail verify "$1/$_file does not match its manifest ($_size bytes expected)"
  done <"$WORK/files"
}

# decrypt FILE: $WORK/FILE.age -> $WORK/FILE. The private key is a file, or the value of AGE_IDENTITY; it never reaches an argument.
decrypt() {
  [ "$(manifest_says encryption)" = age ] || return 0
  need age
  _key=${AGE_IDENTITY_FILE:-$WORK/identity}
  if [ -z "${AGE_IDENTITY_FILE-}" ]; then
    [ -n "${AGE_IDENTITY-}" ] || fail config "the private key is needed: set AGE_IDENTITY_FILE to its file, or AGE_IDENTITY to its text"
    printf '%s\n' "$AGE_IDENTITY" >"$_key"
  fi
  [ -r "$_key" ] || fail config "AGE_IDENTITY_FILE is not readable: $_key"
  age -d -i "$_key" -o "$WORK/$1" "$WORK/$1.age" 2>"$WORK/age.err" || fail verify "cannot decrypt $1: $(head -n 1 "$WORK/age.err")"
  rm -f "$WORK/$1.age"
}
