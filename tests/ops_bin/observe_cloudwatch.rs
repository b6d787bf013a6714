//! Alarms of CloudWatch: a stack that is made once, put right also when somebody changed an alarm by hand, and what is unknown is asked for.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::elsewhere::{Log, json, shop, step};
use crate::stage::{code, has, text};

const ALARMS: &str = "ops/cloudwatch/production.json";
const PARAMETERS: &str = "ops/cloudwatch/parameters/production.json";

fn run(place: &Path, mode: &str, more: &[(&str, &str)]) -> Output {
    let mut path = OsString::from(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops_bin/fakes/cloud"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let state = place.join("state");
    let known =
        [("PATH", path.to_str().unwrap()), ("CLOUD", state.to_str().unwrap()), ("PAGERDUTY_ROUTING_KEY", "r0utingKey")];
    step(place, "rules", mode, &[&known, more].concat())
}

#[test]
fn a_stack_is_made_once_and_put_right() {
    if !["python3", "jq"].into_iter().all(has) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let edits = [
        ("rules_run_in: prometheus-operator", "rules_run_in: cloudwatch"),
        ("medium:   { to: [team]", "medium:   { to: [mail]"),
    ];
    shop(place, &edits);
    fs::create_dir(place.join("state")).unwrap();
    let log = place.join("state/log");
    let log = Log(&log);
    // What only the account knows is asked for, by name, before anything is written.
    let out = run(place, "install", &[]);
    assert!(
        code(&out) == 1 && text(&out).contains("MISSING  StoreDb is empty: DB instance identifier of db"),
        "{}",
        text(&out)
    );
    let mut known = json(place, PARAMETERS);
    for (name, value) in known.as_object_mut().unwrap() {
        if value == "" {
            *value = format!("shop-{}", name.to_lowercase()).into();
        }
    }
    fs::write(place.join(PARAMETERS), known.to_string()).unwrap();
    let out = run(place, "install", &[("PAGERDUTY_ROUTING_KEY", "")]);
    assert!(code(&out) == 1 && text(&out).contains("MISSING  PAGERDUTY_ROUTING_KEY is not set"), "{}", text(&out));
    let out = run(place, "check", &[]);
    assert!(
        code(&out) == 1 && text(&out).contains("DIFFERS  there is no stack shop-production-alarms"),
        "{}",
        text(&out)
    );
    assert!(log.taken().is_empty());

    // The mail to a new address isn't confirmed yet, and until then nobody may think that it is told.
    let out = run(place, "install", &[]);
    assert!(code(&out) == 1 && text(&out).contains("changed  the stack shop-production-alarms"), "{}", text(&out));
    assert!(text(&out).contains("DIFFERS  shop@acme.example has not confirmed"), "{}", text(&out));
    assert_eq!(log.taken(), ["CREATE"]);
    fs::write(place.join("state/confirmed"), "").unwrap();
    let out = run(place, "install", &[]);
    assert_eq!((code(&out), log.taken()), (0, Vec::new()), "{}", text(&out));
    assert!(text(&out).contains("the stack shop-production-alarms is the one of this tree"), "{}", text(&out));
    assert!(!fs::read_to_string(place.join("state/calls")).unwrap().contains("r0utingKey"), "a secret is no argument");

    let alarms = fs::read_to_string(place.join(ALARMS)).unwrap();
    fs::write(place.join(ALARMS), alarms.replace("\"Threshold\": 0.05", "\"Threshold\": 0.07")).unwrap();
    let out = run(place, "check", &[]);
    assert!(
        code(&out) == 1 && log.taken().is_empty() && text(&out).contains("modify HttpErrorRateHigh"),
        "{}",
        text(&out)
    );
    let out = run(place, "install", &[]);
    assert_eq!((code(&out), log.taken()), (0, vec!["UPDATE".to_owned()]), "{}", text(&out));

    fs::write(place.join("state/drifted"), "").unwrap();
    let out = run(place, "install", &[]);
    assert_eq!(
        (code(&out), log.taken()),
        (0, vec!["UPDATE".to_owned()]),
        "what was changed by hand is put right: {}",
        text(&out)
    );
    let stack = place.join("state/shop-production-alarms.json");
    let held = fs::read_to_string(&stack).unwrap();
    fs::write(&stack, held.replace("AWS::SNS::Subscription", "AWS::SNS::Gone")).unwrap();
    let out = run(place, "check", &[]);
    assert!(code(&out) == 1 && text(&out).contains("DIFFERS  nobody is subscribed to TopicMedium"), "{}", text(&out));
    fs::write(&stack, held).unwrap();
    fs::write(place.join(ALARMS), alarms.replace("AWS::SNS::Topic", "AWS::SNS::Topik")).unwrap();
    let out = run(place, "install", &[]);
    assert!(
        code(&out) == 1
            && text(&out).contains("is refused: An error occurred")
            && text(&out).contains("Template format error"),
        "{}",
        text(&out)
    );
}

#[test]
fn a_metric_that_is_not_there_is_asked_for() {
    if !["python3", "jq"].into_iter().all(has) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    shop(place, &[("rules_run_in: prometheus-operator", "rules_run_in: cloudwatch")]);
    fs::create_dir(place.join("state")).unwrap();
    let known = r#"{ "StoreDb": "shop-db", "StoreCache": "shop-cache", "SignalsEnvironment": "eks:elsewhere/shop", "Project": "shop" }"#;
    fs::write(place.join(PARAMETERS), known).unwrap();
    let out = run(place, "ask", &[]);
    let said = text(&out);
    assert_eq!(code(&out), 1, "{said}");
    assert!(
        said.contains("ok       there is ContainerInsights pod_status_ready of acme-production shop api"),
        "{said}"
    );
    assert!(said.contains("ok       there is AWS/ElastiCache Evictions of shop-cache-003"), "{said}");
    assert!(said.contains("MISSING  there is no ApplicationSignals Fault of eks:elsewhere/shop"), "{said}");
}
