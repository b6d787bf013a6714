//! Bytes by their digest: each stands once in a saved plan.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::super::existing;
use super::format::{Content, Text};

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a content, and its executable bit.
pub fn content(content: &existing::Content) -> Content {
    Content { sha256: digest(&content.bytes), executable: content.executable }
}

/// Puts bytes among the contents.
pub fn put(bytes: &[u8], contents: &mut BTreeMap<String, Text>) -> String {
    let digest = digest(bytes);
    contents.entry(digest.clone()).or_insert_with(|| match std::str::from_utf8(bytes) {
        Ok(text) => Text::Text(text.to_owned()),
        Err(_) => Text::Base64(STANDARD.encode(bytes)),
    });
    digest
}

/// The bytes of every content, or the digest of one that isn't what it says.
pub fn read(contents: &BTreeMap<String, Text>) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    for (name, text) in contents {
        let bytes = match text {
            Text::Text(text) => Some(text.as_bytes().to_vec()),
            Text::Base64(text) => STANDARD.decode(text).ok(),
        };
        let bytes = bytes.filter(|bytes| digest(bytes) == *name).ok_or_else(|| name.clone())?;
        found.insert(name.clone(), bytes);
    }
    Ok(found)
}
