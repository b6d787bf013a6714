# shellcheck shell=sh
# Exit codes, messages, clocks and tools that the backup scripts share. Sourced, never run.
set -u
umask 077
LC_ALL=C
export LC_ALL
unset CDPATH PGSERVICE PGOPTIONS

say() {
  printf '%s %s[%s] %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${0##*/}" "$$" "$*" >&2
}

# One code for each class of failure, so that a schedule, an alert and a person can tell them apart.
code_of() {
  case $1 in
    connect) echo 10 ;; # the server cannot be reached or refuses us
    dump) echo 11 ;;    # the copy could not be made
    verify) echo 12 ;;  # what was written or stored is not what was meant
    store) echo 13 ;;   # the destination failed
    prune) echo 14 ;;   # the backup is good; retention is not
    suspect) echo 15 ;; # a backup that nobody should trust
    space) echo 16 ;;   # not enough room to start
    stale) echo 17 ;;   # the newest backup is too old, or from the future
    restore) echo 18 ;; # the restore failed
    slow) echo 19 ;;    # the restore works and takes longer than promised
    tool) echo 69 ;;    # a tool is missing or too old
    locked) echo 75 ;;  # another run is at work
    *) echo 64 ;;       # usage or configuration
  esac
}

# fail CLASS MESSAGE
fail() {
  _code=$(code_of "$1")
  shift
  say "ERROR ($_code): $*"
  exit "$_code"
}

now() { date -u +%s; }

need() {
  for _tool in "$@"; do
    command -v "$_tool" >/dev/null 2>&1 || fail tool "required tool not found: $_tool (PATH=$PATH)"
  done
}

bytes_in() { echo $(($(wc -c <"$1"))); }
# openssl has the processor's own instructions for it, and takes a fifth of sha256sum's time.
sum_of() {
  if command -v openssl >/dev/null; then openssl dgst -sha256 -r 9>&-; else sha256sum; fi | cut -d' ' -f1
}
# without LIST FILE: the lines of FILE that are not in LIST. (What grep makes of an empty LIST differs from one grep to the next.)
without() { LIST=$1 awk 'BEGIN { while ((getline line <ENVIRON["LIST"]) > 0) listed[line] } !($0 in listed)' "$2"; }
last_line() { tail -n 1 "$1" 2>/dev/null | tr -d '\r'; }

# A backup's name is the UTC second its snapshot was taken. Retention trusts no other clock.
is_id() {
  case $1 in
    [0-9][0-9][0-9][0-9][01][0-9][0-3][0-9]T[0-2][0-9][0-5][0-9][0-6][0-9]Z) return 0 ;;
    *) return 1 ;;
  esac
}

# 20260131T030000Z -> seconds since 1970, without GNU date. `%.0f`, for some awks print big numbers as 4.1e+09.
id_seconds() {
  printf '%s\n' "$1" | awk '{
    y = substr($0, 1, 4) + 0; m = substr($0, 5, 2) + 0; d = substr($0, 7, 2) + 0
    if (m <= 2) { y--; m += 12 }
    days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
    printf "%.0f\n", days * 86400 + substr($0, 10, 2) * 3600 + substr($0, 12, 2) * 60 + substr($0, 14, 2)
  }'
}

# Any bytes in one word of one line; a plain name stays as it is.
percent() {
  case $1 in
    *[!A-Za-z0-9._-]*) printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g' ;;
    *) printf %s "$1" ;;
  esac
}

# The reverse, for the parts of a URL.
unpercent() {
  printf %b "$(printf %s "$1" | awk 'BEGIN { hex = "0123456789abcdef" } {
    for (i = 1; i <= length($0); i++) {
      c = substr($0, i, 1)
      pair = tolower(substr($0, i + 1, 2))
      if (c == "%" && pair ~ /^[0-9a-f][0-9a-f]$/) {
        printf "\\0%o", (index(hex, substr(pair, 1, 1)) - 1) * 16 + index(hex, substr(pair, 2, 1)) - 1
        i += 2
      } else if (c == "\\") printf "\\\\"
      else printf "%s", c
    }
  }')"
}
