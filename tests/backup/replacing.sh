# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A restore that takes the place of what is there, and copies for environments that may not hold real data.

echo "in its place"
fresh
script backup
id=$(ids)
q -d shop -c 'DELETE FROM lines'
PGAPPNAME=sitting psql -Xq -d shop -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
until [ "$(q -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sitting'")" = 1 ]; do sleep 0.1; done
script restore --force-into shop
everything shop >"$lab/after" || :
expect "the live database is replaced" 0 "what was there is now the database shop_before_$id" 'cmp "$lab/before" "$lab/after" && [ "$(q -d "shop_before_$id" -c "SELECT count(*) FROM lines")" = 0 ] && [ "$(databases | grep -c restoring_)" = 0 ]'
script restore --force-into shop
expect "not over what stepped aside" 18 "shop_before_$id exists already" 'everything shop >"$lab/after"; cmp "$lab/before" "$lab/after" && [ "$(databases | grep -c restoring_)" = 0 ]'
q -c "DROP DATABASE \"shop_before_$id\""
sed -i '/^row=shop.orders/s/	.*/	1	0/; /^row=public.orders/s/	.*/	1	0/' "$(newest)/manifest"
script restore --force-into shop
expect "what isn't equal replaces nothing" 12 'not what was backed up' 'everything shop >"$lab/after"; cmp "$lab/before" "$lab/after" && [ "$(databases | grep -c restoring_)" = 0 ]'

echo "copies"
# shellcheck source=tests/backup/copies.sh
. "$here/copies.sh"
q -c 'CREATE ROLE application LOGIN PASSWORD '"'x y'" -c 'CREATE ROLE refresher LOGIN SUPERUSER PASSWORD '"'x'"
undo=('rm -f "$lab/ops/backup/db/anonymize.sql"' "${undo[@]}")
script_of_spec=$lab/ops/backup/db/anonymize.sql
staging="DB_STAGING_URL=postgresql://refresher:x@${lab//\//%2F}%2Fserver/staging"
fresh && settings COPIES=staging
script backup
refused_copies databases 'relation "nowhere" does not exist' "$DB_BACKUP_URL"
# While the script runs, what is real is in the server: only the restoring role reaches it.
echo "SELECT pg_sleep(3); UPDATE orders SET note = 'somebody'; UPDATE lines SET tags = NULL;" >"$script_of_spec"
script restore --for staging --to copy &
waited=0
until scratch=$(databases | grep restoring_) && [ "$(q -c "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND datname = '$scratch'")" != 0 ] || [ $((waited += 1)) -gt 200 ]; do sleep 0.1; done
PGUSER=application PGPASSWORD='x y' psql -X -d "$scratch" -c 'SELECT 1' >"$lab/reached" 2>&1 || :
wait "$!"
script verify
rc=$(grep -c 'permission denied for database' "$lab/reached")
expect "meanwhile nobody else gets in" 1 '' 'databases | grep -qx copy && [ "$(q -d copy -c "SELECT count(DISTINCT note) || max(note) FROM orders")" = 1somebody ]'
script restore --for staging --force-into copy
expect "the next one takes its place" 0 '' '[ "$(databases | grep -c -e "^copy" -e restoring_)" = 1 ] && PGUSER=application PGPASSWORD="x y" psql -Xq -d copy -c "SELECT 1" >/dev/null'
extra=()
q -c 'DROP DATABASE copy' -c 'DROP ROLE application' -c 'DROP ROLE refresher'
