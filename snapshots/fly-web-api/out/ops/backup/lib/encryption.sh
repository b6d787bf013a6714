# shellcheck shell=sh disable=SC2034
# Encryption to public keys, so that no host that makes a backup can open one: age, or OpenPGP where keys of that kind are at hand.

# recipients_ready: a backup that nobody can open is refused; one that a single lost key closes is pointed out. -> SUFFIX
recipients_ready() {
  SUFFIX=.$ENCRYPT
  case $ENCRYPT in
    restic) # encrypts by itself
      SUFFIX=
      return 0
      ;;
    none)
      SUFFIX=
      say "WARNING: stored as it is, readable by whoever reads the destination"
      return 0
      ;;
    age)
      need age
      keys=$(grep -c -e '^age1' -e '^ssh-' "$RECIPIENTS" 2>/dev/null) || :
      ;;
    gpg)
      need gpg
      keys=0
      for key in $GPG_KEYS; do keys=$((keys + 1)); done
      ;;
  esac
  [ "${keys:-0}" -ge 1 ] || fail config "no recipient in $RECIPIENTS: a backup that nobody can open is refused"
  [ "$keys" -ge 2 ] || say "WARNING: only one recipient; if its key is lost, every backup is lost"
}

# Keys of its own in a folder of its own: nobody's keyring has a say.
pgp() { gpg --homedir "$WORK/gnupg" --batch --no-tty --quiet --trust-model always "$@" 9>&-; }

# open_keyring: the public keys that are wanted, by fingerprint. One that expired or is missing is found before anything is dumped.
open_keyring() {
  [ "$ENCRYPT" = gpg ] || return 0
  mkdir -p "$WORK/gnupg" || fail space "cannot create $WORK/gnupg"
  pgp --import "$RECIPIENTS" 2>"$WORK/gpg.err" || fail config "no OpenPGP key in $RECIPIENTS: $(last_line "$WORK/gpg.err")"
  set --
  for key in $GPG_KEYS; do set -- "$@" --recipient "$key"; done
  pgp "$@" --encrypt </dev/null >/dev/null 2>"$WORK/gpg.err" ||
    fail config "$RECIPIENTS holds no usable key for every fingerprint of GPG_KEYS ($GPG_KEYS): $(last_line "$WORK/gpg.err")"
}

# What is dumped is compressed already.
encrypt() {
  case $ENCRYPT in
    age) age -R "$RECIPIENTS" ;;
    gpg)
      set --
      for key in $GPG_KEYS; do set -- "$@" --recipient "$key"; done
      pgp --compress-algo none "$@" --encrypt
      ;;
    *) cat ;;
  esac
}

# age's last words are where to report bugs; what went wrong stands before them.
encrypt_error() { grep -v 'age/report' "$CONTROL/encrypt.err" 2>/dev/null | tail -n 1 | tr -d '\r'; }

# seal FILE: encrypts a whole file in the workspace, and leaves nothing readable behind. -> FILES
seal() {
  FILES=$1$SUFFIX
  [ -n "$SUFFIX" ] || return 0
  encrypt <"$WORK/$1" >"$WORK/$FILES" 2>"$CONTROL/encrypt.err" ||
    fail dump "encrypting failed: $(encrypt_error); staging has $(free_kib) KiB free"
  rm -f "$WORK/$1"
}

# private_key NAME: the path of the private key: NAME_FILE is one, or NAME holds the text. It never reaches an argument.
private_key() {
  eval "_path=\${$1_FILE-} _text=\${$1-}"
  if [ -z "$_path" ]; then
    [ -n "$_text" ] || fail config "the private key is needed: set $1_FILE to its file, or $1 to its text"
    _path=$WORK/identity
    printf '%s\n' "$_text" >"$_path"
  fi
  [ -r "$_path" ] || fail config "$1_FILE is not readable: $_path"
}

# decrypt FILE: $WORK/FILE.age or $WORK/FILE.gpg -> $WORK/FILE
decrypt() {
  case $(manifest_says encryption) in
    age) decrypt_age "$1" ;;
    gpg) decrypt_gpg "$1" ;;
  esac
}

decrypt_age() {
  need age
  private_key AGE_IDENTITY
  age -d -i "$_path" -o "$WORK/$1" "$WORK/$1.age" 2>"$WORK/age.err" || fail verify "cannot decrypt $1: $(head -n 1 "$WORK/age.err")"
  rm -f "$WORK/$1.age"
}

# Its passphrase, if it has one, is GPG_PASSPHRASE.
decrypt_gpg() {
  need gpg gpgconf
  private_key GPG_PRIVATE_KEY
  mkdir -p "$WORK/gnupg" || fail space "cannot create $WORK/gnupg"
  printf '%s\n' "${GPG_PASSPHRASE-}" >"$WORK/passphrase"
  _opened=0
  if pgp --pinentry-mode loopback --passphrase-file "$WORK/passphrase" --import "$_path" 2>"$WORK/gpg.err"; then
    pgp --pinentry-mode loopback --passphrase-file "$WORK/passphrase" --output "$WORK/$1" --decrypt "$WORK/$1.gpg" 2>"$WORK/gpg.err" || _opened=1
  else _opened=2; fi
  gpgconf --homedir "$WORK/gnupg" --kill all 2>/dev/null || :
  rm -f "$WORK/passphrase"
  [ "$_opened" != 2 ] || fail config "the private key can't be read: $(last_line "$WORK/gpg.err")"
  [ "$_opened" = 0 ] || fail verify "cannot decrypt $1: $(last_line "$WORK/gpg.err")"
  rm -f "$WORK/$1.gpg"
}
