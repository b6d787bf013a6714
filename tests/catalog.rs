//! Blueprints as their authors meet them: folders are added and overridden without a change in `src/`, and what is wrong with
//! one is told at its line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use opsgen::artifact::Artifact;
use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{author, model, render, spec};
use serde_json::{Value, json};

fn layer(files: &[(&str, &str)]) -> Layer {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    Layer { name: "test".into(), files }
}

fn text(faults: &[Diagnostic]) -> String {
    faults.iter().map(|fault| fault.render(false)).collect::<Vec<_>>().join("\n")
}

/// The faults of a catalog and of its rendering over a small model.
fn faults(files: &[(&str, &str)]) -> String {
    let sample = json!({ "name": "acme", "services": [{ "name": "api", "port": 80 }], "empty": null, "hosting": { "platform": "here" },
        "platform": { "id": "here" }, "blueprints": { "inputs": {} } });
    render_over(files, &sample).err().unwrap_or_default()
}

fn render_over(files: &[(&str, &str)], sample: &Value) -> Result<Vec<Artifact>, String> {
    let catalog = Catalog::load(&[layer(files)]).map_err(|faults| text(&faults))?;
    render::render(sample, &catalog).map_err(|faults| text(&faults))
}

fn one(template: &str) -> String {
    faults(&[
        ("a/b/blueprint.yaml", "summary: s\noutputs: [{ template: x.yaml.tera, path: x.yaml }]\n"),
        ("a/b/x.yaml.tera", template),
    ])
}

fn assert_tells(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "{part:?} is missing in\n{found}");
    }
}

fn scaffold(scenario: &str, more: &[Layer]) -> BTreeMap<String, Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{scenario}/spec.yaml"));
    let (spec, _) = spec::parse(Source::new("spec.yaml", fs::read_to_string(path).unwrap()));
    let layers: Vec<Layer> = std::iter::once(embedded()).chain(more.iter().cloned()).collect();
    let catalog = Catalog::load(&layers).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let (model, _) = model::resolve(&spec, &catalog);
    let artifacts = render::render(&model, &catalog).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    artifacts.into_iter().map(|artifact| (artifact.path, artifact.bytes)).collect()
}

#[test]
fn overriding_one_template_changes_only_its_output() {
    let before = scaffold("fly-web-api", &[]);
    let own = layer(&[("hosting/fly/fly.toml.tera", "# ours\napp = <{ environment.app }>\n")]);
    let after = scaffold("fly-web-api", &[own]);
    let changed: Vec<&str> =
        before.keys().filter(|path| after.get(*path) != before.get(*path)).map(String::as_str).collect();
    assert!(!changed.is_empty() && changed.iter().all(|path| path.starts_with("fly.")), "{changed:?}");
    assert_eq!(before.len(), after.len());
}

#[test]
fn a_new_folder_with_one_template_emits_one_more_file() {
    let before = scaffold("fly-web-api", &[]);
    let own = layer(&[
        ("ops/motd/blueprint.yaml", "summary: A greeting\noutputs: [{ template: motd.txt.tera, path: motd.txt }]\n"),
        ("ops/motd/motd.txt.tera", "This is <{ m.name }>.\n"),
    ]);
    let after = scaffold("fly-web-api", &[own]);
    let new: Vec<&String> = after.keys().filter(|path| !before.contains_key(*path)).collect();
    assert_eq!(new, ["motd.txt"]);
    assert_eq!(after["motd.txt"], b"This is acme-api.\n");
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    assert_eq!(scaffold("kubernetes-shop", &[]), scaffold("kubernetes-shop", &[]));
}

#[test]
fn undefined_names_are_refused_where_they_stand() {
    assert_tells(
        &one("a: 1\n<% if m.servces %>\nb: 1\n<% endif %>\n"),
        &["OPS304", "m.servces", "did you mean `services`?", "a/b/x.yaml.tera:2"],
    );
    assert_tells(
        &one("<% for s in m.services %>\na: <{ s.prt }>\n<% endfor %>\n"),
        &["s.prt", "`port`", "x.yaml.tera:2"],
    );
    assert_tells(&one("a: <{ m.name | shuot }>\n"), &["OPS301", "shuot", "x.yaml.tera:1"]);
    assert_tells(&one("a: <{ m.empty }>\n"), &["null", "x.yaml.tera:1"]);
    let manifest =
        "summary: s\nwhen: m.nme\noutputs: [{ template: x.yaml.tera, path: x.yaml, for_each: s in m.servics }]\n";
    let found = faults(&[("a/b/blueprint.yaml", manifest), ("a/b/x.yaml.tera", "a: 1\n")]);
    assert_tells(&found, &["m.nme"]);
}

