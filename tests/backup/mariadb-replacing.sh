# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A restore that takes the place of what is there, and copies for environments that may not hold real data, in MariaDB.

orders
script backup
contents shop >"$lab/want"
my shop -e "UPDATE orders SET note = 'gone'"
script restore --force-into shop --events
contents shop >"$lab/got" || :
expect "in place of the live database" 0 'becomes shop now' 'cmp "$lab/want" "$lab/got" && [ "$(schemas | grep -c restoring_)" = 0 ]'
# shellcheck source=tests/backup/copies.sh
. "$here/copies.sh"
orders COPIES=staging
script backup
script_of_spec=$lab/ops/backup/orders/anonymize.sql
staging="ORDERS_STAGING_URL=$ORDERS_RESTORE_URL"
refused_copies schemas "nowhere' doesn't exist" "$ORDERS_BACKUP_URL"
echo "UPDATE orders SET note = 'somebody';" >"$script_of_spec"
script restore --for staging --to copy
expect "an anonymous copy" 0 '' '[ "$(my copy -e "SELECT CONCAT(COUNT(DISTINCT note), MAX(note)) FROM orders")" = 1somebody ] && [ "$(schemas | grep -c restoring_)" = 0 ]'
script restore --for staging --force-into copy
expect "the next one takes its place" 0 '' '[ "$(schemas | grep -c -e "^copy" -e restoring_)" = 1 ]'
my -e 'DROP DATABASE copy'
extra=()
