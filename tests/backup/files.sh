# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Folders of files, by restic.

echo "files by restic"
fill() {
  rm -rf "$lab/files"
  mkdir -p "$lab/files/deep/er"
  for i in $(seq 40); do head -c $((i * 1500)) /dev/urandom >"$lab/files/$i"; done
  printf 'ü' >"$lab/files/deep/er/ hostile \$(touch pwned) 'name'"
  ln -s deep "$lab/files/link"
  : >"$lab/files/empty"
}
tree() { (cd "$1" && find . -type f -exec sha256sum {} + && find . -type l -printf '%p %l\n') | sort; }
uploads() {
  engine restic uploads ENCRYPT=restic "DATA=$lab/files" "$@"
  extra=("RESTIC_PASSWORD=pass word")
}
fill
tree "$lab/files" >"$lab/want"
for shell in sh "busybox ash"; do
  uploads
  [ "$shell" = sh ] || in_image
  script backup
  expect "restic backup ($shell)" 0 'OK uploads.production' '[ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ] && grep -qx "files=42" "$(newest)/manifest" && [ "$(metric last_size_bytes)" -gt 1000000 ]'
  script verify --drill
  expect "restic drill ($shell)" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
done
shell="sh"
no_stand_ins
rm "$lab/files/3"
echo changed >"$lab/files/4"
script restore --to "$lab/files.back"
expect "restic, every file is back" 0 '' 'tree "$lab/files.back" | cmp - "$lab/want"'
script restore --to "$lab/files"
expect "restic, onto what is there" 18 'holds something' '[ "$(cat "$lab/files/4")" = changed ]'
script restore --force-into "$lab/files"
expect "restic, in its place" 0 "what was there is now" 'tree "$lab/files" | cmp - "$lab/want" && [ "$(cat "$lab/files.before-"*/4)" = changed ]'
rm -rf "$lab/files.before-"* "$lab/files.back"
extra=("RESTIC_PASSWORD=other")
script restore --to "$lab/files.back"
expect "restic, the wrong password" 13 'wrong password' '[ ! -e "$lab/files.back" ]'
script backup
expect "restic, no second repository" 13 "can't be opened, and there are 1 backups" '[ "$(committed)" = 1 ]'
extra=()
script backup
expect "restic, no password" 64 'RESTIC_PASSWORD'
extra=("RESTIC_PASSWORD=pass word")
script backup --dry-run
expect "restic, rehearsal" 0 'nothing was stored' '[ "$(committed)" = 1 ]'
if [ "$(id -u)" != 0 ]; then
  chmod 000 "$lab/files/5"
  script backup
  expect "restic, a file that can't be read" 11 'could not be read' '[ "$(committed)" = 1 ]'
  chmod 644 "$lab/files/5"
else
  stand_in restic <<SH
#!/bin/sh
case "\$*" in *"backup --json"*) $(command -v restic) "\$@"; exit 3 ;; esac
exec $(command -v restic) "\$@"
SH
  script backup
  expect "restic, a file that can't be read" 11 'could not be read' '[ "$(committed)" = 1 ] && [ "$(RESTIC_PASSWORD="pass word" restic -q -r "$store/restic" snapshots --json | jq length)" = 1 ]'
  no_stand_ins
fi
settings "DATA=$lab/nowhere"
script backup
expect "restic, not mounted" 10 'not mounted'
mkdir -p "$lab/hollow"
settings "DATA=$lab/hollow"
script backup
expect "restic, emptied" 15 'only 0 files' '[ "$(committed)" = 1 ]'
settings "DATA=$lab/files" KEEP_DAILY=1 KEEP_LAST=1 KEEP_AT_LEAST=1 KEEP_WEEKLY=0
sleep 1
script backup
expect "restic, thinned out" 0 'pruned' '[ "$(committed)" = 1 ] && [ "$(RESTIC_PASSWORD="pass word" restic -q -r "$store/restic" snapshots --json | jq length)" = 1 ]'
for pack in $(find "$store/restic/data" -type f); do
  chmod 644 "$pack"
  printf XXXX | dd of="$pack" bs=1 seek=100 conv=notrunc 2>/dev/null
done
script verify --checksum
expect "restic, one byte changed" 12 'repository is damaged'
script restore --to "$lab/files.back"
expect "restic, nothing half is left" 18 '' '[ ! -e "$lab/files.back" ] && [ -z "$(find "$lab" -maxdepth 1 -name "*restoring*")" ]'
extra=()

echo "objects by rclone"
pictures() {
  engine rclone pictures ENCRYPT=none "$@"
  extra=(RCLONE_CONFIG_SOURCE_TYPE=local)
  PICTURES_BACKUP_URL="source:$lab/files"
}
fill
rm "$lab/files/link"
tree "$lab/files" >"$lab/want"
for shell in sh "busybox ash"; do
  pictures
  [ "$shell" = sh ] || in_image
  script backup
  expect "rclone backup ($shell)" 0 'OK pictures.production' '[ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ] && grep -qx "objects=42" "$(newest)/manifest" && [ "$(metric last_size_bytes)" -gt 1000000 ]'
  script verify --drill
  expect "rclone drill ($shell)" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
  no_stand_ins
done
shell="sh"
rm "$lab/files/3"
echo changed >"$lab/files/4"
script restore --to "source:$lab/files.back"
expect "rclone, every object is back" 0 '' 'tree "$lab/files.back" | cmp - "$lab/want"'
script restore --to "$lab/files"
expect "rclone, onto what is there" 18 'refusing to restore' '[ "$(cat "$lab/files/4")" = changed ]'
script restore --force-into "$lab/files"
expect "rclone, in its place" 0 "is in $lab/files-before" 'tree "$lab/files" | cmp - "$lab/want" && [ "$(cat "$lab/files-before-"*/4)" = changed ]'
script verify --checksum
expect "rclone, checksums" 0 'OK'
settings KEEP_DAILY=1 KEEP_LAST=1 KEEP_AT_LEAST=1 KEEP_WEEKLY=0
sleep 1
script backup
expect "rclone, thinned out" 0 'pruned' '[ "$(committed)" = 1 ] && [ "$(find "$store" -mindepth 1 -maxdepth 1 -type d -name "2*" | wc -l)" = 1 ]'
flip "$(newest)/objects/7" 20
script verify --checksum
expect "rclone, one byte changed" 12 'does not match' '[ -e "$(newest)/suspect" ]'
rm -rf "$lab/files.back"
script restore --to "$lab/files.back"
expect "rclone, what is damaged isn't left there" 12 'not what was backed up' '[ -z "$(find "$lab/files.back" -type f)" ]'
rm -rf "$lab/files"/*
script backup
expect "rclone, emptied" 15 'only 0 objects' '[ "$(committed)" = 1 ]'
PICTURES_BACKUP_URL=nowhere:x
script backup
expect "rclone, no such remote" 10 'cannot list the source'
extra=()
