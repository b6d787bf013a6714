//! Conditions of New Relic: made once, put right, taken away; a policy that tells nobody is said.

use std::fs;

use crate::elsewhere::{Log, fake, json, shop, step};
use crate::stage::{code, has, text};

const CONDITIONS: &str = "ops/newrelic/production.json";

#[test]
fn conditions_are_made_once_put_right_and_taken_away() {
    if !["python3", "jq", "curl"].into_iter().all(has) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    shop(place.path(), &[("rules_run_in: prometheus-operator", "rules_run_in: newrelic")]);
    let file = place.path().join(CONDITIONS);
    let mut conditions = json(place.path(), CONDITIONS);
    assert!(conditions.as_object().unwrap().values().map(|it| it.as_array().unwrap().len()).sum::<usize>() > 10);
    let policies = conditions.as_object_mut().unwrap();
    policies.retain(|name, _| name.ends_with(" critical") || name.ends_with(" high"));
    fs::write(&file, serde_json::to_string(&conditions).unwrap()).unwrap();
    let count: usize = conditions.as_object().unwrap().values().map(|it| it.as_array().unwrap().len()).sum();

    let log = place.path().join("log");
    let server = fake("newrelic", &log, &["shop production critical", "shop production high"]);
    let log = Log(&log);
    let at = |mode: &str, key: &str| {
        let known = [("NEW_RELIC_REGION", &*server.url), ("NEW_RELIC_API_KEY", key), ("NEW_RELIC_ACCOUNT_ID", "12")];
        step(place.path(), "rules", mode, &known)
    };
    let out = at("check", "key");
    assert!(
        code(&out) == 1 && text(&out).contains("DIFFERS  there is no policy shop production critical"),
        "{}",
        text(&out)
    );
    assert!(log.taken().is_empty());
    // A workflow can only be made for a policy that is there, so the first run tells that nobody is told.
    let out = at("install", "key");
    assert!(
        code(&out) == 1 && text(&out).contains("MISSING  no workflow tells anybody of shop production high"),
        "{}",
        text(&out)
    );
    let made = log.taken();
    assert_eq!(made.iter().filter(|it| *it == "alertsPolicyCreate").count(), 2, "{}", text(&out));
    assert_eq!(made.iter().filter(|it| *it == "alertsNrqlConditionStaticCreate").count(), count);
    let out = at("install", "key");
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(log.taken().is_empty(), "a second run changes nothing");
    assert_eq!(code(&at("check", "key")), 0);
    assert_eq!(code(&at("ask", "key")), 0);

    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, before.replace("\"threshold\":0.05", "\"threshold\":0.07")).unwrap();
    assert_eq!(code(&at("install", "key")), 0);
    assert_eq!(log.taken(), ["alertsNrqlConditionStaticUpdate"]);
    fs::write(&file, before.replace("FROM Metric", "FORM Metric")).unwrap();
    let out = at("install", "key");
    assert!(code(&out) == 1 && text(&out).contains("is refused: Error validating NRQL query"), "{}", text(&out));
    let high = conditions["shop production high"].as_array_mut().unwrap();
    let gone = high.pop().unwrap()["name"].as_str().unwrap().to_owned();
    fs::write(&file, conditions.to_string()).unwrap();
    log.taken();
    let out = at("install", "key");
    assert!(code(&out) == 0 && text(&out).contains(&format!("changed  {gone} is taken away")), "{}", text(&out));
    assert!(log.taken().contains(&"alertsConditionDelete".to_owned()));
    let out = at("install", "wrong");
    assert!(code(&out) == 1 && text(&out).contains("refuses NEW_RELIC_API_KEY: 401"), "{}", text(&out));
}
