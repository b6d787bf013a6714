//! Why a hunk is there: the answer that changed, the blueprint, or the user, and never one of the others.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use opsgen::artifact::Artifact;
use opsgen::catalog::{self, Catalog, Layer};
use opsgen::diagnostic::Source;
use opsgen::plan::{self, Base, Cause, Change, Content, Disk, Existing, Options, Plan, Recorded};
use opsgen::spec::{self, Spec};
use opsgen::{model, render, trace};

const SPEC: &str = include_str!("../snapshots/fly-web-api/spec.yaml");
const FLY: &str = "fly.production.toml";

static EMBEDDED: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&[catalog::embedded()]).unwrap());

fn read(text: &str) -> Spec {
    let (spec, faults) = spec::parse(Source::new("spec.yaml", text));
    assert!(!faults.iter().any(|fault| fault.is_error()), "{faults:#?}");
    spec
}

fn rendered(text: &str, catalog: &Catalog) -> Vec<Artifact> {
    render::render(&model::resolve(&read(text), catalog).0, catalog).unwrap()
}

static RENDERED: LazyLock<Vec<Artifact>> = LazyLock::new(|| rendered(SPEC, &EMBEDDED));

/// A tree in which the spec was applied.
fn applied() -> Existing {
    let mut existing = Existing { spec: Some(SPEC.into()), ..Existing::default() };
    for new in &*RENDERED {
        let content = Content { bytes: new.bytes.clone(), executable: new.executable };
        existing.disk.insert(new.path.clone(), Disk::File(content));
        existing.bases.insert(new.path.clone(), Recorded::Base(Base::of(new, new.mode)));
    }
    existing
}

fn edit(existing: &mut Existing, path: &str, old: &str, new: &str) {
    let Some(Disk::File(content)) = existing.disk.get_mut(path) else { panic!("no {path}") };
    let text = String::from_utf8(content.bytes.clone()).unwrap();
    content.bytes = replaced(&text, old, new).into_bytes();
}

fn replaced(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "no {old:?}");
    text.replacen(old, new, 1)
}

/// What the plan of another spec says: by file, the changed lines of each hunk and why they are there.
struct Told(BTreeMap<String, Vec<(String, Vec<Cause>)>>);

fn told(existing: &Existing, text: &str, catalog: &Catalog) -> Told {
    let options = Options { spec: text.into(), ..Options::default() };
    let plan = plan::plan(rendered(text, catalog), existing, &options);
    let causes = trace::causes(&plan, &read(text), catalog);
    let files = causes.into_iter().map(|(target, causes)| {
        let changed = changed(&plan, &target);
        assert_eq!(changed.len(), causes.len(), "{target}: a list of causes for each hunk");
        (target, changed.into_iter().zip(causes).collect())
    });
    Told(files.collect())
}

fn changed(plan: &Plan, target: &str) -> Vec<String> {
    let entry = plan.entries.iter().find(|entry| entry.target == target).unwrap();
    let (old, new) = entry.sides();
    let Change::Text(hunks) = plan::diff(old, new) else { panic!("text") };
    let changed = |hunk: &plan::Hunk| {
        let lines = hunk.lines.iter().filter(|line| line.sign != ' ');
        lines.map(|line| format!("{}{}\n", line.sign, line.text())).collect::<String>()
    };
    hunks.iter().map(changed).collect()
}

impl Told {
    /// Why the one hunk of a file that holds a changed line is there.
    #[track_caller]
    fn why(&self, path: &str, line: &str) -> Vec<String> {
        let hunks = self.0.get(path).unwrap_or_else(|| panic!("{path} doesn't change: {:?}", self.0.keys()));
        let found: Vec<_> = hunks.iter().filter(|(text, _)| text.contains(line)).collect();
        let [(_, causes)] = found[..] else { panic!("{line:?} in {} hunks of {hunks:#?}", found.len()) };
        causes.iter().map(ToString::to_string).collect()
    }

    /// Every cause of every hunk.
    fn all(&self) -> Vec<&Cause> {
        self.0.values().flatten().flat_map(|(_, causes)| causes).collect()
    }

    fn nothing_unexplained(&self) {
        for (path, hunks) in &self.0 {
            for (text, causes) in hunks {
                assert!(!causes.is_empty(), "{path}: nobody made\n{text}");
            }
        }
    }
}

fn line_of(text: &str, needle: &str) -> usize {
    text.lines().position(|line| line.contains(needle)).unwrap() + 1
}

