//! References to teams.

use super::Known;
use crate::diagnostic::codes;
use crate::spec::decode::Context;
use crate::spec::{Answers, Party, Text};

pub fn check(answers: &Answers, cx: &mut Context) {
    let teams =
        Known { code: codes::UNKNOWN_TEAM, what: "team", section: "teams", names: answers.teams.names().collect() };
    named(answers).into_iter().for_each(|name| teams.expect(name, cx));
    parties(answers).into_iter().filter_map(Party::team).for_each(|name| teams.expect(name, cx));
}

fn named(answers: &Answers) -> Vec<&Text> {
    let mut all: Vec<&Text> = Vec::new();
    all.extend(&answers.owner);
    all.extend(answers.configuration.flags.iter().flat_map(|flag| &flag.value.owner));
    all.extend(answers.waivers.iter().flat_map(|waiver| &waiver.by));
    all.extend(answers.incidents.escalate.iter().map(|step| &step.to));
    all.extend(answers.incidents.tell.iter().flat_map(|told| &told.value.teams));
    all.extend(answers.incidents.commander.iter().filter(|name| **name != "on_call"));
    all.extend(&answers.delivery.release.sign_off);
    all.extend(&answers.delivery.release.tell);
    all.extend(Some(&answers.delivery.release.notes).filter(|name| **name != "generated"));
    all.extend(
        answers.delivery.migrations.as_ref().and_then(|all| all.window.as_ref()).into_iter().flat_map(|w| &w.tell),
    );
    all.extend(answers.hosting.infrastructure.apply.iter().flat_map(|apply| &apply.approvers));
    let deploys = answers.environments.iter().flat_map(|environment| &environment.value.deploy);
    all.extend(deploys.flat_map(|deploy| &deploy.approvers));
    all
}

fn parties(answers: &Answers) -> Vec<&Party> {
    let access = answers.environments.iter().flat_map(|environment| &environment.value.access);
    let recovery = answers.recovery.scenarios.iter().flat_map(|scenario| &scenario.value.by);
    access.chain(&answers.delivery.rollback.by).chain(recovery).collect()
}
