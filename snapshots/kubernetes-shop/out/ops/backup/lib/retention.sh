# shellcheck shell=sh
# Thins out old backups after a success: newest, daily, weekly, monthly. Only those count that were committed and that nobody doubts,
# by the time in their names.

# doomed: reads ids oldest first, prints those that no rule keeps.
doomed() {
  awk -v last="$KEEP_LAST" -v daily="$KEEP_DAILY" -v weekly="$KEEP_WEEKLY" -v monthly="$KEEP_MONTHLY" -v least="$KEEP_AT_LEAST" '
    function days(s,  y, m, d) {
      y = substr(s, 1, 4) + 0; m = substr(s, 5, 2) + 0; d = substr(s, 7, 2) + 0
      if (m <= 2) { y--; m += 12 }
      return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
    }
    { id[NR] = $1 }
    END {
      for (i = NR; i >= 1; i--) {
        keep = (NR - i < last || NR - i < least)
        day = substr(id[i], 1, 8); week = int((days(id[i]) + 3) / 7); month = substr(id[i], 1, 6)
        if (!(day in d)) { d[day]; if (++nd <= daily) keep = 1 }
        if (!(week in w)) { w[week]; if (++nw <= weekly) keep = 1 }
        if (!(month in m)) { m[month]; if (++nm <= monthly) keep = 1 }
        if (!keep) print id[i]
      }
    }'
}

# prune: refuses whenever the world looks odd. Nothing is ever lost by keeping too much.
prune() {
  take_inventory || {
    say "PRUNE refused: listing $ROOT failed; that is not the same as no backups"
    return 1
  }
  _total=$(($(wc -l <"$WORK/good"))) _newest=$(tail -n 1 "$WORK/committed")
  state_set kept "$_total"
  if [ "$_newest" != "$ID" ]; then
    say "PRUNE refused: the newest backup is $_newest, not $ID (a clock moved, or somebody else writes here)"
    return 1
  fi
  doomed <"$WORK/good" >"$WORK/doomed"
  _count=$(($(wc -l <"$WORK/doomed")))
  if [ "$_count" -gt 2 ] && [ $((_count * 100)) -gt $((_total * MAX_DELETE_PERCENT)) ]; then
    say "PRUNE refused: would delete $_count of $_total (limit $MAX_DELETE_PERCENT %)"
    return 1
  fi
  _failed=0
  while IFS= read -r _id; do
    is_id "$_id" || continue
    if remove "$_id"; then say "pruned $_id"; else
      say "PRUNE failed for $_id"
      _failed=1
    fi
  done <"$WORK/doomed"
  state_set kept $((_total - _count))
  prune_the_rest || _failed=1
  return $_failed
}

# What is suspect goes when it is older than all that is good and kept, what was never finished a day after.
prune_the_rest() {
  _oldest=$(without "$WORK/doomed" "$WORK/good" | head -n 1)
  without "$WORK/good" "$WORK/committed" | awk -v oldest="$_oldest" 'oldest != "" && $1 < oldest' >"$WORK/rest"
  _failed_too=0
  while IFS= read -r _id; do
    if remove "$_id"; then say "pruned $_id, which was suspect"; else _failed_too=1; fi
  done <"$WORK/rest"
  abandoned >"$WORK/rest" || return 1
  while IFS= read -r _id; do
    if discard "$_id"; then say "pruned $_id, which was never finished"; else _failed_too=1; fi
  done <"$WORK/rest"
  return $_failed_too
}
