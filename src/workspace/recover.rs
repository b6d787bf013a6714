//! Finishes or takes back what a run that was cut off left behind.
//!
//! In: the journal. Out: which way it went. A run that only reads meets it as an error, and writes nothing.

use super::Workspace;
use super::failure::{Failure, plain};
use super::interrupt::Writing;
use super::lock::Lock;
use super::transaction::{self, Journal, Replay, Steps, Stuck, Title, Way};

/// What was done about a run that was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub way: Way,
    /// When that run began.
    pub since: String,
    /// How many files it was about.
    pub files: usize,
}

impl Workspace {
    /// Settles what a run that was cut off left behind, before anything is read.
    pub fn recover(&self) -> Result<Option<Recovered>, Failure> {
        self.recover_in(&|_| true)
    }

    /// `recover`, with a word before each step.
    pub fn recover_in(&self, steps: Steps<'_>) -> Result<Option<Recovered>, Failure> {
        if !self.has_journal() {
            return Ok(None);
        }
        let _writing = Writing::begin();
        let _lock = Lock::take(&self.dir, &self.state, &Title::now())?;
        if !self.has_journal() {
            return Ok(None);
        }
        let folder = self.state.journal();
        let Some(journal) = transaction::list(&self.dir, &folder, &self.state) else {
            return Err(Failure::stuck(format!("`{folder}` can't be read: it was cut off itself"), &folder));
        };
        let replay = Replay::new(&self.dir, &self.state, &journal, steps);
        match replay.settle() {
            Ok(way) => Ok(Some(self.recovered(way, &journal))),
            Err(stuck) => Err(told(stuck, &folder)),
        }
    }

    fn recovered(&self, way: Way, journal: &Journal) -> Recovered {
        let files = journal.steps.iter().filter(|step| !self.state.is_ours(&step.path)).count();
        Recovered { way, since: journal.title.time.clone(), files }
    }

    pub(super) fn has_journal(&self) -> bool {
        self.dir.symlink_metadata(self.state.journal()).is_ok()
    }

    /// Nobody writes here now, and nobody was cut off while writing.
    pub fn settled(&self) -> Result<(), Failure> {
        if !self.has_journal() {
            return Ok(());
        }
        Err(Lock::is_held(&self.dir, &self.state).unwrap_or_else(|| Failure::unfinished(&self.state.journal())))
    }
}

impl Recovered {
    /// In one line.
    pub fn words(&self) -> String {
        let Self { since, files, .. } = self;
        let files = if *files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        match self.way {
            Way::Forward => format!("the apply of {since} was interrupted; it is finished now ({files})"),
            Way::Back => format!("the apply of {since} was interrupted; it is taken back ({files})"),
        }
    }
}

fn told(stuck: Stuck, folder: &str) -> Failure {
    match stuck {
        Stuck::Changed(paths) => Failure::stuck(
            format!("an apply was interrupted here, and these files were changed since: {}", paths.join(", ")),
            folder,
        ),
        Stuck::Io(path, error) => {
            Failure::stuck(format!("can't finish an interrupted apply at `{path}`: {}", plain(&error)), folder)
        }
        Stuck::Left(paths) => {
            Failure::stuck(format!("an interrupted apply can't be taken back at {}", paths.join(", ")), folder)
        }
    }
}