#[test]
fn one_answer_is_the_cause_of_everything() {
    let new = replaced(SPEC, "limit=1\"", "limit=7\"");
    let told = told(&applied(), &new, &EMBEDDED);
    told.nothing_unexplained();
    let line = line_of(&new, "limit=7");
    let want = format!("spec:{line} services.api.smoke.1.get: /v1/items?limit=1 → /v1/items?limit=7");
    assert_eq!(told.why("ops/bin/smoke", "+check"), std::slice::from_ref(&want));
    assert!(told.all().iter().all(|cause| cause.to_string() == want));
}

#[test]
fn two_answers_in_one_file_are_told_apart() {
    let new = replaced(SPEC, "drain: 20s, timeout: 30s", "drain: 20s, timeout: 60s");
    let new = replaced(&new, "memory: 1GiB", "memory: 2GiB");
    let new = replaced(&new, "about: New users", "about: People who signed up");
    let told = told(&applied(), &new, &EMBEDDED);
    told.nothing_unexplained();
    let timeout = format!("spec:{} services.api.shutdown.timeout: 30s → 60s", line_of(&new, "timeout: 60s"));
    let memory = format!("spec:{} services.api.resources.memory: 1GiB → 2GiB", line_of(&new, "2GiB"));
    assert_eq!(told.why(FLY, "kill_timeout"), [timeout]);
    assert_eq!(told.why(FLY, "2048"), [memory]);
    let about = told.all().iter().filter(|cause| cause.to_string().contains("signups.about")).count();
    assert!(
        about > 0
            && !told
                .0
                .get(FLY)
                .unwrap()
                .iter()
                .flat_map(|(_, causes)| causes)
                .any(|cause| cause.to_string().contains("signups")),
        "only where it shows"
    );
}

/// A catalog whose file was changed.
fn overridden(path: &str, old: &str, new: &str) -> Catalog {
    let embedded = catalog::embedded();
    let (_, bytes) = embedded.files.iter().find(|(name, _)| name == path).unwrap();
    let text = replaced(std::str::from_utf8(bytes).unwrap(), old, new);
    let layer = Layer { name: "mine".into(), files: vec![(path.into(), text.into_bytes())] };
    Catalog::load(&[embedded, layer]).unwrap()
}

#[test]
fn a_blueprint_is_the_cause_of_what_it_changes() {
    let template = "hosting/fly/fly.toml.tera";
    let catalog = overridden(template, "kill_timeout", "# a new line\nkill_timeout");
    let alone = told(&applied(), SPEC, &catalog);
    assert_eq!(alone.why(FLY, "# a new line"), ["blueprint hosting/fly"]);
    assert!(alone.all().iter().all(|cause| matches!(cause, Cause::Blueprint { .. })));

    let new = replaced(SPEC, "memory: 1GiB", "memory: 2GiB");
    let both = told(&applied(), &new, &catalog);
    both.nothing_unexplained();
    assert_eq!(both.why(FLY, "# a new line"), ["blueprint hosting/fly"]);
    assert!(both.why(FLY, "2048")[0].contains("resources.memory"));
}

#[test]
fn an_edit_of_yours_is_told_from_the_specs_change() {
    let mut existing = applied();
    edit(&mut existing, FLY, "primary_region", "# mine\nprimary_region");
    edit(&mut existing, FLY, "  memory = \"1024mb\"", "  memory = \"1024mb\" # enough");
    let told = told(&existing, &replaced(SPEC, "memory: 1GiB", "memory: 2GiB"), &EMBEDDED);
    told.nothing_unexplained();
    let why = told.why(FLY, "2048");
    assert!(why[0].contains("resources.memory") && why[1..] == ["your edit"], "{why:?}");
}

#[test]
fn what_takes_several_answers_names_them_and_no_other() {
    // Something that is used: neither can be taken away alone.
    let new =
        replaced(SPEC, "dependencies:\n", "dependencies:\n  maps: { purpose: addresses, host: maps.example.com }\n");
    let new = replaced(&new, "google: login,", "google: login, maps: addresses,");
    let new = replaced(&new, "about: New users", "about: People who signed up");
    let told = told(&applied(), &new, &EMBEDDED);
    told.nothing_unexplained();
    let why = told.why("docs/architecture/request-flow.md", "5. addresses");
    assert!(why.iter().any(|cause| cause.contains(" dependencies.maps: (none) → purpose: addresses")), "{why:?}");
    assert!(why.iter().any(|cause| cause.contains(" services.api.uses.maps: (none) → addresses")), "{why:?}");
    assert!(!why.iter().any(|cause| cause.contains("signups")), "{why:?}");
}

