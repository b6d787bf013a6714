# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# MongoDB. No registry has its server or its tools, so both are played: the driver, the wire protocol and the archive are real, what
# mongod and mongodump themselves do is not proved here.

echo "mongodb (its server and its tools played by stand-ins)"
python=$here/../../target/tools/python/bin
PATH=$python:$PATH "$here/stand-ins/mongod" "$lab/mongo.port" &
mongod=$!
undo=('kill "$mongod"' "${undo[@]}")
soon '[ -s "$lab/mongo.port" ]'
at_mongo() { # PYTHON...: with `server`
  "$python/python3" -c "import pymongo; server = pymongo.MongoClient('127.0.0.1', $(cat "$lab/mongo.port")); $1"
}
docs() { # FRESH SETTING...
  engine mongodb docs RESTORE_URL_FROM=DOCS_RESTORE_URL "$@"
  cp "$blueprints/mongodb/mongo.py.tera" "$lab/ops/backup/lib/mongo.py"
  DOCS_BACKUP_URL="mongodb://127.0.0.1:$(cat "$lab/mongo.port")/shop"
  path=$here/stand-ins:$python:$PATH
}
at_mongo "server.shop.orders.insert_many([{'_id': i, 'note': 'ü' * 50 + str(i)} for i in range(3000)]); server.shop['o%dd name'].insert_one({'_id': 1}); server.other.kept.insert_one({'_id': 1})"
for shell in sh "busybox ash"; do
  docs
  script backup
  expect "mongodb backup ($shell)" 0 'OK docs.production' '[ "$(committed)" = 1 ] && [ "$(leftovers)" = 0 ] && grep -qx "row=orders	3000" "$(newest)/manifest"'
  script verify --drill
  expect "mongodb drill ($shell)" 0 'OK' '[ "$(metric last_restore_test_exit_code)" = 0 ] && ! at_mongo "print(server.list_database_names())" | grep -q drill_'
done
shell="sh"
before=$(at_mongo "print(list(server.shop.orders.find()))" | sha256sum)
at_mongo "server.drop_database('shop'); server.shop.orders.insert_one({'_id': 1})"
script restore --to shop_restored
expect "mongodb, every document is back" 0 '' '[ "$(at_mongo "print(list(server.shop_restored.orders.find()))" | sha256sum)" = "$before" ]'
script restore --to shop_restored
expect "mongodb, onto what exists" 18 'exists already'
script restore --to shop
expect "mongodb, onto the live name" 64 "live database's name"
script restore --force-into shop
expect "mongodb, in its place" 0 'becomes shop now' '[ "$(at_mongo "print(list(server.shop.orders.find()))" | sha256sum)" = "$before" ] && ! at_mongo "print(server.list_database_names())" | grep -q restoring_ && [ "$(at_mongo "print(server.other.kept.count_documents({}))")" = 1 ]'
script backup --dry-run
expect "mongodb, rehearsal" 0 'nothing was stored' '[ "$(committed)" = 1 ]'
stand_in mongodump <<SH
#!/bin/sh
case "\$*" in *--version*) exec "$here/stand-ins/mongodump" --version ;; esac
"$here/stand-ins/mongodump" "\$@" | head -c 60000
SH
path=$lab/bin:$here/stand-ins:$python:$PATH
script backup
expect "mongodb, an archive that ends early" 12 'ends in the middle' '[ "$(committed)" = 1 ]'
stand_in mongodump <<SH
#!/bin/sh
case "\$*" in *--version*) exec "$here/stand-ins/mongodump" --version ;; esac
"$here/stand-ins/mongodump" "\$@"
echo 'Failed: error writing data' >&2
exit 1
SH
path=$lab/bin:$here/stand-ins:$python:$PATH
script backup
expect "mongodb, a dump that fails" 11 'error writing data' '[ "$(committed)" = 1 ]'
no_stand_ins && cut_encryption
path=$lab/bin:$here/stand-ins:$python:$PATH
script backup
expect "mongodb, an encrypter that fails" 11 'writing the archive failed' '[ "$(committed)" = 1 ]'
no_stand_ins
path=$here/stand-ins:$python:$PATH
BACKUP_TOOLS_SAY=4.2.0
script backup
expect "mongodb, old tools" 69 'mongodump 4.2.0 is older'
unset BACKUP_TOOLS_SAY
flip "$(newest)/database.archive.gz.age" 900
script restore --to other2
expect "mongodb, one byte changed" 12 'corrupted in the store'
settings DATABASE=emptied
script backup
expect "mongodb, emptied" 15 'only 0 collections' '[ "$(committed)" = 1 ]'
docs
DOCS_BACKUP_URL=mongodb://127.0.0.1:1/shop
script backup
expect "mongodb down" 10 'cannot open the database' '[ "$(metric last_run_exit_code)" = 10 ]'
kill "$mongod"
path=
