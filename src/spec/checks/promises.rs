//! References between alerts, severities, channels and incidents.

use super::Known;
use crate::diagnostic::{Diagnostic, codes};
use crate::spec::decode::Context;
use crate::spec::map::{EnvName, NameKind};
use crate::spec::{Ai, Answers, Threshold};

pub fn check(answers: &Answers, cx: &mut Context) {
    let channels = Known {
        code: codes::UNKNOWN_CHANNEL,
        what: "channel",
        section: "alerting.channels",
        names: answers.alerting.channels.names().collect(),
    };
    let severities = Known {
        code: codes::UNKNOWN_SEVERITY,
        what: "severity",
        section: "alerting.severities",
        names: answers.alerting.severities.names().collect(),
    };
    let incidents = Known {
        code: codes::UNKNOWN_INCIDENT_SEVERITY,
        what: "severity of incidents",
        section: "incidents.severities",
        names: answers.incidents.severities.names().collect(),
    };
    for severity in &answers.alerting.severities {
        severity.value.to.iter().for_each(|name| channels.expect(name, cx));
        severity.value.incident.iter().for_each(|name| incidents.expect(name, cx));
    }
    answers.incidents.tell.iter().for_each(|told| incidents.expect(&told.name, cx));
    answers
        .incidents
        .postmortem
        .iter()
        .flat_map(|postmortem| &postmortem.r#for)
        .for_each(|name| incidents.expect(name, cx));
    let levels = thresholds(answers).into_iter().flat_map(|threshold| &threshold.levels);
    levels.for_each(|level| severities.expect(&level.severity, cx));
    secret_names(answers, cx);
}

fn thresholds(answers: &Answers) -> Vec<&Threshold> {
    let own = answers.alerting.thresholds.iter().map(|entry| &entry.value);
    let business = answers.observability.business.iter().filter_map(|metric| metric.value.alert.as_ref());
    own.chain(business).chain(answers.observability.ai.as_ref().into_iter().flat_map(of_ai)).collect()
}

fn of_ai(ai: &Ai) -> impl Iterator<Item = &Threshold> {
    let all =
        [&ai.latency_p95, &ai.tokens_per_request, &ai.spend, &ai.tool_failures, &ai.empty_retrievals, &ai.quality];
    all.into_iter().flatten()
}

/// A channel names the variable that holds its address; the address itself is a secret.
fn secret_names(answers: &Answers, cx: &mut Context) {
    for channel in &answers.alerting.channels {
        let Some(secret) = channel.value.secret().filter(|name| !EnvName::fits(name)) else { continue };
        let message = format!("`{}` needs the name of a variable, not its value", channel.name);
        let fault = Diagnostic::error(codes::SECRET, message).maybe_at(channel.name.span.clone());
        let written = secret.len();
        cx.tell(
            fault.help(format!(
                "write for example `SLACK_WEBHOOK_URL` instead of the {written} letters that stand there"
            )),
        );
    }
}
