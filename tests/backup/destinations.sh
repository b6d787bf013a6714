# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Where backups go: a real S3-compatible server that checks signatures, and disks that are full.

# The tests of MariaDB leave their server running; without them there is PostgreSQL only.
stores=db
[ -z "${mariadbd-}" ] || stores='db orders'

read -r -a ports < <(python3 -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(8)]
print(*(s.getsockname()[1] for s in held))')
mkdir "$lab/s3"
printf '{"identities": [{"name": "lab", "credentials": [{"accessKey": "lab", "secretKey": "lab/+= secret"}], "actions": ["Admin"]}]}' >"$lab/s3/identities.json"
start_s3() {
  weed -logtostderr=true server -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$lab/s3" -master.volumeSizeLimitMB=16 -volume.max=0 -volume.minFreeSpace=1MiB \
    -master.port="${ports[0]}" -master.port.grpc="${ports[1]}" -volume.port="${ports[2]}" -volume.port.grpc="${ports[3]}" \
    -filer -filer.port="${ports[4]}" -filer.port.grpc="${ports[5]}" -s3 -s3.port="${ports[6]}" -s3.port.grpc="${ports[7]}" \
    -s3.config="$lab/s3/identities.json" >>"$lab/s3/log" 2>&1 &
  s3=$!
}
bucket() {
  env -u AWS_CA_BUNDLE AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY='lab/+= secret' RCLONE_S3_ENV_AUTH=true RCLONE_S3_PROVIDER=Other RCLONE_S3_ENDPOINT="http://127.0.0.1:${ports[6]}" \
    timeout 30 rclone --retries 1 --log-level ERROR "$@"
}
on_s3() { # STORE: a fresh start with an empty prefix of the bucket as the destination
  prefix=$1-$rows
  case $1 in
    db) fresh && folder=db file=database.dump.age ;;
    orders) orders && file=database.sql.gz.age ;;
  esac
  settings "DESTINATION=s3://vault/$prefix"
  extra=(AWS_ACCESS_KEY_ID=lab "AWS_SECRET_ACCESS_KEY=lab/+= secret" AWS_REGION=us-east-1 RCLONE_S3_PROVIDER=Other "RCLONE_S3_ENDPOINT=http://127.0.0.1:${ports[6]}")
}
stored() { bucket lsf -R --files-only --include "${1:-manifest}" ":s3:vault/$prefix/production" 2>/dev/null | wc -l; }
compared() { # STORE: the restored database and what was there at first
  case $1 in
    db) everything shop >"$lab/want" && everything from_s3 >"$lab/got" && q -c 'DROP DATABASE from_s3' ;;
    orders) contents shop >"$lab/want" && contents from_s3 | sed 's/`from_s3`\.//g' >"$lab/got" && my -e 'DROP DATABASE from_s3' ;;
  esac
  cmp "$lab/want" "$lab/got" && [ "$(wc -l <"$lab/got")" -gt 30000 ]
}

echo "s3"
start_s3
undo=('kill -KILL "$s3"; wait "$s3"' "${undo[@]}")
# A bucket is there before anything can be put into it.
soon 'bucket mkdir :s3:vault && echo ready | bucket rcat :s3:vault/ready'
for store_name in $stores; do
  on_s3 "$store_name"
  script backup
  expect "s3 backup of $store_name" 0 'OK' '[ "$(stored)" = 1 ] && [ "$(leftovers)" = 0 ]'
  script restore --to from_s3
  expect "s3, every row of $store_name is back" 0 '' 'compared "$store_name"'
  script verify --checksum
  expect "s3 checksums of $store_name" 0 'OK'
  script verify --drill
  expect "s3 drill of $store_name" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
  extra[1]='AWS_SECRET_ACCESS_KEY=wrong'
  script backup
  expect "s3, wrong key, $store_name" 13 'Forbidden\|SignatureDoesNotMatch' '[ "$(stored)" = 1 ] && [ "$(metric last_run_exit_code)" = 13 ]'
  on_s3 "$store_name"
  stand_in rclone <<SH
#!/bin/sh
case " \$* " in *" copyto "*.age" "*) kill -KILL \$\$ ;; *) exec $(command -v rclone) "\$@" ;; esac
SH
  fault 18
  script backup
  expect "s3, upload killed, $store_name" 13 'storing .* failed' '[ "$(stored)" = 0 ]'
  stand_in rclone <<SH