#[test]
fn a_great_many_answers_still_point_at_the_right_ones() {
    let mut new = SPEC.to_owned();
    for (old, with) in [
        ("acme.dev, chat", "acme.example, chat"),
        ("min: 2, max: 5", "min: 3, max: 6"),
        ("now: 50rps, year_1: 150rps, peak: 4x", "now: 60rps, year_1: 160rps, peak: 5x"),
        ("starts_within: 30s", "starts_within: 40s"),
        ("drain: 20s, timeout: 30s", "drain: 30s, timeout: 60s"),
        ("connections: { max: 100, reserved: 10 }", "connections: { max: 200, reserved: 20 }"),
        ("size: { storage: 10GB }", "size: { storage: 20GB }"),
        ("memory: 1GiB", "memory: 2GiB"),
        ("coverage: 80%, timeout: 10m", "coverage: 85%, timeout: 15m"),
        ("build:       { timeout: 20m }", "build:       { timeout: 25m }"),
        ("watch: 30m", "watch: 45m"),
        ("within: 2m\n    keep: 3", "within: 3m\n    keep: 4"),
        ("triage: 5m", "triage: 6m"),
    ] {
        new = replaced(&new, old, with);
    }
    let told = told(&applied(), &new, &EMBEDDED);
    told.nothing_unexplained();
    let why = told.why(FLY, "kill_timeout");
    assert!(why.iter().any(|cause| cause.contains("shutdown.timeout")), "{why:?}");
    assert!(why.iter().all(|cause| cause.contains(" services.api.")), "{why:?}");
}

#[test]
fn a_first_plan_and_an_unreadable_past_claim_nothing() {
    assert!(told(&Existing::default(), SPEC, &EMBEDDED).0.is_empty());
    let mut existing = applied();
    existing.spec = Some(b"version: 1\nname: [".to_vec());
    edit(&mut existing, FLY, "  memory = \"1024mb\"", "  memory = \"1024mb\" # enough");
    let told = told(&existing, &replaced(SPEC, "memory: 1GiB", "memory: 2GiB"), &EMBEDDED);
    told.nothing_unexplained();
    assert!(told.all().iter().all(|cause| matches!(cause, Cause::Unknown | Cause::Yours)));
    assert!(told.why(FLY, "2048")[0].starts_with("spec or blueprint (the spec that was last applied"));
}

/// Every step of every blueprint and engine that a scenario can need says something, with all names filled in.
#[test]
fn the_steps_of_every_name_can_be_read() {
    use opsgen::plan::Fate;
    use opsgen::spec::identity::{Change, Kind};
    for text in [SPEC, include_str!("../snapshots/kubernetes-shop/spec.yaml")] {
        let spec = read(text);
        let (model, _) = model::resolve(&spec, &EMBEDDED);
        let mut names = vec![(Kind::Name, spec.name.text.clone()), (Kind::Destination, "s3://a/b".into())];
        names.push((Kind::Bucket, "acme-shop-files".into()));
        names.extend(spec.services.names().map(|name| (Kind::Service, name.to_owned())));
        names.extend(spec.datastores.names().map(|name| (Kind::Datastore, name.to_owned())));
        names.extend(spec.environments.names().map(|name| (Kind::Environment, name.to_owned())));
        let changes = names.into_iter().flat_map(|(kind, name)| {
            let renamed = Change::Renamed { kind, from: name.clone(), to: name.clone(), line: 1 };
            [renamed, Change::Removed { kind, name }]
        });
        let changes: Vec<Change> = changes.collect();
        let told =
            trace::identities(&changes, &model, &model, &EMBEDDED).unwrap_or_else(|faults| panic!("{faults:#?}"));
        for identity in told.iter().filter(|one| one.kind != "bucket" && one.from != "development") {
            assert!(!identity.steps.is_empty(), "{identity:?}");
            assert!(!identity.stays.is_empty() || identity.kind == "project", "{identity:?}");
            assert!(identity.to.is_some() == (identity.fate == Fate::Renamed));
        }
        let all = format!("{told:?}");
        assert!(!all.contains("<{") && !all.contains("<%") && !all.contains("  ."), "{all}");
    }
}
