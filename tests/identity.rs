//! A name that exists outside the files: renamed only where the spec says so, asked about otherwise, never lost in silence.

#[path = "program/mod.rs"]
mod program;

use std::io::Write;
use std::process::{Command, Stdio};

use program::{Project, Said, said};

const PRODUCTION: &str = "fly.production.toml";

/// `production` is called `live` everywhere in the spec.
fn rename_environment(project: &Project, was: bool) {
    let was = if was { "    was: production\n" } else { "" };
    project.edit("spec.yaml", "\n  production:\n    purpose", &format!("\n  live:\n{was}    purpose"));
    let text = project.read("spec.yaml").replace("production: none }", "live: none }");
    project.write("spec.yaml", text);
}

fn rename_service(project: &Project, was: &str) {
    project.edit("spec.yaml", "\n  api:\n    kind", &format!("\n  backend:\n{was}    kind"));
    project.edit("spec.yaml", "services: { api:", "services: { backend:");
}

fn rename_store(project: &Project, was: &str) {
    for (old, new) in [
        ("\n  db:\n    engine", &*format!("\n  main:\n{was}    engine")),
        ("\n  db:\n    method", "\n  main:\n    method"),
        ("requires: [db]", "requires: [main]"),
        ("uses: { db:", "uses: { main:"),
        ("with: [db]", "with: [main]"),
        ("from: db,", "from: main,"),
        ("    db:     { timeout", "    main:   { timeout"),
    ] {
        project.edit("spec.yaml", old, new);
    }
}

#[test]
fn a_renamed_service_is_refused_until_somebody_says_what_it_is() {
    let project = Project::applied("fly-web-api");
    rename_service(&project, "");
    let before = project.fingerprint();
    let ended = project.run(&["apply", "--yes"]);
    ended.code(3).says("OPS420").says("the service `api` is gone and `backend` is new").says("nothing was written");
    ended.says("spec.yaml:15:3").says("write `was: api` under `services.backend`").says("--retire api");
    ended.shows("service api").shows("its Machines run until the next deploy");
    project.run(&["diff"]).code(0).says("OPS420");
    project.run(&["diff", "--exit-code"]).code(3);
    project.run(&["check"]).code(3).says("OPS420");
    assert_eq!(project.fingerprint(), before);

    project.edit("spec.yaml", "  backend:\n", "  backend:\n    was: api\n");
    let ended = project.run(&["apply", "--yes"]);
    ended.code(0).shows("service api → backend").shows("flyctl apps destroy acme-api-production-api-autoscaler");
    ended.shows("ops/bin/deploy staging IMAGE@sha256:DIGEST");
    project.run(&["check"]).code(0);
    let said = project.run(&["check"]).code(0).talk.clone();
    assert!(
        !said.contains("backend → ") && !said.contains("OPS42"),
        "`was` may stay, and says nothing any more: {said}"
    );
}

#[test]
fn retiring_says_what_stays_and_goes_on() {
    let project = Project::applied("fly-web-api");
    rename_service(&project, "");
    let ended = project.run(&["apply", "--yes", "--retire", "api"]);
    ended.code(0).shows("risk: service api is gone from the spec, and opsgen deletes files only");
    ended.shows("flyctl scale count api=0 --app acme-api-production");
    project.run(&["check"]).code(0);
}

#[test]
fn edits_follow_a_renamed_environment() {
    let project = Project::applied("fly-web-api");
    project.edit(PRODUCTION, "primary_region", "# close to the users\nprimary_region");
    rename_environment(&project, false);
    project.run(&["apply", "--yes"]).code(3).says("the environment `production` is gone and `live` is new");
    assert!(project.read(PRODUCTION).contains("# close to the users"));

    project.edit("spec.yaml", "\n  live:\n", "\n  live:\n    was: production\n");
    let ended = project.run(&["apply", "--yes"]);
    ended.code(0).shows("environment production → live").shows("flyctl apps create acme-api-live --org acme");
    ended.shows("flyctl secrets list --app acme-api-production").shows("flyctl apps destroy acme-api-production\n");
    ended.shows("flyctl certs add api.acme.dev --app acme-api-live");
    ended.shows("gh api --method PUT repos/acme/acme-api/environments/live");
    assert!(!project.path(PRODUCTION).exists());
    let moved = project.read("fly.live.toml");
    assert!(moved.contains("# close to the users\n") && moved.contains("acme-api-live"), "{moved}");
    project.run(&["check"]).code(0);
}

#[test]
fn a_renamed_store_takes_its_scripts_and_its_steps_along() {
    let project = Project::applied("fly-web-api");
    project.edit("ops/backup/db/backup.sh", "\nusage() {", "\n# mine\nusage() {");
    rename_store(&project, "    was: db\n");
    let ended = project.run(&["apply", "--yes"]);
    ended.code(0).shows("datastore db → main").shows("flyctl apps create acme-api-production-backup-main --org acme");
    ended.shows("ops/bin/backup-schedule production").shows("flyctl mpg list --org acme");
    assert!(project.read("ops/backup/main/backup.sh").contains("# mine"));
    assert!(!project.path("ops/backup/db/backup.sh").exists());
}

