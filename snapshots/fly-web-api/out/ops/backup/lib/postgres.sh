# shellcheck shell=sh disable=SC2034
# How the backup scripts reach PostgreSQL. Names travel in PGDATABASE or quoted conninfo, so a name never becomes an option,
# and passwords travel in the environment, never in an argument.

# connect_from NAME: takes apart the postgresql://user:password@host:port/database?parameters in the variable NAME.
# Without it the PG* variables decide. The URL must reach the server itself: a pooler in transaction mode loses the snapshot.
connect_from() {
  _url=$(secret_in "$1") || exit $?
  PGCONNECT_TIMEOUT=15
  export PGCONNECT_TIMEOUT
  if [ -z "$_url" ]; then
    [ -n "${PGDATABASE-}${DATABASE-}" ] || fail config "$1 is empty: it must hold postgresql://user:password@host:port/database"
    PGDATABASE=${DATABASE:-$PGDATABASE}
    export PGDATABASE
    return 0
  fi
  case $_url in
    postgres://* | postgresql://* | postgresql+*://*) ;;
    *) fail config "$1 does not start with postgresql://" ;;
  esac
  split_url "$_url"
  PGDATABASE=$URL_PATH
  [ -z "$URL_USER" ] || export PGUSER="$URL_USER"
  [ -z "$URL_PASSWORD" ] || export PGPASSWORD="$URL_PASSWORD"
  [ -z "$URL_HOST" ] || PGHOST=$URL_HOST
  [ -z "$URL_PORT" ] || PGPORT=$URL_PORT
  connect_parameters "$URL_QUERY"
  [ -z "$DATABASE" ] || PGDATABASE=$DATABASE
  [ -n "$PGDATABASE" ] || fail config "no database in $1 and no DATABASE in $CONF"
  export PGDATABASE PGHOST PGPORT
}

connect_parameters() {
  _query=$1
  while [ -n "$_query" ]; do
    _pair=${_query%%&*}
    case $_query in *\&*) _query=${_query#*&} ;; *) _query= ;; esac
    _value=$(unpercent "${_pair#*=}")
    case ${_pair%%=*} in
      host) PGHOST=$_value ;;
      port) PGPORT=$_value ;;
      sslmode) PGSSLMODE=$_value && export PGSSLMODE ;;
      sslrootcert) PGSSLROOTCERT=$_value && export PGSSLROOTCERT ;;
      channel_binding) PGCHANNELBINDING=$_value && export PGCHANNELBINDING ;;
      connect_timeout | application_name) ;;
      *) fail config "unknown connection parameter: ${_pair%%=*}" ;;
    esac
  done
}

conninfo() { printf "dbname='%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"; }

# Never a prompt: a question nobody can answer hangs the night.
sql() { psql -X -w -qAt -v ON_ERROR_STOP=1 "$@" 9>&-; }

# choose_client MAJOR: the newest tools may read older servers, never the other way round.
choose_client() {
  PGBIN=
  for _dir in ${CLIENT_DIR:+"$CLIENT_DIR"} "$(dirname "$(command -v pg_dump || echo /nowhere/pg_dump)")" /usr/lib/postgresql/*/bin /usr/libexec/postgresql*; do
    if [ ! -x "$_dir/pg_dump" ] || [ ! -x "$_dir/pg_restore" ]; then continue; fi
    _major=$("$_dir/pg_dump" --version 2>/dev/null | sed -n 's/.* \([0-9][0-9]*\)[.0-9a-z]*.*/\1/p')
    if [ -n "$_major" ] && [ "$_major" -ge "$1" ]; then
      PGBIN=$_dir
      return 0
    fi
  done
  fail tool "no pg_dump of major $1 or newer (the server is $1): install postgresql-client-$1"
}

# fingerprint [SNAPSHOT]: rows (and with COUNTS=digest their contents) of every table, then totals of everything else.
fingerprint() {
  case $COUNTS in
    digest) _digest="\$q\$coalesce(sum(('x'||substr(md5(t::text),1,15))::bit(60)::bigint::numeric),0)\$q\$" ;;
    *) _digest="'0'" ;;
  esac
  {
    cat <<'SQL'
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET search_path = pg_catalog; SET timezone = 'UTC';
SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex';
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SQL
    [ -z "$1" ] || printf "SET TRANSACTION SNAPSHOT '%s';\n" "$1"
    [ "$COUNTS" = none ] || sed "s/@DIGEST@/$(printf %s "$_digest" | sed 's/[&/\\]/\\&/g')/" <<'SQL'
SELECT format($f$SELECT %L, count(*), %s FROM ONLY %I.%I t$f$,
              replace(replace(replace(quote_ident(n.nspname) || '.' || quote_ident(c.relname), '%', '%25'), chr(10), '%0A'), chr(9), '%09'),
              @DIGEST@, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1 \gexec
SQL
    cat <<'SQL'
SELECT '#' || what, n, 0 FROM (
  SELECT 'relations_' || relkind::text AS what, count(*) AS n FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
   WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema' GROUP BY 1
  UNION ALL SELECT 'functions', count(*) FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace
   WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
  UNION ALL SELECT 'constraints', count(*) FROM pg_constraint p JOIN pg_namespace s ON s.oid = p.connamespace
   WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema' AND contype <> 'n'
  UNION ALL SELECT 'triggers', count(*) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'extensions', count(*) FROM pg_extension
  UNION ALL SELECT 'large_objects', count(*) FROM pg_largeobject_metadata) totals ORDER BY 1;
COMMIT;
SQL
  } | sql -F '	' -f -
}
