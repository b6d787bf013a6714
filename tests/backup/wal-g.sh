# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# WAL-G. No registry has it, so it is played: PostgreSQL, its base backups and its log are real, what WAL-G itself does with them is not proved
# here. The server's settings lie outside its data, as Debian has them.

archiver=wal-g called='WAL-G, played by a stand-in; settings outside the data'
settle() {
  etc=$pit/etc
  sed -e "s|^WALG_S3_PREFIX=.*|WALG_FILE_PREFIX=$pit/repository|" -e "s|^PGDATA=.*|PGDATA=$pit/data|" -e "s|^PGHOST=.*|PGHOST=$pit|" "$folder/settings.env" >"$pit/settings.env"
  around=(PATH="$here/stand-ins:$bin:$PATH" WALG_SETTINGS="$pit/settings.env")
  while IFS= read -r line; do around+=("$line"); done < <(grep -v '^#' "$pit/settings.env")
}
secret() { printf 'WALG_LIBSODIUM_KEY=%s' "${pass-$(printf 'c0%.0s' $(seq 32))}"; }
copies() { find "$pit/repository/basebackups_005" -name '*_sentinel.json' | wc -l; }
pieces() { find "$pit/repository/wal_005" -regex '.*/[0-9A-F]+\.lz4' | sort; }
listed='base_0' differs='_D_0' lock=$lab/wal-g/data unreadable=1

own_rows() {
  local gone
  gone=$(pieces | tail -n 6 | head -n 1)
  mv "$gone" "$gone.gone"
  pit verify --checksum
  expect "a missing piece of the log" 12 "$(basename "$gone" .lz4) missing"
  pit restore --to "$pit/gap" --at "$(date -u '+%F %T+00')"
  expect "back across the missing piece" 18 ''
  mv "$gone.gone" "$gone"
  pit restore --to "$pit/y" --at soon
  expect "no moment" 64 'no moment'
  pit backup full
  expect "a second full backup keeps the first" 0 '' '[ "$(copies)" = 3 ]'
  sleep 1
  sed -i 's/^KEEP_DAYS=.*/KEEP_DAYS=0/' "$folder/point-in-time.sh"
  pit backup full
  expect "what is too old goes, and its log" 0 '' '[ "$(copies)" = 2 ] && [ ! -e "$gone" ]'
  pit restore --to "$pit/kept"
  expect "what is left comes back" 0 'OK db' '[ "$(rows_of "$pit/kept")" = "10 65" ]'
}
. "$here/point-in-time.sh"
