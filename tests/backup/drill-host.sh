# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A drill on a machine of one's own: what arrives there is run as the user backup, who can read neither the home of whom ssh entered
# as nor root's. The machine is a folder; without root it is this user's, and its accounts are played.

echo "a drill on a machine of one's own"
fresh
script backup
machine=$lab/machine
home=$machine/home
rm -rf "$machine"
mkdir -p "$home/.backup-drill/drill" "$machine/etc/backup" "$machine/bin"
cp -R "$lab/ops/backup/lib" "$lab/ops/backup/db" "$home/.backup-drill"
cp "$conf" "$home/.backup-drill/db/production.conf"
cp "$blueprints/drill-host/on-host.sh.tera" "$home/.backup-drill/drill/on-host.sh"
on_machine=("PATH=$machine/bin:$PATH" "HOME=$home" "BACKUP_ROOT=$machine")
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$machine" "$machine/etc"
  chown -R backup:backup "$lab/run/destination"
else
  printf '#!/bin/sh\n:\n' | tee "$machine/bin/id" >"$machine/bin/chown"
  printf '#!/bin/sh\nfor folder; do :; done\nmkdir -p "$folder"\n' >"$machine/bin/install"
  printf '#!/bin/sh\nshift 3\nexec "$@"\n' >"$machine/bin/setpriv"
  chmod 755 "$machine/bin/"*
fi
chmod 700 "$home"
secrets=$machine/etc/backup/db.production.drill.env
drill() {
  (cd "$home" && env -i "${on_machine[@]}" sh .backup-drill/drill/on-host.sh db production) >"$lab/out" 2>"$lab/err" </dev/null && rc=0 || rc=$?
}
drill
expect "no secrets" 1 'db.production.drill.env is missing'
{
  echo "DB_BACKUP_URL='$DB_BACKUP_URL'"
  echo "AGE_IDENTITY='$(grep -v '^#' "$lab/key2")'"
  echo "BACKUP_STATE_DIR='$machine/var/lib/backup'"
} >"$secrets"
chmod 644 "$secrets"
drill
expect "secrets that others can read" 1 'chmod 600'
chmod 600 "$secrets"
mkdir -p "$machine/var/lib"
drill
expect "drilled as the user backup" 0 'OK' 'grep -q "^backup=.* tables=3 " "$lab/out" && [ -z "$(ls "$machine/opt")" ] && grep -qx last_restore_test_exit_code=0 "$store/drill/last" && ! databases | grep -q drill_'
settings "DESTINATION=rclone::local:$lab/run/destination"
cp "$conf" "$home/.backup-drill/db/production.conf"
drill
expect "drilled through rclone" 0 'OK' '[ -z "$(ls "$machine/opt")" ]'
sed -i "s/^AGE_IDENTITY=.*/AGE_IDENTITY='$(grep -v '^#' "$lab/key3" 2>/dev/null || age-keygen 2>/dev/null | grep -v '^#')'/" "$secrets"
drill
expect "with a key that opens nothing" 12 'cannot decrypt' '[ -z "$(ls "$machine/opt")" ] && grep -qx last_restore_test_exit_code=12 "$store/drill/last"'
fresh