#[test]
fn a_path_has_one_owner() {
    let manifest = |path: &str| format!("summary: s\noutputs: [{{ template: x.yaml.tera, path: {path} }}]\n");
    for second in ["x.yaml", "X.yaml"] {
        let (first, second) = (manifest("x.yaml"), manifest(second));
        let found = faults(&[
            ("a/b/blueprint.yaml", &first),
            ("a/b/x.yaml.tera", "a: 1\n"),
            ("a/c/blueprint.yaml", &second),
            ("a/c/x.yaml.tera", "a: 1\n"),
        ]);
        assert_tells(&found, &["OPS303", "a/b/x.yaml.tera", "a/c/x.yaml.tera"]);
    }
}

#[test]
fn paths_stay_below_the_root() {
    for path in
        ["../x.yaml", "/x.yaml", "a/../../x.yaml", ".git/config", "a/.GIT/x.yaml", ".opsgen/x.yaml", "a//x.yaml"]
    {
        let manifest = format!("summary: s\noutputs: [{{ template: x.yaml.tera, path: {path} }}]\n");
        let found = faults(&[("a/b/blueprint.yaml", &manifest), ("a/b/x.yaml.tera", "a: 1\n")]);
        assert_tells(&found, &["OPS303", path]);
    }
}

#[test]
fn malformed_files_are_told_at_the_template_line() {
    let found = one("a: 1\n<% for s in m.services %>\nb: 1\n<% endfor %>\nc: 1\na: 2\n");
    assert_tells(&found, &["OPS305", "stands twice", "x.yaml.tera:6", "writes line 4"]);
}

#[test]
fn what_is_missing_is_named() {
    assert_tells(&one("a: <{ pin(\"nobody/nothing\") }>\n"), &["nobody/nothing", "blueprints/pins"]);
    assert_tells(&one("<% include \"part.yaml.tera\" %>\n"), &["part.yaml.tera"]);
    assert_tells(&one("<{ slot(\"setup\") }>\n"), &["setup"]);
    assert_tells(
        &faults(&[("a/b/blueprint.yaml", "summary: s\noutputs: [{ template: y.tera, path: y }]\n")]),
        &["OPS302", "y.tera"],
    );
    assert_tells(&faults(&[("a/b/blueprint.yaml", "summary: s\noutpts: []\n")]), &["OPS302", "outpts"]);
}

#[test]
fn references_are_told_with_the_file_that_holds_them() {
    let files = [
        ("pins/actions.yaml", "\"a/b\": { sha: \"0123\", tag: v2 }\n\"c/d\": { sha: \"4567\", tag: v3 }\n"),
        ("pins/tools.yaml", "flyctl: { version: \"0.4.1\" }\n"),
        (
            "ci/x/blueprint.yaml",
            "summary: s\noutputs: [{ template: ci.yaml.tera, path: ci.yaml }, { template: z.yaml.tera, path: z.yaml }]\n",
        ),
        (
            "ci/x/ci.yaml.tera",
            "<% set unused = image(\"redis:7\") %>\nsteps:\n  - uses: <{ pin(\"a/b\") }>\n  <{ slot(\"setup\") }>\n  - run: <{ fragment(\"x.sh.tera\") }>\n",
        ),
        ("ci/x/x.sh.tera", "docker run <{ image(\"db/postgres:16\") }>\n"),
        ("ci/x/z.yaml.tera", "a: 1\n"),
        ("hosting/here/platform.yaml", "name: Here\n"),
        ("hosting/here/slots/setup.yaml.tera", "- uses: <{ pin(\"c/d\") }>\n  version: <{ tool(\"flyctl\") }>\n"),
    ];
    let artifacts = render_over(&files, &json!({ "name": "acme", "platform": { "id": "here" } })).unwrap();
    let pins = |at: usize| -> Vec<(&str, &str)> {
        artifacts[at].pins.iter().map(|pin| (pin.subject.as_str(), pin.text.as_str())).collect()
    };
    let expected =
        [("a/b", "a/b@0123 # v2"), ("c/d", "c/d@4567 # v3"), ("db/postgres", "db/postgres:16"), ("flyctl", "0.4.1")];
    assert_eq!((pins(0), pins(1)), (expected.to_vec(), vec![]));
}

