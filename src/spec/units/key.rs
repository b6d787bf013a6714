//! Public keys that backups are encrypted to: age's, SSH's, or OpenPGP's by fingerprint.

use std::fmt;
use std::str::FromStr;

use super::{Quantified, written_as_text};

/// Who can open a backup: `age1…`, `ssh-ed25519 …`, or the fingerprint of an OpenPGP key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(String);

impl PublicKey {
    /// Whether it is an OpenPGP key, which age can't encrypt to.
    pub fn is_openpgp(&self) -> bool {
        self.0.len() == 40
    }
}

impl Quantified for PublicKey {
    const WHAT: &'static str = "a public key";
    const EXAMPLES: &'static [&'static str] =
        &["age1qtku45243773t33xnyrz8zq3mar2vtw6az494nl3ll8dw0cfemksf5yqgv", "0123456789ABCDEF0123456789ABCDEF01234567"];
}

impl FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits: String = text.chars().filter(|c| *c != ' ').collect();
        if digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self(digits.to_ascii_uppercase()));
        }
        let words: Vec<&str> = text.split(' ').collect();
        let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let fits = match words.as_slice() {
            [key] => key.starts_with("age1") && key.len() >= 62 && plain(key),
            ["ssh-ed25519" | "ssh-rsa", key, ..] => key.starts_with("AAAA") && !text.chars().any(char::is_control),
            _ => false,
        };
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err("`age1…`, `ssh-ed25519 AAAA…`, or a fingerprint of 40 digits".to_owned())
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written_as_text!(PublicKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_written_as_gpg_takes_it() {
        let key: PublicKey = "0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567".parse().expect("a fingerprint");
        assert_eq!(key.to_string(), "0123456789ABCDEF0123456789ABCDEF01234567");
        assert!(key.is_openpgp());
    }

    #[test]
    fn what_opens_nothing_is_no_key() {
        for text in
            ["age1short", "AGE-SECRET-KEY-1QQ", "ssh-ed25519", "0123456789", "me@example.com", "ssh-rsa AAAA\nx"]
        {
            assert!(text.parse::<PublicKey>().is_err(), "{text}");
        }
    }
}
