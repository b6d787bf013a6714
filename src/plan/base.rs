//! What opsgen last wrote at a path: a header line, then the pristine bytes.
//!
//! In: the bytes of a `.base` file. Out: a `Base`, and the bytes again.
//! Refuses a header that it doesn't know and content with the conflict markers of a git merge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::existing::Content;
use crate::artifact::{Artifact, At, Mode, Origin};

/// First words of every base file: a name and the version of the format.
const MAGIC: &str = "opsgen-base 1 ";

/// The last written state of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    pub at: At,
    pub mode: Mode,
    pub origin: Origin,
    /// What keeps happening when the file is given up.
    pub live: Option<String>,
    /// Format of the file, where a part of it is ours.
    pub format: String,
    /// What tells the tables of an array apart.
    pub keys: BTreeMap<String, Vec<String>>,
    pub content: Content,
}

/// The header as it stands in the file.
#[derive(Serialize, Deserialize)]
struct Header {
    blueprint: String,
    output: String,
    item: Option<String>,
    at: String,
    mode: String,
    executable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    format: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    keys: BTreeMap<String, Vec<String>>,
}

impl Base {
    /// The base that a write of this artifact leaves behind.
    pub fn of(artifact: &Artifact, mode: Mode) -> Self {
        let content = Content { bytes: artifact.bytes.clone(), executable: artifact.executable };
        let (format, keys) = match mode {
            Mode::Keys | Mode::Block => (artifact.format.clone(), artifact.keys.clone()),
            _ => Default::default(),
        };
        Self {
            at: artifact.at,
            mode,
            origin: artifact.origin.clone(),
            live: artifact.live.clone(),
            format,
            keys,
            content,
        }
    }

    /// The bytes of the `.base` file.
    pub fn encode(&self) -> Vec<u8> {
        let header = Header {
            blueprint: self.origin.blueprint.clone(),
            output: self.origin.output.clone(),
            item: self.origin.item.clone(),
            at: self.at.to_string(),
            mode: mode_name(self.mode).into(),
            executable: self.content.executable,
            live: self.live.clone(),
            format: self.format.clone(),
            keys: self.keys.clone(),
        };
        let header = serde_json::to_string(&header).unwrap_or_default();
        let mut bytes = format!("{MAGIC}{header}\n").into_bytes();
        bytes.extend_from_slice(&self.content.bytes);
        bytes
    }

    /// Reads a `.base` file; nothing when it can't be trusted.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&bytes[..end]).ok()?;
        let header: Header = serde_json::from_str(line.strip_prefix(MAGIC)?).ok()?;
        let content = Content { bytes: bytes[end + 1..].to_vec(), executable: header.executable };
        if has_conflict_markers(&content.bytes) {
            return None;
        }
        Some(Self {
            at: at_of(&header.at)?,
            mode: mode_of(&header.mode)?,
            origin: Origin { blueprint: header.blueprint, output: header.output, item: header.item },
            live: header.live,
            format: header.format,
            keys: header.keys,
            content,
        })
    }
}

/// The word for a mode, as the spec and the manifests write it.
pub fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "managed",
        Mode::Locked => "locked",
        Mode::Seed => "seed",
        Mode::Keys => "keys",
        Mode::Block => "block",
        Mode::Yours => "yours",
    }
}

/// The mode that a word names.
pub fn mode_of(word: &str) -> Option<Mode> {
    [Mode::Managed, Mode::Locked, Mode::Seed, Mode::Keys, Mode::Block, Mode::Yours]
        .into_iter()
        .find(|mode| mode_name(*mode) == word)
}

fn at_of(word: &str) -> Option<At> {
    [At::Here, At::Top].into_iter().find(|at| at.to_string() == word)
}

/// A record in a format of a later version.
pub fn is_newer(bytes: &[u8]) -> bool {
    let version = bytes.strip_prefix(b"opsgen-base ").and_then(|rest| rest.split(|byte| *byte == b' ').next());
    let version = version.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u32>().ok());
    version.is_some_and(|version| version > 1)
}

/// Left by a merge that nobody finished.
pub fn has_conflict_markers(bytes: &[u8]) -> bool {
    let starts = |marker: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(marker));
    starts(b"<<<<<<< ") && starts(b">>>>>>> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_survives_the_disk() {
        let base = Base {
            at: At::Top,
            mode: Mode::Seed,
            origin: Origin { blueprint: "a/b".into(), output: "c.tera".into(), item: Some("x".into()) },
            live: Some("deploys".into()),
            format: "toml".into(),
            keys: BTreeMap::from([("vm".into(), vec!["processes".into()])]),
            content: Content { bytes: b"\xff\nno newline".to_vec(), executable: true },
        };
        assert_eq!(Base::decode(&base.encode()), Some(base));
    }

    #[test]
    fn what_cannot_be_trusted_is_refused() {
        assert_eq!(Base::decode(b""), None);
        assert_eq!(Base::decode(b"opsgen-base 2 {}\nx"), None);
        let mut torn = Base::default().encode();
        torn.extend_from_slice(b"<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n");
        assert_eq!(Base::decode(&torn), None);
    }
}
