//! How data survives.

use crate::spec::macros::section;
use crate::spec::scalar::Text;
use crate::spec::units::{Destination, Duration, PublicKey, Retention, Schedule};

section! {
    /// How the data of one store survives.
    pub struct Backup {
        /// `dump`, `wal`, `platform-snapshot`, `snapshot`, `files`, `replication`, `versioning`, `definitions`; all of them.
        method: Vec<Text>,
        /// What makes them.
        tool: Option<Text>,
        /// How often; follows from `rpo` and `takes` when left out. UTC.
        schedule: Option<Schedule>,
        /// How long a run takes, as `backup_last_duration_seconds` says.
        takes: Duration = "30m",
        /// What starts them: the platform when left out, `systemd`, `crontab`, `github-actions`.
        scheduler: Option<Text>,
        /// The machine that `systemd` or `crontab` start them on: `user@host`, as ssh takes it.
        host: Option<Text>,
        /// How long they are kept.
        keep: Keep = "{ daily: 30d }",
        /// Where to: another account than the data's, with credentials that can't delete.
        to: Option<Destination>,
        /// Where to before: the copies there are its own.
        was: Option<Destination>,
        /// Public keys, of age or OpenPGP (by fingerprint); their private halves are elsewhere.
        encrypt_for: Vec<PublicKey>,
        /// How much work may be lost, counted in time.
        rpo: Option<Duration>,
        /// How long until it works again.
        rto: Option<Duration>,
        /// Whether they are readable, whole and fresh.
        verify: Option<Verify>,
        /// Whether they can be restored.
        drill: Option<Drill>,
        /// The script that makes a copy anonymous.
        anonymize: Option<Text>,
    }
}

section! {
    /// How long copies are kept.
    pub struct Keep short permanent_or_daily then permanent {
        /// A bare value: daily copies, or `permanent`.
        permanent_or_daily: Option<Retention>,
        /// Hourly copies.
        hourly: Option<Retention>,
        /// Daily copies.
        daily: Option<Retention>,
        /// Weekly copies.
        weekly: Option<Retention>,
        /// Monthly copies.
        monthly: Option<Retention>,
        /// Never fewer than this, however old.
        at_least: u32 = "3",
    }
}

fn permanent(made: &mut Keep, _: &crate::spec::tree::Node, _: &mut crate::spec::decode::Context) {
    made.daily = made.daily.or(made.permanent_or_daily);
}

section! {
    /// Whether copies are readable, whole and fresh.
    pub struct Verify short every {
        /// How often.
        every: Schedule,
    }
}

section! {
    /// Whether copies can be restored.
    pub struct Drill short every {
        /// How often.
        every: Schedule,
        /// Where: beside the data, never on a shared runner.
        r#where: Option<Text>,
        /// Where the private key comes from: `escrow`, or a secret's name.
        key: Option<Text>,
        /// How long the last one took to restore; estimated from the size when left out.
        took: Option<Duration>,
    }
}
