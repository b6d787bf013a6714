# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Ways to break a run on purpose. Sourced by round-trip.

# A stand-in for a tool, first on the script's PATH.
stand_in() { # NAME, the script on stdin
  mkdir -p "$lab/bin"
  cat >"$lab/bin/$1"
  chmod 755 "$lab/bin/$1"
  path=$lab/bin:$PATH
}
no_stand_ins() {
  rm -rf "${lab:?}/bin"
  path=
}
# With busybox's tools, as in the image that runs these scripts.
in_image() {
  mkdir -p "$lab/applets"
  busybox --install -s "$lab/applets"
  path=$lab/applets:$PATH
}
# An encrypter that stops half-way until it is told to go on: the dump is then truly in the middle.
slow_encryption() {
  rm -f "$lab/half-way" "$lab/go-on"
  stand_in age <<SH
#!/bin/sh
{ head -c 200000; touch "$lab/half-way"; n=0; while [ ! -e "$lab/go-on" ] && [ \$n -lt 300 ]; do sleep 0.1; n=\$((n + 1)); done; cat; } | $(command -v age) "\$@"
SH
}
# An encrypter that takes the whole dump, so that no broken pipe tells, loses the end of it, and says so by its own end only.
cut_encryption() {
  rm -f "$lab/cut"
  stand_in age <<SH
#!/bin/sh
[ ! -e "$lab/cut" ] || exec $(command -v age) "\$@"
: >"$lab/cut"
$(command -v age) "\$@" | head -c -64
exit 1
SH
}
half_way() {
  local waited=0
  until [ -e "$lab/half-way" ]; do
    sleep 0.1
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || return 1
  done
}
in_background() {
  script backup 2>/dev/null &
  background=$!
}
# What a run that was killed left running has let go of its lock.
unlocked() { soon 'flock --nonblock "$(find "$BACKUP_STATE_DIR" -maxdepth 1 -name "*.lock")" true'; }
