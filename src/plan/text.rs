//! Line endings: text is compared in LF and written as the disk has it.
//!
//! Bytes that aren't UTF-8 are left as they are.

use std::borrow::Cow;

/// Equal when read in LF.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one == other || matches!((lf(one), lf(other)), (Some(one), Some(other)) if one == other)
}

/// The text in LF, or nothing when the bytes aren't text.
pub fn lf(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) })
}

/// `new` with the line ending that `disk` begins with.
pub fn as_on(disk: &[u8], new: &[u8]) -> Vec<u8> {
    let first = disk.iter().position(|byte| *byte == b'\n');
    let windows = first.is_some_and(|at| at > 0 && disk[at - 1] == b'\r') && std::str::from_utf8(disk).is_ok();
    match lf(new) {
        Some(text) if windows => text.replace('\n', "\r\n").into_bytes(),
        _ => new.to_vec(),
    }
}

/// The lines that two texts have in common, in their order.
pub fn shared(one: &str, other: &str) -> String {
    let diff = similar::TextDiff::from_lines(one, other);
    let equal = diff.iter_all_changes().filter(|change| change.tag() == similar::ChangeTag::Equal);
    equal.map(|change| change.value()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_endings_do_not_count() {
        assert!(same(b"a\r\nb\r\n", b"a\nb\n"));
        assert!(!same(b"a\nb", b"a\nb\n"));
        assert!(!same(b"\xff\r\n", b"\xff\n"), "no text: compared byte by byte");
    }

    #[test]
    fn the_disk_decides_the_ending() {
        assert_eq!(as_on(b"x\r\ny\r\n", b"a\nb\n"), b"a\r\nb\r\n");
        assert_eq!(as_on(b"x\ny\n", b"a\nb\n"), b"a\nb\n");
        assert_eq!(as_on(b"x\r\n", b"\xff\n"), b"\xff\n");
        assert_eq!(as_on(b"", b"a\n"), b"a\n");
    }
}
