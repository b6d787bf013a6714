//! Our keys of a TOML file that is the user's.
//!
//! In: what we last wrote, the disk and what we would write. Out: the disk with our keys as they should be.
//! A key that the user set to something else is a conflict. Only keys of the last write and the new one are ours.

use crate::plan::merge::toml::{self, Keys, Owner};
use crate::plan::merge::{Favour, Merged, Piece, Sides};

/// Merges our keys into the file.
///
/// Without `base` missing keys are added, and one that is there with another value is a conflict. Without `new` the keys
/// that the user left as we wrote them go; the file and every other key stay. `keys` tells tables of arrays apart.
pub fn merge(base: Option<&str>, disk: &str, new: Option<&str>, keys: &Keys) -> Merged {
    let sides = Sides { base: base.unwrap_or_default(), ours: disk, theirs: new.unwrap_or_default() };
    let merged = match toml::merge(sides, keys, Owner::Keys) {
        Some(by_key) => by_key.merged,
        None => Merged::whole(sides),
    };
    if new.is_some() {
        return merged;
    }
    Merged { pieces: vec![Piece::Text(merged.text(Favour::Mine))] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISK: &str = "# mine\n[tool.ruff]\nline-length = 100 # wide\n\n[project]\nname = \"web\"\n";
    const NEW: &str =
        "# Written by opsgen.\n[tool.ruff]\nline-length = 100\nselect = [\"E\"]\n\n[tool.mypy]\nstrict = true\n";

    fn merged(base: Option<&str>, disk: &str, new: Option<&str>) -> Merged {
        merge(base, disk, new, &Keys::new())
    }

    #[test]
    fn missing_keys_are_added_and_taken_away_again() {
        let added = merged(None, DISK, Some(NEW));
        assert_eq!(
            added.text(Favour::Markers),
            "# mine\n[tool.ruff]\nline-length = 100 # wide\nselect = [\"E\"]\n\n[tool.mypy]\nstrict = true\n\n[project]\nname = \"web\"\n"
        );
        let gone = merged(Some(NEW), &added.text(Favour::Markers), None);
        assert_eq!(gone.text(Favour::Markers), DISK, "the commented key is the user's by now");
    }

    #[test]
    fn another_value_of_the_users_is_a_conflict_and_other_keys_are_no_business_of_ours() {
        let other = DISK.replace("100", "80");
        assert_eq!(merged(None, &other, Some(NEW)).conflicts().count(), 1);
        let new = NEW.replace("[\"E\"]", "[\"E\", \"F\"]");
        let disk = merged(None, DISK, Some(NEW)).text(Favour::Markers).replace("web", "shop");
        assert_eq!(
            merged(Some(NEW), &disk, Some(&new)).text(Favour::Markers),
            disk.replace("[\"E\"]", "[\"E\", \"F\"]")
        );
    }

    #[test]
    fn a_file_that_is_no_toml_is_one_conflict() {
        assert!(!merged(None, "a = \n", Some("b = 1\n")).is_clean());
    }
}
