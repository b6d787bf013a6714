# shellcheck shell=sh disable=SC2034
# Asking the store whether a backup is there, whole, and restorable in time, whatever the engine. Its script brings `drill`, which
# restores $NEWEST, drops the copy again, and sets $took (seconds) and $tested (when).

usage() {
  cat >&2 <<'HELP'
usage: verify.sh ENVIRONMENT [--checksum | --drill]

            the newest committed backup is younger than STALE_AFTER_SECONDS, and not from the future
--checksum  and every file of it matches its manifest
--drill     and it restores into a scratch copy, equals what was backed up, and does so within the promised time (RTO)

A drill needs the private key (AGE_IDENTITY_FILE or AGE_IDENTITY): take the escrowed one, then a lost key is found here.

exit: 0 good   10 server   12 damaged   13 store   17 too old   18 does not restore   19 too slow   64 usage
HELP
  exit "$1"
}

WORK='' DRILL='' tested='' took=''

finish() {
  rc=$?
  trap '' HUP INT TERM
  [ -z "$DRILL" ] || remember_drill "$rc" "$took" "$tested"
  [ -z "$WORK" ] || publish
  if [ "$rc" -eq 0 ]; then say "OK"; else say "FAILED ($rc)"; fi
  [ -z "$WORK" ] || rm -rf "$WORK"
  exit "$rc"
}

fresh() {
  NEWEST=$(newest) || exit $?
  [ -n "$NEWEST" ] || fail stale "no committed backup below $ROOT"
  # First, so that what is told of a store that is stale or dated in the future is that, and not silence.
  follow_store
  recall_drill
  age=$(($(now) - $(id_seconds "$NEWEST")))
  [ "$age" -ge -300 ] || fail stale "the newest backup $NEWEST is $((-age)) s in the future: a clock is wrong"
  if [ "$STALE_AFTER_SECONDS" -gt 0 ] && [ "$age" -gt "$STALE_AFTER_SECONDS" ]; then
    fail stale "the newest backup $NEWEST is $age s old; it may be $STALE_AFTER_SECONDS s"
  fi
  say "newest $NEWEST, $age s old, $(($(wc -l <"$WORK/good"))) committed"
}

# in_time: what a drill took against what is promised.
in_time() {
  if [ "$RTO_SECONDS" -gt 0 ] && [ "$took" -gt "$RTO_SECONDS" ]; then
    fail slow "the restore took $took s; promised are $RTO_SECONDS s"
  fi
  tested=$(now)
}

verify() {
  case ${1-} in -h | --help) usage 0 ;; esac
  case $# in 1 | 2) ;; *) usage 64 ;; esac
  case ${2-} in '' | --checksum | --drill) ;; *) usage 64 ;; esac
  trap finish EXIT
  trap 'exit 143' HUP INT TERM
  read_settings "$1"
  need sha256sum awk timeout
  workspace verify
  fresh
  case ${2-} in
    --checksum) check_stored "$NEWEST" ;;
    --drill)
      DRILL=1
      drill "$1"
      ;;
  esac
}
