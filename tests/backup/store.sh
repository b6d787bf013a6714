# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What happens to copies: cut, damaged, hidden, misdated, unreadable.

echo "store"
fault 21
fresh
script backup
flip "$(newest)/database.dump.age" 3000
script verify --checksum
expect "one byte changed, checked" 12 'does not match'
script restore --to damaged
expect "one byte changed, restored" 12 'corrupted in the store' '! databases | grep -q damaged'
fault 22
truncate -s 4000 "$(newest)/database.dump.age"
script verify --checksum
expect "file truncated" 12 'does not match'
rm "$(newest)/database.dump.age"
script verify --checksum
expect "file gone, checked" 12 'does not match'
script restore --to damaged
expect "file gone, restored" 13 'cannot fetch' '! databases | grep -q damaged'
sed -i '/^end=/d' "$(newest)/manifest"
script verify --checksum
expect "manifest cut, checked" 12 'truncated'
script restore --to damaged
expect "manifest cut, restored" 12 'truncated' '! databases | grep -q damaged'
fault 23
fresh
script backup
mkdir "$store/20991231T000000Z" && cp "$(newest)/database.dump.age" "$store/20991231T000000Z/"
script restore --dry-run
expect "without a manifest it is no backup" 0 'whole and readable' '! grep -q 2099 "$lab/err"'
script verify --drill
expect "nor drilled" 0 'OK' '[ "$(ids)" = "$(basename "$(newest)")" ]'
fault 17
fresh
stand_in cp <<SH
#!/bin/sh
case \$1 in *.age) head -c 5000 "\$1" >"\$2" ;; *) exec $(command -v cp) "\$@" ;; esac
SH
script backup
expect "stored short, and nothing said so" 13 'differs' '[ "$(committed)" = 0 ]'
settings READ_BACK=size
script backup
expect "the same, sizes compared" 13 'differs' '[ "$(committed)" = 0 ]'
no_stand_ins
fault 18
fresh
seed 20260102T030000Z
stand_in cp <<SH
#!/bin/sh
case \$1 in */roles.sql.age) kill -KILL \$\$ ;; *) exec $(command -v cp) "\$@" ;; esac
SH
script backup
expect "the copy of the second file is killed" 13 'storing roles' '[ "$(ids)" = 20260102T030000Z ]'
sleep 1
sed -i 's/\$\$/$PPID $$/' "$lab/bin/cp"
script backup 2>/dev/null
no_stand_ins
promises= # a script that was killed can't keep any
expect "the whole run is, there" 137 '' '[ "$(ids)" = 20260102T030000Z ] && [ "$(find "$store" -name database.dump.age -newer "$conf" | wc -l)" -ge 1 ]'
script restore --list
expect "half a backup isn't listed" 0 '' '[ "$(cat "$lab/out")" = 20260102T030000Z ]'
script verify
expect "nor young enough" 17 '20260102T030000Z is'
unlocked
sleep 1
script backup
expect "nor counted by retention" 0 'OK' '[ "$(metric kept)" = 2 ] && [ -e "$store/20260102T030000Z/manifest" ]'
fault 33
seed 20260303T030000Z
stand_in date <<SH
#!/bin/sh
case "\$*" in *%Y%m%dT%H%M%SZ*) echo 20260303T030000Z ;; *) exec $(command -v date) "\$@" ;; esac
SH
manifest=$(cksum <"$store/20260303T030000Z/manifest")
script backup
no_stand_ins
expect "the same second twice" 13 'refusing to overwrite' '[ "$(cksum <"$store/20260303T030000Z/manifest")" = "$manifest" ]'
fault
fresh && settings "DESTINATION=rclone::local:$lab/run/destination"
script backup
[ "$rc" != 0 ] || script verify --checksum
[ "$rc" != 0 ] || script verify --drill
expect "through rclone" 0 'OK' '[ "$(committed)" = 1 ]'
fault 16
stand_in rclone <<SH
#!/bin/sh
case " \$* " in *" lsf -R "*) echo "AccessDenied" >&2; exit 3 ;; *) exec $(command -v rclone) "\$@" ;; esac
SH
sleep 1
script backup
expect "listing denied" 14 'that is not the same as no backups' '[ "$(committed)" = 2 ] && [ "$(metric last_prune_success)" = 0 ] && [ "$(metric last_run_exit_code)" = 14 ]'
script verify
expect "listing denied, asked" 13 'AccessDenied'
no_stand_ins
fault
fresh && settings "DESTINATION=rclone::local:$lab/run/destination" KEEP_DAILY=2d KEEP_WEEKLY=0 KEEP_MONTHLY=0 KEEP_LAST=1 KEEP_AT_LEAST=1
seed "$(date -u -d '-1 day' +%Y%m%dT030000Z)" "$(date -u -d '-2 days' +%Y%m%dT030000Z)"
script backup
expect "thinned out through rclone" 0 'pruned' '[ "$(committed)" = 2 ]'
fault 14
fresh && settings "DESTINATION=$lab/run/not-mounted"
script backup
expect "destination not mounted" 13 'not mounted' '[ ! -e "$lab/run/not-mounted" ]'
fault 27
hostile="$lab/run/de st \$(touch pwned) \`touch pwned\` 'q' \"*"
fresh && mkdir "$hostile" && settings "DESTINATION=$hostile"
script backup
[ "$rc" != 0 ] || script verify --drill
expect "hostile path" 0 'OK' '[ -z "$(find "$lab" / -maxdepth 2 -name pwned 2>/dev/null)" ] && [ "$(find "$hostile/production" -name manifest | wc -l)" = 1 ]'
settings "DESTINATION=rclone::local:$hostile"
sleep 1
script backup
[ "$rc" != 0 ] || script verify --drill
expect "hostile path, through rclone" 0 'OK' '[ -z "$(find "$lab" / -maxdepth 2 -name pwned 2>/dev/null)" ] && [ "$(find "$hostile/production" -name manifest | wc -l)" = 2 ]'
fault 46
fresh
sed -i 's/^row=public.orders\t30000/row=public.orders\t30001/' "$lab/good/manifest"
seed "$(date -u +%Y%m%dT%H%M%SZ)"
script verify --drill
expect "a row is missing, drill" 12 'not what was backed up' '[ "$(metric last_restore_test_exit_code)" = 12 ] && ! databases | grep -q drill_'
sed -i 's/^row=public.orders\t30001/row=public.orders\t30000/' "$lab/good/manifest"
fault 41
age-keygen -o "$lab/key3" 2>/dev/null
AGE_IDENTITY_FILE=$lab/key3
script verify --drill
expect "wrong private key" 12 'cannot decrypt' '[ "$(metric last_restore_test_exit_code)" = 12 ] && ! databases | grep -q drill_'
fresh && : >"$lab/ops/backup/db/age-recipients.txt"
script backup
expect "nobody could open it" 64 'nobody can open' '[ "$(committed)" = 0 ]'
fresh && head -n 1 "$lab/recipients" >"$lab/ops/backup/db/age-recipients.txt"
script backup
expect "one key only" 0 'WARNING: only one recipient'
fault 44
fresh && settings RTO_SECONDS=1
script backup
stand_in age <<SH
#!/bin/sh
case " \$* " in *" -d "*) sleep 2 ;; esac
exec $(command -v age) "\$@"
SH
script verify --drill
expect "slower than promised" 19 'promised are 1 s' '[ "$(metric last_restore_test_exit_code)" = 19 ] && [ "$(metric last_restore_test_seconds)" -ge 2 ] && [ -z "$(metric last_restore_test_timestamp_seconds)" ] && ! databases | grep -q drill_'
no_stand_ins
fault
