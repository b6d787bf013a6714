# shellcheck shell=sh
# Two kinds of destination, one contract: put is whole or fails, and a backup exists once its manifest is stored.
# A destination is /a/directory, s3://bucket/prefix, gs://bucket/prefix, azblob://container/prefix or rclone:REMOTE:path.
# Credentials come from the environment (AWS_ACCESS_KEY_ID and its kin, a role, or rclone's own variables), never from here.

open_destination() {
  KIND=rclone
  case $DESTINATION in
    /*) KIND=local ROOT=${DESTINATION%/}/$ENVIRONMENT ;;
    s3://*)
      ROOT=:s3:${DESTINATION#s3://}
      : "${RCLONE_S3_ENV_AUTH:=true}" "${RCLONE_S3_PROVIDER:=AWS}" "${RCLONE_S3_NO_CHECK_BUCKET:=true}"
      export RCLONE_S3_ENV_AUTH RCLONE_S3_PROVIDER RCLONE_S3_NO_CHECK_BUCKET
      # rclone signs for us-east-1 whatever AWS_REGION says, and asks where the bucket lies, which credentials of a backup needn't be allowed.
      [ -z "${AWS_REGION-}" ] || export RCLONE_S3_REGION="${RCLONE_S3_REGION:-$AWS_REGION}"
      ;;
    gs://*)
      ROOT=:gcs:${DESTINATION#gs://}
      if [ -z "${RCLONE_GCS_SERVICE_ACCOUNT_CREDENTIALS-}${RCLONE_GCS_SERVICE_ACCOUNT_FILE-}${RCLONE_GCS_ANONYMOUS-}" ]; then
        export RCLONE_GCS_ENV_AUTH=true
      fi
      : "${RCLONE_GCS_BUCKET_POLICY_ONLY:=true}" "${RCLONE_GCS_NO_CHECK_BUCKET:=true}"
      export RCLONE_GCS_BUCKET_POLICY_ONLY RCLONE_GCS_NO_CHECK_BUCKET
      ;;
    azblob://*)
      ROOT=:azureblob:${DESTINATION#azblob://}
      if [ -z "${RCLONE_AZUREBLOB_KEY-}${RCLONE_AZUREBLOB_SAS_URL-}${RCLONE_AZUREBLOB_USE_EMULATOR-}" ]; then
        export RCLONE_AZUREBLOB_ENV_AUTH=true
      fi
      : "${RCLONE_AZUREBLOB_NO_CHECK_CONTAINER:=true}"
      export RCLONE_AZUREBLOB_NO_CHECK_CONTAINER
      ;;
    rclone:*:*) ROOT=${DESTINATION#rclone:} ;;
    '') fail config "DESTINATION is empty" ;;
    *) fail config "DESTINATION is a directory or a URL (s3://, gs://, azblob://, rclone:REMOTE:path): $DESTINATION" ;;
  esac
  [ "$KIND" = local ] || ROOT=${ROOT%/}/$ENVIRONMENT
}

# Bounded retries: a destination that is down must cost seconds, not the night. fd 9 is the lock; nobody inherits it.
cloud_into() { # ERROR-FILE ARGUMENT...
  _errors=$1
  shift
  timeout "$TIMEOUT_SECONDS" rclone --log-level ERROR --retries 3 --low-level-retries 5 --contimeout 15s --timeout 120s "$@" \
    2>"$_errors" 9>&-
}

cloud() { # ARGUMENT...
  cloud_into "$WORK/cloud.err" "$@"
  _ended=$?
  cat "$WORK/cloud.err" >>"$WORK/rclone.err"
  return $_ended
}

# Writing is the only honest test of a writable directory; a mount that is missing must not be created as a folder.
destination_ready() {
  if [ "$KIND" = rclone ]; then
    need rclone
    return 0
  fi
  if [ ! -d "$DESTINATION" ] || ! (: >"$DESTINATION/.probe.$$") 2>/dev/null; then
    fail store "$DESTINATION is not a writable directory (not mounted?)"
  fi
  rm -f "$DESTINATION/.probe.$$"
}

put() { # FILE KEY
  if [ "$KIND" = rclone ]; then
    cloud copyto --no-traverse "$1" "$ROOT/$2"
    return
  fi
  _dir=$ROOT/${2%/*}
  mkdir -p "$_dir" || return 1
  if cp "$1" "$_dir/.partial.$$" && { sync "$_dir/.partial.$$" 2>/dev/null || sync; } &&
    mv -f "$_dir/.partial.$$" "$ROOT/$2"; then
    return 0
  fi
  rm -f "$_dir/.partial.$$"
  return 1
}

show() { # KEY
  case $KIND in
    local) cat "$ROOT/$1" 2>/dev/null ;;
    *) cloud cat "$ROOT/$1" ;;
  esac
}

get() { # KEY FILE
  case $KIND in
    local) cp "$ROOT/$1" "$2" 2>/dev/null ;;
    *) cloud copyto "$ROOT/$1" "$2" && [ -f "$2" ] ;;
  esac
}

stored_size() { # KEY
  case $KIND in
    local) bytes_in "$ROOT/$1" ;;
    *) cloud lsf --format s "$ROOT/$1" ;;
  esac
}

# The manifest goes first: a half-deleted backup is never mistaken for a good one.
remove_files() { # ID
  case $KIND in
    local) rm -f "$ROOT/$1/manifest" && rm -rf "${ROOT:?}/${1:?}" ;;
    *) cloud deletefile "$ROOT/$1/manifest" && cloud delete "$ROOT/$1" ;;
  esac
}

remove() { remove_files "$1"; }

# discard_files ID: what a run stored and never committed.
discard_files() {
  case $KIND in
    local) rm -rf "${ROOT:?}/${1:?}" ;;
    *) cloud delete "$ROOT/$1" ;;
  esac
}
discard() { discard_files "$1"; }

# cloud_list ARGUMENT...: into $WORK/listing. It fails when the listing fails: that is not "none".
cloud_list() {
  # Judged by its own errors: "not found" of another call must not turn a listing that was refused into an empty one.
  cloud_into "$WORK/listing.err" lsf "$@" "$ROOT" >"$WORK/listing" && return
  cat "$WORK/listing.err" >>"$WORK/rclone.err"
  grep -q 'directory not found' "$WORK/listing.err" || return 1
  : >"$WORK/listing"
}

# take_inventory: ids that have a manifest into $WORK/committed, those of them without a mark of suspicion into $WORK/good, oldest first.
take_inventory() {
  if [ "$KIND" = rclone ]; then
    cloud_list -R --files-only --include '/*/manifest' --include '/*/suspect' || return 1
  else
    [ -d "$DESTINATION" ] || return 1
    for _file in "$ROOT"/*/manifest "$ROOT"/*/suspect; do
      [ ! -f "$_file" ] || printf '%s\n' "${_file#"$ROOT/"}"
    done >"$WORK/listing"
  fi
  sed -n 's,^\([0-9]\{8\}T[0-9]\{6\}Z\)/manifest$,\1,p' "$WORK/listing" | sort >"$WORK/committed"
  sed -n 's,/suspect$,,p' "$WORK/listing" >"$WORK/marked"
  without "$WORK/marked" "$WORK/committed" >"$WORK/good"
}

# abandoned: ids of folders without a manifest, of runs that ended more than a day ago.
abandoned() {
  if [ "$KIND" = rclone ]; then
    cloud_list --dirs-only || return 1
  else
    for _file in "$ROOT"/*/; do
      [ ! -d "$_file" ] || basename "$_file"
    done >"$WORK/listing"
  fi
  sed 's,/$,,' "$WORK/listing" | while read -r _id; do
    if is_id "$_id" && ! grep -qx "$_id" "$WORK/committed" && [ $(($(now) - $(id_seconds "$_id"))) -gt 86400 ]; then echo "$_id"; fi
  done
}

storage_errors() { sed 's/^/rclone: /' "$WORK/rclone.err" 2>/dev/null | tail -n 5 >&2; }
