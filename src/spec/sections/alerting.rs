//! Who hears of trouble, how soon, and from which value on.

use crate::diagnostic::{Diagnostic, codes};
use crate::spec::decode::Context;
use crate::spec::macros::section;
use crate::spec::map::{Map, Word};
use crate::spec::scalar::{Maybe, Text};
use crate::spec::suggest::nearest;
use crate::spec::tree::Node;
use crate::spec::units::{Duration, Email, Hours, Measure, Respond, Schedule, Threshold};

section! {
    /// Who hears of trouble, and from which value on.
    pub struct Alerting then known_measures {
        /// Ways to reach people.
        channels: Map<Channel>,
        /// How bad it is, and what follows.
        severities: Map<Severity>,
        /// From which value on.
        thresholds: Map<Threshold, Word>,
        /// Who answers at night.
        on_call: Maybe<OnCall>,
    }
}

fn known_measures(made: &mut Alerting, _: &Node, cx: &mut Context) {
    for entry in made.thresholds.iter().filter(|entry| Measure::find(&entry.name).is_none()) {
        let fault = Diagnostic::error(codes::UNKNOWN_MEASURE, format!("`{}` is no measure", entry.name));
        let fault = fault.maybe_at(entry.name.span.clone());
        cx.tell(match nearest(&entry.name, Measure::names()) {
            Some(near) => fault.label(format!("did you mean `{near}`?")).help(format!("write `{near}:`")),
            None => fault.help("`opsgen explain OPS020` lists the measures"),
        });
    }
}

section! {
    /// A way to reach people; `url` and `key` name secrets, never hold them.
    pub struct Channel then one_kind {
        /// Channel in Slack.
        slack: Option<Text>,
        /// Service in PagerDuty.
        pagerduty: Option<Text>,
        /// Team in Opsgenie.
        opsgenie: Option<Text>,
        /// Address.
        email: Option<Email>,
        /// Channel in Discord.
        discord: Option<Text>,
        /// Channel in Teams.
        teams: Option<Text>,
        /// Topic at AWS.
        sns: Option<Text>,
        /// Any other receiver, by name.
        webhook: Option<Text>,
        /// Variable that holds the address to post to.
        url: Option<Text>,
        /// Variable that holds the key.
        key: Option<Text>,
    }
}

impl Channel {
    /// `slack`, `pagerduty`, …
    pub fn kind(&self) -> Option<&'static str> {
        let named = [
            ("slack", &self.slack),
            ("pagerduty", &self.pagerduty),
            ("opsgenie", &self.opsgenie),
            ("discord", &self.discord),
            ("teams", &self.teams),
            ("sns", &self.sns),
            ("webhook", &self.webhook),
        ];
        let named = named.into_iter().find(|(_, value)| value.is_some()).map(|(kind, _)| kind);
        named.or(self.email.as_ref().map(|_| "email"))
    }

    /// The variable whose secret it needs.
    pub fn secret(&self) -> Option<&Text> {
        self.url.as_ref().or(self.key.as_ref())
    }
}

fn one_kind(made: &mut Channel, node: &Node, cx: &mut Context) {
    let kinds = ["slack", "pagerduty", "opsgenie", "discord", "teams", "sns", "webhook", "email"];
    let said: Vec<_> = node.entries().iter().filter(|entry| kinds.contains(&entry.key.as_str())).collect();
    if said.len() > 1 || (said.is_empty() && made.kind().is_none()) {
        let message = format!("{} needs exactly one of {}", cx.path(), crate::spec::suggest::either(kinds));
        cx.tell(
            Diagnostic::error(codes::MISSING_KEY, message).at(cx.here()).help("for example `slack: \"#incidents\"`"),
        );
    }
}

section! {
    /// How bad it is.
    pub struct Severity short to {
        /// Channels that hear of it.
        to: Vec<Text>,
        /// How soon somebody answers.
        respond: Option<Respond>,
        /// Severity of the incident that it opens.
        incident: Option<Text>,
        /// Collected and sent this often.
        digest: Option<Schedule>,
    }
}

section! {
    /// Who answers at night.
    pub struct OnCall short tool {
        /// Who keeps the rota; `none` is a list of ours.
        tool: Maybe<Text>,
        /// Schedule there.
        schedule: Option<Text>,
        /// Schedule of the second person.
        backup: Option<Text>,
        /// How often people change.
        rotation: Option<Schedule>,
        /// When they do.
        handoff: Option<Text>,
        /// How soon a page is acknowledged.
        acknowledge: Option<Duration>,
        /// When somebody is there.
        hours: Hours = "always",
    }
}
