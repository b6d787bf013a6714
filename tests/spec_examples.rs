//! Both example specs decode without a fault, and say what they say.

#![allow(clippy::unwrap_used)]

use opsgen::diagnostic::Source;
use opsgen::spec;

fn example(name: &str) -> spec::Spec {
    let path = format!("{}/snapshots/{name}/spec.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let (spec, faults) = spec::parse(Source::new("spec.yaml", text));
    let told: Vec<String> = faults.iter().map(|fault| fault.render(false)).collect();
    assert!(faults.is_empty(), "{}", told.join("\n\n"));
    spec
}

#[test]
fn the_fly_example_decodes() {
    let spec = example("fly-web-api");
    let json = spec.json();
    assert_eq!(json["services"][0]["health"]["liveness"]["path"], "/health/live");
    assert_eq!(json["services"][0]["resources"]["cpu"]["limit"], "1");
    assert_eq!(json["environments"][1]["services"][0]["scaling"]["max"], 1);
    assert_eq!(json["environments"][2]["services"][0]["scaling"]["when"][0]["text"], "above 80%");
    assert_eq!(spec.lookup("delivery.rollback.within").unwrap().0, "2m");
}

#[test]
fn the_kubernetes_example_decodes() {
    let spec = example("kubernetes-shop");
    let json = spec.json();
    assert_eq!(json["delivery"]["strategy"]["kind"], "canary");
    assert_eq!(json["environments"][2]["hosting"]["cluster"], "acme-production");
    assert_eq!(json["environments"][2]["hosting"]["namespace"], "shop");
    assert_eq!(json["environments"][2]["observability"]["logs"]["keep"], "90d");
    assert_eq!(spec.effective("staging").unwrap().services.get("api").unwrap().scaling.max, 3);
}

#[test]
fn the_schema_accepts_both_examples() {
    let schema = spec::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in ["fly-web-api", "kubernetes-shop"] {
        let told: Vec<String> = validator
            .iter_errors(&example(name).tree().json())
            .map(|fault| format!("{} {fault}", fault.instance_path()))
            .collect();
        assert!(told.is_empty(), "{name}: {told:#?}");
    }
}
