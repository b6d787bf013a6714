//! The table where opsgen owns only a part of a user's file: its keys, or the lines between its marks.
//!
//! In: base, disk and render. Out: a verdict on the whole file. Deleting takes the part out, never the file.

use super::super::Options;
use super::super::base::{Base, mode_name};
use super::super::entry::Action;
use super::super::existing::{Content, Disk, Recorded};
use super::verdict::Verdict;
use crate::artifact::{Artifact, Mode};

pub fn produced(_base: Option<&Recorded>, _disk: &Disk, _new: &Artifact, mode: Mode, _options: &Options) -> Verdict {
    Verdict::stop(Action::Blocked, format!("mode `{}` can't be applied yet", mode_name(mode)))
}

pub fn orphaned(_base: &Base, _disk: &Content, mode: Mode) -> Verdict {
    Verdict::stop(Action::Blocked, format!("mode `{}` can't be applied yet", mode_name(mode)))
}