#[test]
fn a_slot_is_filled_or_said_to_be_unsupported() {
    let ci = [
        ("ci/x/blueprint.yaml", "summary: s\noutputs: [{ template: ci.yaml.tera, path: ci.yaml }]\n"),
        ("ci/x/ci.yaml.tera", "steps:\n  <{ slot(\"setup\") }>\n  - run: true\n"),
        ("hosting/there/platform.yaml", "name: There\nunsupported: { }\n"),
        ("hosting/there/slots/setup.yaml.tera", "- run: <{ m.name }>\n- run: two\n"),
    ];
    let model = |id: &str| json!({ "name": "acme", "platform": { "id": id } });
    let render = |platform: (&str, &str), id: &str| {
        let files: Vec<_> = ci.iter().copied().chain([platform]).collect();
        render_over(&files, &model(id)).map(|artifacts| String::from_utf8(artifacts[0].bytes.clone()).unwrap())
    };
    let same = ("hosting/here/platform.yaml", "name: Here\nsame_as: there\n");
    assert_eq!(render(same, "here").unwrap(), "steps:\n  - run: acme\n  - run: two\n  - run: true\n");
    let unsupported = ("hosting/here/platform.yaml", "name: Here\nunsupported: { setup: nothing to set up }\n");
    assert_eq!(render(unsupported, "here").unwrap(), "steps:\n  - run: true\n");
    let missing = ("hosting/here/platform.yaml", "name: Here\n");
    assert_tells(&render(missing, "here").unwrap_err(), &["here", "setup"]);
}

#[test]
fn inputs_have_types() {
    let files = [
        (
            "a/b/blueprint.yaml",
            "summary: s\ninputs: { size: { type: integer, default: 20, help: How many } }\noutputs: [{ template: x.yaml.tera, path: x.yaml }]\n",
        ),
        ("a/b/x.yaml.tera", "size: <{ inputs.size }>\n"),
    ];
    let rendered = |inputs: Value| render_over(&files, &json!({ "blueprints": { "inputs": inputs } }));
    assert_eq!(rendered(json!({})).unwrap()[0].bytes, b"size: 20\n");
    assert_eq!(rendered(json!({ "a/b": { "size": 5 } })).unwrap()[0].bytes, b"size: 5\n");
    assert_tells(&rendered(json!({ "a/b": { "size": "5" } })).unwrap_err(), &["OPS306", "integer", "How many"]);
    assert_tells(&rendered(json!({ "a/b": { "sizes": 5 } })).unwrap_err(), &["sizes", "`size`"]);
    assert_tells(&rendered(json!({ "a/x": {} })).unwrap_err(), &["a/x", "`a/b`"]);
}

