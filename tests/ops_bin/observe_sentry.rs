//! Issue alerts of Sentry: made once, put right, taken away, nobody else's touched; an integration that is missing is said.

use std::fs;

use crate::elsewhere::{Log, fake, json, shop, step};
use crate::stage::{code, has, text};

const RULES: &str = "ops/sentry/production.json";

#[test]
fn issue_alerts_are_made_once_put_right_and_taken_away() {
    if !["python3", "jq", "curl"].into_iter().all(has) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    shop(place.path(), &[]);
    let log = place.path().join("log");
    let server = fake("sentry", &log, &[]);
    let log = Log(&log);
    let at = |mode: &str, token: &str| {
        let known = [
            ("SENTRY_URL", &*server.url),
            ("SENTRY_AUTH_TOKEN", token),
            ("SENTRY_ORG", "acme"),
            ("SENTRY_PROJECT", "shop"),
        ];
        step(place.path(), "errors", mode, &known)
    };
    let rules = json(place.path(), RULES);
    assert_eq!(rules.as_array().unwrap().len(), 3);
    assert_eq!(code(&at("ask", "key")), 0, "{}", text(&at("ask", "key")));
    let out = at("check", "key");
    assert!(code(&out) == 1 && text(&out).contains("DIFFERS  shop production: a new error"), "{}", text(&out));
    assert!(log.taken().is_empty());
    let out = at("install", "key");
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert_eq!(log.taken(), ["POST", "POST", "POST"], "a 202 is waited for");
    let out = at("install", "key");
    assert!(code(&out) == 0 && log.taken().is_empty(), "a second run changes nothing: {}", text(&out));

    let file = place.path().join(RULES);
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, before.replace("\"value\": 100", "\"value\": 50")).unwrap();
    let out = at("install", "key");
    assert_eq!((code(&out), log.taken()), (0, vec!["PUT".to_owned()]), "{}", text(&out));
    fs::write(&file, before.replace("\"frequency\": 60", "\"frequency\": 1")).unwrap();
    let out = at("install", "key");
    assert!(code(&out) == 1 && text(&out).contains("is refused") && text(&out).contains("43200"), "{}", text(&out));
    assert!(log.taken().is_empty());
    let mut fewer = rules;
    fewer.as_array_mut().unwrap().pop();
    fs::write(&file, fewer.to_string()).unwrap();
    let out = at("install", "key");
    assert_eq!((code(&out), log.taken()), (0, vec!["DELETE".to_owned()]), "{}", text(&out));
    let out = at("install", "wrong");
    assert!(code(&out) == 1 && text(&out).contains("401"), "{}", text(&out));
    fs::write(&file, before.replace("$pagerduty/shop", "$pagerduty/else")).unwrap();
    let out = at("install", "key");
    assert!(
        code(&out) == 1 && text(&out).contains("MISSING  Sentry's integration has no service or team else"),
        "{}",
        text(&out)
    );
}