#[test]
fn another_bucket_is_another_place() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "s3://acme-backups/db", "s3://acme-safe/db");
    project.run(&["apply", "--yes"]).code(3).says("the backup destination `s3://acme-backups/db` is gone");
    project.edit(
        "spec.yaml",
        "    to: \"s3://acme-safe/db\"",
        "    was: s3://acme-backups/db\n    to: \"s3://acme-safe/db\"",
    );
    let ended = project.run(&["apply", "--yes"]);
    ended.code(0).shows("aws s3 sync s3://acme-backups/db s3://acme-safe/db");
}

#[test]
fn the_projects_own_name_moves_every_app() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "\nname: acme-api\n", "\nname: acme-core\n");
    project.run(&["apply", "--yes"]).code(3).says("the project `acme-api` is gone").says("write `was: acme-api`;");
    project.edit("spec.yaml", "\nname: acme-core\n", "\nname: acme-core\nwas: acme-api\n");
    let ended = project.run(&["apply", "--yes"]);
    ended.code(0).shows("flyctl apps create acme-core-staging --org acme");
    ended.shows("flyctl apps destroy acme-api-production\n");
}

#[test]
fn on_kubernetes_nothing_old_goes_away_by_itself() {
    let project = Project::applied("kubernetes-shop");
    let text = project.read("spec.yaml").replace("\n  worker:\n    kind", "\n  mailer:\n    was: worker\n    kind");
    project.write("spec.yaml", text.replace(" worker: {", " mailer: {").replace("[worker]", "[mailer]"));
    let ended = project.run(&["diff"]);
    ended.code(0);
    let json = project.run(&["diff", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let name = &plan["names"][0];
    assert_eq!((&name["kind"], &name["from"], &name["to"]), (&"service".into(), &"worker".into(), &"mailer".into()));
    let runs: String = name["steps"].as_array().unwrap().iter().filter_map(|step| step["run"].as_str()).collect();
    let delete = "kubectl --context acme-production --namespace shop delete rollout,deployment,service";
    assert!(
        runs.contains(delete) && runs.contains("app.kubernetes.io/name=worker,app.kubernetes.io/part-of=shop"),
        "{runs}"
    );
    let markdown = project.run(&["diff", "--format", "markdown"]);
    markdown.shows("**service worker → mailer").shows(delete);
}

#[test]
fn what_is_gone_for_good_comes_first() {
    let project = Project::applied("fly-web-api");
    project.edit(
        "spec.yaml",
        "    deploy: { from: staging, trigger: manual, approvers: [platform] }\n",
        "    deploy: { from: main, trigger: manual, approvers: [platform] }\n",
    );
    let text = project.read("spec.yaml");
    let (start, end) = (text.find("\n  staging:\n").unwrap(), text.find("\n  production:\n").unwrap());
    let text = format!("{}{}", &text[..start], &text[end..]);
    let text = text.replace("test_in: staging", "test_in: production").replace(" staging: truncated,", "");
    project.write("spec.yaml", text);
    let json = project.run(&["diff", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&json.out).unwrap_or_else(|_| panic!("{json:?}"));
    let first = &plan["risks"][0];
    assert_eq!((&first["weight"], &first["path"]), (&"high".into(), &"environment staging".into()));
    assert!(first["what"].as_str().unwrap().contains("acme-api-staging: the app keeps running"), "{first}");
    project.run(&["apply", "--yes"]).code(0).shows("flyctl apps destroy acme-api-staging");
}

#[test]
fn was_must_name_something_that_is_gone() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "\n  google: {", "\n  google: { was: sentry,");
    project.run(&["check"]).code(4).says("OPS421").says("`google` says that it was `sentry`").says("still there");
}

/// The program on a terminal of its own, with what is typed.
fn typed(project: &Project, typed: &str) -> Said {
    let program = format!("{} apply", env!("CARGO_BIN_EXE_opsgen"));
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &program, "/dev/null"]).current_dir(project.root());
    script.env("OPSGEN_TODAY", "2026-11-21").env("TERM", "dumb").env("NO_COLOR", "1");
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    said(&child.wait_with_output().unwrap())
}

fn has_terminal() -> bool {
    let found = Command::new("script").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("not run: `script` of util-linux isn't here");
    }
    found
}

#[test]
fn yes_at_the_prompt_writes_was_and_goes_on() {
    if !has_terminal() {
        return;
    }
    let project = Project::applied("fly-web-api");
    rename_service(&project, "");
    let before = project.read("spec.yaml");
    let ended = typed(&project, "y\ny\n");
    ended.code(0).shows("Is `backend` the service that was `api`?").shows("written to");
    let after = project.read("spec.yaml");
    assert!(after.contains("    was: api\n"), "{after}");
    assert_eq!(after.replace("    was: api\n", ""), before, "and nothing else");
    project.run(&["check"]).code(0);
}

#[test]
fn no_at_the_prompt_gives_it_up_and_silence_writes_nothing() {
    if !has_terminal() {
        return;
    }
    let project = Project::applied("fly-web-api");
    rename_service(&project, "");
    let before = project.fingerprint();
    typed(&project, "\n").code(3).shows("nothing was written");
    assert_eq!(project.fingerprint(), before);
    let ended = typed(&project, "n\ny\n");
    ended.code(0).shows("risk: service api is gone from the spec");
    assert!(!project.read("spec.yaml").contains("was:"));
}