#!/bin/sh
case " \$* " in
  *" copyto "*.age" "*)
    for last in "\$@"; do :; done
    head -c 5000 "\$BACKUP_STATE_DIR"/staging/*/$file | $(command -v rclone) rcat "\$last"
    ;;
  *) exec $(command -v rclone) "\$@" ;;
esac
SH
  fault 17
  script backup
  expect "s3, upload cut and nothing said so, $store_name" 13 'differs' '[ "$(stored)" = 0 ] && [ "$(stored "*.age")" = 0 ]'
  no_stand_ins
  fault
  sleep 1
  script backup
  expect "s3, the next one is good, $store_name" 0 'OK' '[ "$(stored)" = 1 ]'
  fault 21
  printf X | bucket rcat ":s3:vault/$prefix/production/$(bucket lsf -R --files-only --include manifest ":s3:vault/$prefix/production" | cut -d/ -f1)/$file"
  script verify --checksum
  expect "s3, an object overwritten, $store_name" 12 'does not match'
done
fault 27
on_s3 db
prefix='pre fix/$(touch pwned) `touch pwned`'
settings "DESTINATION=s3://vault/$prefix"
script backup
[ "$rc" != 0 ] || script verify --drill
expect "s3, hostile prefix" 0 'OK' '[ "$(stored)" = 1 ] && [ -z "$(find "$lab" / -maxdepth 2 -name pwned 2>/dev/null)" ]'
kill -KILL "$s3"
wait "$s3" 2>/dev/null || :
fault 15
on_s3 db
began=$(date +%s)
script backup
expect "s3 down" 13 'connection refused' '[ "$(($(date +%s) - began))" -lt 60 ] && [ "$(metric last_run_exit_code)" = 13 ] && [ "$(leftovers)" = 0 ]'
extra=()
fault

echo "full disks"
if [ "$(id -u)" = 0 ] && mkdir "$lab/small" && mount -t tmpfs -o size=1m tmpfs "$lab/small" 2>/dev/null; then
  undo=('umount "$lab/small"' "${undo[@]}")
  for store_name in $stores; do
    on_s3 "$store_name"
    extra=()
    settings "DESTINATION=$lab/small"
    fault 12
    script backup
    expect "destination full, $store_name" 13 'storing .* failed' '[ -z "$(find "$lab/small" -name manifest -o -name "*.partial*")" ] && [ "$(metric last_run_exit_code)" = 13 ]'
    rm -rf "$lab/small"/*
    settings "DESTINATION=$lab/run/destination"
    export BACKUP_STAGING_DIR=$lab/small/staging
    [ "$store_name" = db ] || my shop -e 'ANALYZE TABLE orders' >/dev/null # the server guesses its size until then
    fault 10
    script backup
    expect "staging too small, $store_name" 16 'refusing to start' '[ "$(committed)" = 0 ]'
    stand_in df <<'SH'
#!/bin/sh
printf 'Filesystem 1024-blocks Used Available Capacity Mounted\ntmpfs 99999999 0 99999999 0%% /\n'
SH
    fault 11
    script backup
    expect "staging fills up in the middle, $store_name" 11 'No space left\|no space left' '[ "$(committed)" = 0 ] && [ "$(metric last_run_exit_code)" = 11 ] && [ -z "$(ls "$BACKUP_STAGING_DIR")" ]'
    no_stand_ins
    unset BACKUP_STAGING_DIR
    fault 13
    mount -o remount,ro "$lab/small"
    settings "DESTINATION=$lab/small"
    script backup
    expect "destination read-only, $store_name" 13 'not a writable directory'
    mount -o remount,rw "$lab/small"
    rm -rf "$lab/small"/*
    fault
  done
else
  echo "  not run: small file systems are mounted by root only"
fi

there_and_back() { # NAME of the destination
  script backup
  expect "$1 backup" 0 'OK'
  script verify --drill
  expect "$1 drill" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
  script restore --list
  expect "$1 list" 0 '' '[ "$(wc -l <"$lab/out")" = 1 ]'
}

echo "google cloud storage (its emulator)"
emulator=$here/../../target/tools/python/bin/gcp-storage-emulator
"$emulator" start --host=127.0.0.1 --port="${ports[5]}" --in-memory --default-bucket=vault >"$lab/gcs.log" 2>&1 &
gcs=$!
undo=('kill -KILL "$gcs"' "${undo[@]}")
soon '(: <"/dev/tcp/127.0.0.1/${ports[5]}")'
fresh && folder=db && settings "DESTINATION=gs://vault/db"
extra=(RCLONE_GCS_ANONYMOUS=true "RCLONE_GCS_ENDPOINT=http://127.0.0.1:${ports[5]}/storage/v1/")
there_and_back gs
settings "DESTINATION=gs://other/db"
script backup
expect "gs, no such bucket" 13 'storing .* failed\|cannot list'
kill -KILL "$gcs"
wait "$gcs" 2>/dev/null || :
extra=()

echo "azure blob storage (its emulator)"
azurite-blob --silent --skipApiVersionCheck --disableTelemetry --inMemoryPersistence --blobHost 127.0.0.1 --blobPort "${ports[6]}" >"$lab/azure.log" 2>&1 &
azure=$!
undo=('kill -KILL "$azure"' "${undo[@]}")
soon '(: <"/dev/tcp/127.0.0.1/${ports[6]}")'
# A URL with a signature, as an account gives it. The emulator's account and key are the same everywhere, and no secret.
azure_url() { # RIGHTS
  python3 - "$1" "${ports[6]}" <<'PY'
import base64, hashlib, hmac, sys, urllib.parse
rights, port = sys.argv[1:]
account, key = "devstoreaccount1", base64.b64decode("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")
said = {"sv": "2019-12-12", "ss": "b", "srt": "sco", "sp": rights, "se": "2099-01-01T00:00:00Z", "spr": "https,http"}
signed = "\n".join([account, said["sp"], said["ss"], said["srt"], "", said["se"], "", said["spr"], said["sv"], ""])
said["sig"] = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
print(f"http://127.0.0.1:{port}/{account}?{urllib.parse.urlencode(said)}")
PY
}
RCLONE_CONFIG='' RCLONE_AZUREBLOB_SAS_URL=$(azure_url rwdlac) rclone mkdir :azureblob:vault
fresh && folder=db && settings "DESTINATION=azblob://vault/db"
extra=("RCLONE_AZUREBLOB_SAS_URL=$(azure_url rwdlac)")
there_and_back azure
extra=("RCLONE_AZUREBLOB_SAS_URL=$(azure_url rl)")
script backup
expect "azure, may not write" 13 'storing .* failed'
settings "DESTINATION=azblob://other/db"
script backup
expect "azure, no such container" 13 'storing .* failed\|cannot list'
kill -KILL "$azure"
wait "$azure" 2>/dev/null || :
extra=()
