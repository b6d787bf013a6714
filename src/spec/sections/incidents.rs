//! What people do when something broke.

use crate::spec::macros::section;
use crate::spec::map::Map;
use crate::spec::scalar::{Maybe, Text};
use crate::spec::units::{Duration, Url};

section! {
    /// What people do when something broke.
    pub struct Incidents {
        /// Where they talk; `{date}` stands for the day.
        channel: Option<Text>,
        /// Who leads: a team, or `on_call`.
        commander: Option<Text>,
        /// What each severity means.
        severities: Map<IncidentSeverity> = "{ sev1: complete outage, sev2: core function broken, sev3: part degraded, sev4: minor }",
        /// Who comes in when it lasts.
        escalate: Vec<Escalation>,
        /// How long until severity and lead are clear.
        triage: Duration = "5m",
        /// How long it is watched after the fix.
        monitor: Duration = "30m",
        /// Who is told, by severity.
        tell: Map<Told>,
        /// Where users read of it.
        status_page: Maybe<Url>,
        /// Looking back.
        postmortem: Option<Postmortem>,
    }
}

section! {
    /// What a severity means.
    pub struct IncidentSeverity short meaning {
        /// In a few words.
        meaning: Text,
    }
}

section! {
    /// Who comes in when it lasts.
    pub struct Escalation {
        /// After how long.
        after: Duration,
        /// Which team.
        to: Text,
    }
}

section! {
    /// Who is told.
    pub struct Told short teams {
        /// Teams.
        teams: Vec<Text>,
    }
}

section! {
    /// Looking back.
    pub struct Postmortem short within {
        /// After which severities.
        r#for: Vec<Text> = "[sev1, sev2]",
        /// How soon.
        within: Duration = "48h",
    }
}
