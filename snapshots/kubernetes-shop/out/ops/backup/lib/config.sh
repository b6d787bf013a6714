# shellcheck shell=sh disable=SC2034
# Reads one store's settings. Lines are KEY=VALUE, taken literally: no quotes, no expansion, nothing is evaluated.
# Secrets are not among them: a setting names the environment variable that holds one.

SETTINGS=' ENGINE STORE ENVIRONMENT URL_FROM RESTORE_URL_FROM DATABASE DESTINATION ENCRYPT RECIPIENTS GPG_KEYS KEEP_LAST KEEP_DAILY KEEP_WEEKLY
 KEEP_MONTHLY KEEP_AT_LEAST PRUNE MAX_DELETE_PERCENT MAX_SHRINK_PERCENT MIN_OBJECTS COUNTS ROLES READ_BACK
 TIMEOUT_SECONDS LOCK_WAIT_SECONDS STALE_AFTER_SECONDS RTO_SECONDS CLIENT_DIR COPIES ANONYMIZE DATA '

# The first argument of every script: an environment, or the path of a settings file.
settings_file() {
  case ${1-} in
    '' | -*) usage 64 ;;
    */*) printf %s "$1" ;;
    *) printf %s "$HERE/$1.conf" ;;
  esac
}

read_settings() {
  CONF=$(settings_file "${1-}") || exit $?
  [ -r "$CONF" ] || fail config "no settings at $CONF"
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in '' | '#'*) continue ;; esac
    key=${line%%=*}
    [ "$key" != "$line" ] || fail config "$CONF:$number: not KEY=VALUE"
    case $key in *[!A-Z_]* | '') fail config "$CONF:$number: not a key" ;; esac
    case $SETTINGS in *[[:space:]]"$key"[[:space:]]*) ;; *) fail config "$CONF:$number: unknown key $key" ;; esac
    case $line in *[[:cntrl:]]*) fail config "$CONF:$number: control character in the value of $key" ;; esac
    # Only the checked key is evaluated; the value stays text.
    eval "$key=\${line#*=}"
  done <"$CONF"
  complete_settings
}

complete_settings() {
  : "${ENGINE:=}" "${STORE:=}" "${ENVIRONMENT:=}" "${URL_FROM:=}" "${RESTORE_URL_FROM:=}" "${DATABASE:=}" "${DESTINATION:=}" "${CLIENT_DIR:=}" "${COPIES:=}" "${ANONYMIZE:=}" "${DATA:=}"
  : "${ENCRYPT:=age}" "${GPG_KEYS:=}" "${COUNTS:=exact}" "${ROLES:=without-passwords}"
  : "${KEEP_LAST:=3}" "${KEEP_DAILY:=7}" "${KEEP_WEEKLY:=0}" "${KEEP_MONTHLY:=0}" "${KEEP_AT_LEAST:=3}"
  : "${PRUNE:=here}" "${MAX_DELETE_PERCENT:=50}" "${MAX_SHRINK_PERCENT:=50}" "${MIN_OBJECTS:=1}" "${READ_BACK:=download}"
  : "${TIMEOUT_SECONDS:=21600}" "${LOCK_WAIT_SECONDS:=300}" "${STALE_AFTER_SECONDS:=0}" "${RTO_SECONDS:=0}"
  KEEP_DAILY=${KEEP_DAILY%d} KEEP_WEEKLY=${KEEP_WEEKLY%w} KEEP_MONTHLY=${KEEP_MONTHLY%m}
  for key in KEEP_LAST KEEP_DAILY KEEP_WEEKLY KEEP_MONTHLY KEEP_AT_LEAST MAX_DELETE_PERCENT MAX_SHRINK_PERCENT \
    MIN_OBJECTS TIMEOUT_SECONDS LOCK_WAIT_SECONDS STALE_AFTER_SECONDS RTO_SECONDS; do
    eval "value=\$$key"
    case $value in '' | *[!0-9]*) fail config "$key is not a whole number: $value" ;; esac
  done
  [ "$KEEP_AT_LEAST" -ge 1 ] || fail config "KEEP_AT_LEAST must be at least 1"
  one_of ENCRYPT "$ENCRYPT" age gpg restic none
  case $ENCRYPT in
    age) : "${RECIPIENTS:=age-recipients.txt}" ;;
    *) : "${RECIPIENTS:=gpg-recipients.asc}" ;;
  esac
  case $ANONYMIZE in */* | .*) fail config "ANONYMIZE is a file beside the scripts: $ANONYMIZE" ;; esac
  case $GPG_KEYS in *[!0-9A-F\ ]*) fail config "GPG_KEYS are fingerprints of 40 digits and capitals, with blanks between: $GPG_KEYS" ;; esac
  one_of PRUNE "$PRUNE" here elsewhere
  one_of COUNTS "$COUNTS" exact digest none
  one_of ROLES "$ROLES" with-passwords without-passwords none
  one_of READ_BACK "$READ_BACK" download size
  for value in "$STORE" "$ENVIRONMENT"; do
    case $value in *[!A-Za-z0-9._-]* | .* | -* | '')
      fail config "STORE and ENVIRONMENT are letters, digits, dot, dash and underscore: $value"
      ;;
    esac
  done
  case $RECIPIENTS in /*) ;; *) RECIPIENTS=$HERE/$RECIPIENTS ;; esac
  open_destination
  STATE_DIR=${BACKUP_STATE_DIR:-/var/lib/backup}
  STAGING_DIR=${BACKUP_STAGING_DIR:-$STATE_DIR/staging}
  NAME=$STORE.$ENVIRONMENT
  STATE=$STATE_DIR/$NAME.state
  if ! mkdir -p "$STATE_DIR" "$STAGING_DIR" 2>/dev/null || [ ! -w "$STATE_DIR" ] || [ ! -w "$STAGING_DIR" ]; then
    fail config "$STATE_DIR and $STAGING_DIR must be writable (set BACKUP_STATE_DIR, BACKUP_STAGING_DIR)"
  fi
}

one_of() {
  _key=$1 _value=$2
  shift 2
  for _choice in "$@"; do
    [ "$_value" != "$_choice" ] || return 0
  done
  fail config "$_key is one of: $* (found: $_value)"
}

# secret_in NAME: the value of the environment variable that a setting names.
secret_in() {
  case $1 in [!A-Z_]* | *[!A-Z0-9_]* | '') fail config "not the name of an environment variable: $1" ;; esac
  eval "printf %s \"\${$1:-}\""
}

# target_url: the variable with the server to restore to: its own when it is set, otherwise the one that was backed up.
target_url() {
  if [ -n "$RESTORE_URL_FROM" ] && [ -n "$(secret_in "$RESTORE_URL_FROM")" ]; then
    printf %s "$RESTORE_URL_FROM"
  else printf %s "$URL_FROM"; fi
}