/// What a channel lacks is asked for, what ends is warned of, and neither is said where all is well.
#[test]
fn channels_that_will_not_do_are_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = fs::read_to_string(root.join("snapshots/kubernetes-shop/spec.yaml")).unwrap();
    let catalog = Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let said = |from: &str, to: &str| {
        let changed = shop.replace(from, to);
        assert!(from.is_empty() || changed != shop, "{from:?} is not in the scenario");
        let (spec, _) = spec::parse(Source::new("spec.yaml", changed));
        let (model, _) = model::resolve(&spec, &catalog);
        let said = render::remarks(&model, &catalog);
        said.into_iter()
            .map(|one| format!("{} {} {}", one.diagnostic.code, one.key, one.diagnostic.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(said("#shop", "#shops"), Vec::<String>::new());
    let relay = said("smtp_host: \"smtp.acme.example:587\", ", "");
    assert_eq!(
        relay,
        ["OPS166 alerting.channels.mail `mail` is an address, and nothing says which relay takes its mail"]
    );
    let ends = said("pagerduty: shop,", "opsgenie: shop,");
    assert!(
        ends.len() == 1 && ends[0].starts_with("OPS167 alerting.channels.pager") && ends[0].contains("2027-04-05"),
        "{ends:?}"
    );
    let unwatched = said("heartbeat: heartbeat_url, ", "");
    assert!(unwatched.len() == 1 && unwatched[0].contains("alerting itself dies"), "{unwatched:?}");
}

/// A pipeline tests and builds what it knows; another language is refused where it is named.
#[test]
fn a_language_without_a_stack_is_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fly = fs::read_to_string(root.join("snapshots/fly-web-api/spec.yaml")).unwrap();
    let catalog = Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let refused = |language: &str, manager: &str| {
        let stack = format!("language: {language}, version: \"1\", package_manager: {manager}");
        let named = "language: python, version: \"3.12\", framework: fastapi, package_manager: uv";
        let (spec, _) = spec::parse(Source::new("spec.yaml", fly.replace(named, &stack)));
        let (model, _) = model::resolve(&spec, &catalog);
        let said = render::remarks(&model, &catalog);
        said.into_iter().filter(|one| one.diagnostic.code == render::REFUSED).map(|one| one.key).collect::<Vec<_>>()
    };
    assert_eq!(refused("python", "poetry"), Vec::<String>::new());
    assert_eq!(refused("go", "go"), ["services.api.stack"]);
    assert_eq!(refused("python", "conda"), ["services.api.stack"]);
}

/// Every store of logs and traces that has a folder gets its own output; one without is refused, and what nobody ships is warned of.
#[test]
fn logs_and_traces_go_where_the_spec_says_or_are_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = fs::read_to_string(root.join("snapshots/kubernetes-shop/spec.yaml")).unwrap();
    let fly = fs::read_to_string(root.join("snapshots/fly-web-api/spec.yaml")).unwrap();
    let catalog = Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let resolved = |spec: String| model::resolve(&spec::parse(Source::new("spec.yaml", spec)).0, &catalog).0;
    let said = |spec: String| {
        let said = render::remarks(&resolved(spec), &catalog).into_iter();
        said.map(|one| format!("{} {}", one.diagnostic.code, one.key)).collect::<Vec<_>>()
    };
    let files = |spec: String| {
        let made = render::render(&resolved(spec), &catalog).unwrap_or_else(|faults| panic!("{}", text(&faults)));
        let own = made.into_iter().filter_map(|artifact| {
            let path = artifact.path.strip_prefix("deploy/kubernetes/")?.to_owned();
            Some((path, String::from_utf8(artifact.bytes).unwrap()))
        });
        own.collect::<std::collections::BTreeMap<String, String>>()
    };
    // log store, its output, trace store, its exporter
    let stores = [
        ["elasticsearch", "name: es", "jaeger", "otlp_grpc:"],
        ["opensearch", "name: opensearch", "tempo", "otlp_grpc:"],
        ["loki", "name: loki", "otlp", "otlp_grpc:"],
        ["cloudwatch", "name: cloudwatch_logs", "x-ray", "awsxray:"],
        ["datadog", "name: datadog", "datadog", "exporters: [datadog/connector]"],
        ["newrelic", "name: nrlogs", "newrelic", "api-key:"],
        ["loki", "name: loki", "xray", "awsxray:"],
    ];
    for [logs, output, traces, exporter] in stores {
        let to =
            shop.replace("to: elasticsearch", &format!("to: {logs}")).replace("to: jaeger", &format!("to: {traces}"));
        let made = files(to);
        let (sent, kept) = (&made["logs/production/fluent-bit.yaml"], &made["traces/production/store.yaml"]);
        assert!(sent.contains(output) && sent.contains("script: /config/mask.lua"), "{logs}: {sent}");
        assert!(kept.contains(exporter), "{traces}: {kept}");
    }
    assert_eq!(said(shop.replace("to: elasticsearch", "to: splunk")), ["OPS166 observability.logs.to"]);
    assert_eq!(said(shop.replace("to: jaeger", "to: zipkin")), ["OPS166 observability.traces.to"]);
    assert_eq!(
        said(shop.replace("[errors, slower than 1s]", "[errors, everything]")),
        ["OPS166 observability.traces.always"]
    );
    let odd = shop.replace("to: elasticsearch", "to: cloudwatch").replace("staging: 30d", "staging: 31d");
    assert_eq!(said(odd), ["OPS166 observability.logs.keep"]);
    assert_eq!(said(shop.replace("ship: fluent-bit", "ship: vector")), ["OPS167 observability.logs.ship"]);
    let own = said(fly.clone());
    let more = said(fly.replace("traces: none ", "traces: jaeger "));
    assert_eq!(more.iter().filter(|one| !own.contains(one)).collect::<Vec<_>>(), ["OPS167 observability.traces"]);
}

