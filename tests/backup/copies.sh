# shellcheck shell=bash disable=SC2034,SC2154
# Copies for environments that may not hold real data: what refuses one, whatever the engine. Sourced by the engines' own rows.

# refused_copies DATABASES ERROR PRODUCTION: DATABASES lists them, ERROR is what the server says of a table that isn't there, PRODUCTION the
# live one's address. Needs $staging, NAME=ADDRESS of where copies go, and the path $script_of_spec, which it leaves empty.
refused_copies() {
  local none="! $1 | grep -q -e ^copy -e restoring_"
  extra=("$staging")
  settings ANONYMIZE=
  script restore --for staging --to copy
  expect "no script, no copy" 64 'no script makes .* anonymous' "$none"
  settings ANONYMIZE=anonymize.sql
  rm -f "$script_of_spec"
  script restore --for staging --to copy
  expect "a script that is missing" 64 'missing or empty' "$none"
  echo 'UPDATE nowhere SET x = 1;' >"$script_of_spec"
  script restore --for staging --to copy
  expect "a script that fails" 18 "$2" "$none"
  echo 'SELECT 1;' >"$script_of_spec"
  script restore --for staging --to copy
  expect "a script that changes nothing" 15 'changed nothing' "$none"
  script restore --for development --to copy
  expect "an environment that takes none" 64 'takes no copy' "$none"
  extra=()
  script restore --for staging --to copy
  expect "no address" 64 "${staging%%=*} is empty" "$none"
  extra=("${staging%%=*}=$3")
  script restore --for staging --to copy
  expect "the address of production" 64 'leads to production itself' "$none"
  extra=("$staging")
  : >"$script_of_spec"
}
