# shellcheck shell=sh disable=SC2034
# What every restore begins and ends with: arguments, the server it goes to, a tidy end. The engine's script says in OPTIONS what it
# takes beside --to, --force-into, --backup, --dry-run and --list, and brings usage and remove_half, which drops $MADE.

WORK='' MADE='' TO='' FORCE='' FOR='' WANTED='' DRY='' LIST='' WITH_ROLES='' OWNER=1 EVENTS='' JOBS=1

finish() {
  rc=$?
  trap '' HUP INT TERM
  if [ "$rc" -ne 0 ] && [ -n "$MADE" ]; then
    say "removing what this run half restored: $MADE"
    remove_half || say "WARNING: $MADE could not be removed"
  fi
  [ "$rc" -eq 0 ] || say "FAILED ($rc)"
  [ -z "$WORK" ] || rm -rf "$WORK"
  exit "$rc"
}

arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --for | --jobs | --roles | --no-owner | --events) case $OPTIONS in *" $1 "*) ;; *) usage 64 ;; esac ;;
    esac
    case $1 in
      --to | --force-into)
        if [ -z "${2-}" ] || [ -n "$TO" ]; then usage 64; fi
        [ "$1" = --to ] || FORCE=1
        TO=$2
        shift
        ;;
      --backup | --for | --jobs)
        [ -n "${2-}" ] || usage 64
        case $1 in --backup) WANTED=$2 ;; --for) FOR=$2 ;; *) JOBS=$2 ;; esac
        shift
        ;;
      --roles) WITH_ROLES=1 ;;
      --no-owner) OWNER= ;;
      --events) EVENTS=1 ;;
      --dry-run) DRY=1 ;;
      --list) LIST=1 ;;
      *) usage 64 ;;
    esac
    shift
  done
  [ -n "$TO$LIST$DRY" ] || usage 64
  case $JOBS in '' | 0* | *[!0-9]*) usage 64 ;; esac
}

# begin_restore TOOL... -- ARGUMENT...: the tools that the engine needs, and what the script was called with
begin_restore() {
  tools=
  while [ "$1" != -- ]; do
    tools="$tools $1"
    shift
  done
  shift
  case ${1-} in -h | --help) usage 0 ;; esac
  [ $# -ge 2 ] || usage 64
  settings_of=$1
  shift
  arguments "$@"
  trap finish EXIT
  trap 'exit 143' HUP INT TERM
  read_settings "$settings_of"
  # shellcheck disable=SC2086
  need sha256sum awk timeout df $tools
  workspace restore
  if [ -n "$LIST" ]; then
    list_backups
    exit 0
  fi
  may_be_copied
}

# where_to: the variable that holds the address of the server to restore to.
where_to() {
  if [ -n "$FOR" ]; then printf '%s_%s_URL' "$STORE" "$FOR" | tr '[:lower:].-' '[:upper:]__'; else target_url; fi
}

# may_be_copied: data of real people goes nowhere else as it is.
may_be_copied() {
  [ -n "$FOR" ] || return 0
  case " $COPIES " in *" $FOR "*) ;; *) fail config "$FOR takes no copy of $STORE; those that do: ${COPIES:-none}" ;; esac
  [ -n "$ANONYMIZE" ] || fail config "no script makes $STORE anonymous (backups.$STORE.anonymize): what $ENVIRONMENT holds doesn't go to $FOR"
  [ -s "$HERE/$ANONYMIZE" ] || fail config "$HERE/$ANONYMIZE is missing or empty: what $ENVIRONMENT holds doesn't go to $FOR"
  [ -n "$(secret_in "$(where_to)")" ] || fail config "$(where_to) is empty: it must hold the address of $STORE in $FOR"
  [ "$(secret_in "$(where_to)")" != "$(secret_in "$URL_FROM")" ] || fail config "$(where_to) leads to $ENVIRONMENT itself"
}

fetch_wanted() {
  began=$(now)
  [ -n "$WANTED" ] || WANTED=$(newest) || exit $?
  [ -n "$WANTED" ] || fail store "no committed backup below $ROOT"
  fetch "$WANTED"
  fetched=$(now)
}

# place FILE: what was restored becomes $TO; with --force-into what was there steps aside and stays.
place() {
  if [ -e "$TO" ]; then
    [ -n "$FORCE" ] || fail restore "$TO exists already: refusing to overwrite it (--force-into moves it aside)"
    aside=$TO.before-$WANTED
    [ ! -e "$aside" ] || fail restore "$aside exists already"
    mv "$TO" "$aside" || fail restore "cannot move $TO aside"
    say "what was there is now $aside"
  fi
  if ! cp "$1" "$TO.partial" || ! mv "$TO.partial" "$TO"; then fail restore "cannot write $TO"; fi
}