/// What no backup can be is refused where the spec says it.
#[test]
fn backups_that_can_not_be_are_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors/OPS166/backups");
    let catalog = Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let (spec, _) = spec::parse(Source::new("spec.yaml", fs::read_to_string(folder.join("spec.yaml")).unwrap()));
    let said = render::remarks(&model::resolve(&spec, &catalog).0, &catalog).into_iter();
    let said = said.filter(|one| one.key.starts_with("backups."));
    let placed = said.map(|one| one.diagnostic.maybe_at(spec.lookup(&one.key).map(|(_, span)| span)));
    let told = text(&placed.collect::<Vec<_>>()) + "\n";
    let golden = folder.join("stderr.txt");
    if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
        fs::write(&golden, &told).unwrap();
    }
    let before = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(before, told, "it says something else now; `make bless` accepts it");
}

/// Each example under `snapshots/errors` that holds blueprints says what it said.
#[test]
fn every_fault_of_a_blueprint_has_its_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors");
    let model = json!({ "name": "acme", "summary": "Public API", "services": [{ "name": "api", "port": 80 }, { "name": "web", "port": null }],
        "blueprints": { "inputs": { "ops/status": { "rows": "many" } } } });
    for code in [
        "OPS166", "OPS167", "OPS301", "OPS302", "OPS303", "OPS304", "OPS305", "OPS306", "OPS310", "OPS311", "OPS312",
        "OPS313",
    ] {
        let mut files = Vec::new();
        let folder = root.join(code).join("blueprints");
        walk(&folder, &mut |path, text| {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            files.push((name, text.as_bytes().to_vec()));
        });
        files.sort();
        let inputs = if code == "OPS306" { model.clone() } else { without_inputs(&model) };
        let told = match Catalog::load(&[Layer { name: "test".into(), files }]) {
            Ok(catalog) if code < "OPS300" => {
                text(&render::remarks(&inputs, &catalog).into_iter().map(|said| said.diagnostic).collect::<Vec<_>>())
            }
            Ok(catalog) if code >= "OPS310" => text(&author::lint(&catalog)),
            Ok(catalog) => text(&render::render(&inputs, &catalog).err().unwrap_or_default()),
            Err(faults) => text(&faults),
        } + "\n";
        assert!(told.contains(&format!("[{code}]")), "{code} is not among what its example causes:\n{told}");
        let golden = root.join(code).join("stderr.txt");
        if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
            fs::write(&golden, &told).unwrap();
        }
        let before = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(before, told, "{code} says something else now; `make bless` accepts it");
    }
}

fn without_inputs(model: &Value) -> Value {
    let mut model = model.clone();
    model["blueprints"] = json!({ "inputs": {} });
    model
}

/// Nothing that looks like a pin may come from anywhere but a data file.
#[test]
fn no_sha_and_no_digest_is_invented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut known, mut used) = (BTreeSet::new(), Vec::new());
    walk(&root.join("blueprints"), &mut |path, text| match path.strip_prefix(root.join("blueprints/pins")) {
        Ok(_) => known.extend(pins(text)),
        Err(_) => used.extend(pins(text).into_iter().map(|pin| (path.display().to_string(), pin))),
    });
    walk(&root.join("snapshots"), &mut |path, text| {
        used.extend(pins(text).into_iter().map(|pin| (path.display().to_string(), pin)));
    });
    let invented: Vec<_> = used.iter().filter(|(_, pin)| !known.contains(pin)).collect();
    assert!(invented.is_empty(), "{invented:#?}");
    assert!(known.len() >= 40, "the actions' pins were read");
}

/// Words of 40 or, behind `sha256:`, 64 hexadecimal digits; repeated digits are placeholders.
fn pins(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let hex = |word: &&str| matches!(word.len(), 40 | 64) && word.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let varied = |word: &&str| word.chars().collect::<BTreeSet<_>>().len() > 4;
    words.filter(hex).filter(varied).map(str::to_owned).collect()
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(!path.is_symlink(), "{} is a symlink", path.display());
        if path.is_dir() {
            walk(&path, visit);
        } else if let Ok(text) = fs::read_to_string(&path) {
            visit(&path, &text);
        }
    }
}

#[test]
fn our_own_blueprints_include_nothing_across_languages() {
    let catalog = Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{}", text(&faults)));
    let found: Vec<Diagnostic> = author::lint(&catalog).into_iter().filter(|fault| fault.code == "OPS311").collect();
    assert!(found.is_empty(), "{}", text(&found));
    let listed = author::list(&catalog);
    assert!(catalog.blueprints.keys().all(|id| listed.contains(id.as_str()) && author::show(&catalog, id).is_some()));
}
