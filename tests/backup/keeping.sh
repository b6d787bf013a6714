# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What a backup is worth: who can open it, what retention counts on, what a run that failed leaves in the store, and what --dry-run asks.

echo "suspicion"
in_image
days() { for day in $(seq "$1" "$2"); do date -u -d "-$day days" +%Y%m%dT030000Z; done; }
marked() { find "$store" -name suspect -printf '%h\n' | sed 's,.*/,,' | sort | tr '\n' ' '; }
fresh
script backup
rm -rf "$lab/good" && cp -R "$(newest)" "$lab/good"
fresh && settings KEEP_DAILY=2 KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
# shellcheck disable=SC2046
seed $(days 1 3)
yesterday=$(date -u -d '-1 days' +%Y%m%d)
seed "${yesterday}T200000Z"
echo 'much smaller' >"$store/${yesterday}T200000Z/suspect"
script backup
expect "a suspect one takes no good one's place" 0 'pruned' '[ -e "$store/${yesterday}T030000Z/manifest" ] && [ -e "$store/${yesterday}T200000Z/manifest" ] && [ "$(committed)" = 3 ] && [ "$(metric kept)" = 2 ]'
script restore --list
expect "the list says which is suspect" 0 '' '[ "$(grep -c "T200000Z suspect$" "$lab/out")" = 1 ] && [ "$(wc -l <"$lab/out")" = 3 ]'
seed "$(date -u -d '-30 days' +%Y%m%d)T030000Z"
echo 'much smaller' >"$store/$(date -u -d '-30 days' +%Y%m%d)T030000Z/suspect"
mkdir "$store/$(date -u -d '-5 days' +%Y%m%d)T030000Z" "$store/$(date -u -d '-1 hour' +%Y%m%dT%H0000Z)"
touch "$store/$(date -u -d '-5 days' +%Y%m%d)T030000Z/database.dump.age"
sleep 1
script backup
expect "old suspects and what was never finished go" 0 'never finished' '[ ! -e "$store/$(date -u -d "-30 days" +%Y%m%d)T030000Z" ] && [ ! -e "$store/$(date -u -d "-5 days" +%Y%m%d)T030000Z" ] && [ -d "$store/$(date -u -d "-1 hour" +%Y%m%dT%H0000Z)" ]'
fresh
script backup
good=$(ids)
sleep 1
script backup
truncate -s 4000 "$(newest)/database.dump.age"
script verify --checksum
expect "what is damaged is marked" 12 'does not match' '[ "$(marked)" = "$(basename "$(newest)") " ] && [ "$(metric last_success_timestamp_seconds)" != "" ]'
script restore --dry-run
expect "the newest good one is restored" 0 "marked as suspect" 'grep -q "$good is whole" "$lab/err"'
script restore --dry-run --backup "$(basename "$(newest)")"
expect "the damaged one only when it is named" 12 'corrupted in the store'
no_stand_ins

echo "a run that failed"
fresh
stand_in cp <<SH
#!/bin/sh
case \$1 in *roles.sql.age) exit 1 ;; *) exec $(command -v cp) "\$@" ;; esac
SH
script backup
expect "leaves nothing in the store" 13 'storing roles.sql.age' '[ -z "$(ls "$store")" ]'
no_stand_ins

echo "rehearsal"
fresh
script backup --dry-run
expect "all is as it should be" 0 'nothing was stored' '[ "$(committed)" = 0 ] && [ "$(leftovers)" = 0 ] && [ -z "$(metric last_run_exit_code)" ]'
DB_BACKUP_URL=${DB_BACKUP_URL/pass/fail}
script backup --dry-run
expect "the wrong password" 10 'password authentication failed' '[ -z "$(metric last_run_exit_code)" ]'
fresh && settings "DESTINATION=$lab/nowhere"
script backup --dry-run
expect "no destination" 13 'not a writable directory'
fresh
script backup --dryrun
expect "a typo" 64 'usage' '[ "$(committed)" = 0 ]'

echo "room"
fresh
script backup
stand_in df <<'SH'
#!/bin/sh
printf 'Filesystem 1024-blocks Used Available Capacity Mounted\ntmpfs 100 0 100 0%% /\n'
SH
script restore --to anything
expect "none to restore" 16 'a restore of .* takes' '! databases | grep -q anything'
no_stand_ins

echo "OpenPGP"
gpg_home=$lab/gpg-home
mkdir -m 700 "$gpg_home"
undo=('gpgconf --homedir "$gpg_home" --kill all' "${undo[@]}")
gpg_key() { # NAME PASSPHRASE
  gpg --homedir "$gpg_home" --batch --quiet --pinentry-mode loopback --passphrase "$2" --quick-generate-key "$1" rsa2048 encr never 2>/dev/null
  gpg --homedir "$gpg_home" --with-colons --list-keys "$1" | awk -F: '$1 == "fpr" { print $10; exit }'
}
first=$(gpg_key one@example.org '') second=$(gpg_key two@example.org 'pass word')
gpg --homedir "$gpg_home" --quiet --armor --export >"$lab/ops/backup/db/gpg-recipients.asc"
gpg --homedir "$gpg_home" --batch --pinentry-mode loopback --passphrase 'pass word' --armor --export-secret-keys "$second" >"$lab/gpg-private" 2>/dev/null
with_gpg() { fresh && settings ENCRYPT=gpg "GPG_KEYS=$first $second" && sed -i '/^RECIPIENTS=/d' "$conf"; }
with_gpg
script backup
expect "backup to two OpenPGP keys" 0 'OK' '[ "$(committed)" = 1 ] && [ -e "$(newest)/database.dump.gpg" ] && ! grep -q "PGDMP" "$(newest)/database.dump.gpg"'
extra=("GPG_PRIVATE_KEY=$(cat "$lab/gpg-private")" "GPG_PASSPHRASE=pass word")
script verify --drill
expect "drill with one of them" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ]'
extra=("GPG_PRIVATE_KEY_FILE=$lab/gpg-private" "GPG_PASSPHRASE=wrong")
script restore --dry-run
expect "the wrong passphrase" 12 'cannot decrypt\|Bad passphrase'
extra=()
script restore --dry-run
expect "no private key" 64 'GPG_PRIVATE_KEY_FILE'
with_gpg && settings "GPG_KEYS=$first 0123456789ABCDEF0123456789ABCDEF01234567"
script backup
expect "a fingerprint without a key" 64 'no usable key' '[ "$(committed)" = 0 ]'
with_gpg && settings 'GPG_KEYS=--output x'
script backup
expect "no fingerprint" 64 'GPG_KEYS are fingerprints'
