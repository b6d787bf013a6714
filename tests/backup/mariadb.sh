# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A MariaDB of our own on a unix socket: back up, damage, restore, compare every row; then the same faults as PostgreSQL's.

sock=$lab/mariadb/s
my() { MYSQL_PWD=root mariadb --no-defaults -S "$sock" -uroot -N --batch --default-character-set=utf8mb4 "$@"; }
# Servers refuse to run as root.
as_nobody=()
[ "$(id -u)" != 0 ] || as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
start_mariadb() {
  "${as_nobody[@]}" mariadbd --no-defaults --datadir="$lab/mariadb/data" --socket="$sock" --skip-networking --innodb-flush-log-at-trx-commit=0 \
    --innodb-buffer-pool-size=32M --character-set-server=utf8mb4 --event-scheduler=ON >>"$lab/mariadb/log" 2>&1 &
  mariadbd=$!
  soon 'mariadb-admin --no-defaults -S "$sock" ping >/dev/null'
}
stop_mariadb() {
  kill "$mariadbd"
  wait "$mariadbd" || :
}
schemas() { my -e 'SHOW DATABASES'; }
queries() { my -e "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'backup'"; }

# contents DATABASE: every value of every row, as text or hex, then what else there is, without asking the tools under test.
contents() {
  my -r "$1" <<'SQL' >"$lab/questions"
SELECT CONCAT('SELECT ', QUOTE(table_name), ', ', GROUP_CONCAT('COALESCE(HEX(CAST(`', REPLACE(column_name, '`', '``'), '` AS BINARY)), ''null'')' ORDER BY ordinal_position),
              ' FROM `', REPLACE(table_name, '`', '``'), '`;')
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' GROUP BY table_name ORDER BY table_name;
SQL
  my "$1" <"$lab/questions" | LC_ALL=C sort || return 1
  # When a trigger was made is no part of it.
  my "$1" -e 'SHOW CREATE VIEW unpaid; SHOW CREATE TRIGGER noted; SHOW CREATE PROCEDURE twice; SHOW CREATE FUNCTION thrice; SELECT * FROM tickets' |
    sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:.]+//; s/`shop(_restored)?`\.//g'
}
orders() { # SETTING...: a fresh start
  extra=() AGE_IDENTITY_FILE=$lab/key2
  engine mysql orders RESTORE_URL_FROM=ORDERS_RESTORE_URL LOCK_WAIT_SECONDS=30 "$@"
  ORDERS_BACKUP_URL="mysql://backup:pass%20word%2F%40%3A%3F%25%22%5C%23%27@${sock//\//%2F}/shop"
  ORDERS_RESTORE_URL="mysql+pymysql://root:root@/shop?unix_socket=${sock//\//%2F}&charset=utf8mb4"
  AGE_IDENTITY_FILE=$lab/key2
}

echo "mariadb"
mkdir "$lab/mariadb"
[ "$(id -u)" != 0 ] || chown nobody "$lab/mariadb"
"${as_nobody[@]}" mariadb-install-db --no-defaults --datadir="$lab/mariadb/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
start_mariadb
undo=(stop_mariadb "${undo[@]}")
mariadb --no-defaults -S "$sock" -uroot -e "CREATE DATABASE shop CHARACTER SET utf8mb4; SET PASSWORD FOR root@localhost = PASSWORD('root'); DROP USER IF EXISTS ''@localhost"
my shop <"$here/orders.sql"
contents shop >"$lab/before"
for shell in sh "busybox ash"; do
  command -v "${shell%% *}" >/dev/null || continue
  case $shell in
    sh) orders ;;
    *) # with busybox's tools too, as in the image
      mkdir -p "$lab/applets"
      busybox --install -s "$lab/applets"
      orders COUNTS=digest
      path=$lab/applets:$PATH
      ;;
  esac
  script backup
  expect "backup ($shell)" 0 'OK orders.production' '[ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ] && [ ! -s "$lab/out" ] && [ "$(queries)" = 0 ] && [ -n "$(metric last_success_timestamp_seconds)" ]'
  my shop -e 'DROP TABLE `lines`; UPDATE orders SET note = "gone"; DROP PROCEDURE twice; DROP VIEW unpaid'
  script restore --to shop_restored
  expect "restore beside the damage ($shell)" 0 '' 'grep -q "^backup=.* tables=5 " "$lab/out"'
  contents shop_restored >"$lab/after" || :
  expect "every row is back ($shell)" 0 '' 'cmp "$lab/before" "$lab/after" && [ "$(wc -l <"$lab/after")" -gt 30000 ]'
  expect "events wait to be turned on ($shell)" 0 '' '[ "$(my -e "SELECT status FROM information_schema.events WHERE event_schema = \"shop_restored\"")" = DISABLED ]'
  script verify --checksum
  expect "checksums ($shell)" 0 'OK'
  script verify --drill
  expect "drill, $(sed -n 's/^counts=//p' "$(newest)/manifest") ($shell)" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ] && ! schemas | grep -q drill_'
  # The broken one goes, and comes back under its name, on a server that has forgotten its users.
  my -e 'DROP DATABASE shop; DROP DATABASE shop_restored; DROP USER `app'"'"'x`@`%`; DROP ROLE reader'
  script restore --to shop --roles --events
  contents shop >"$lab/after" || :
  expect "back under its own name, with users ($shell)" 0 '' 'cmp "$lab/before" "$lab/after" && my -e "SHOW GRANTS FOR \`app'"'"'x\`@\`%\`" | grep -q "SELECT, INSERT ON .shop.*WITH GRANT OPTION" && my -e "SHOW CREATE USER \`app'"'"'x\`@\`%\`" | grep -q "ACCOUNT LOCK"'
done
shell="sh" path=
# shellcheck source=tests/backup/mariadb-faults.sh
. "$here/mariadb-faults.sh"
# shellcheck source=tests/backup/mariadb-replacing.sh
. "$here/mariadb-replacing.sh"
