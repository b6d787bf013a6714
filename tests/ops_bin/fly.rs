//! Deploy, rollback, migrate, preflight and promote on Fly.io.

use crate::stage::{Platform, code, has, text};

fn digest(letter: char) -> String {
    letter.to_string().repeat(64)
}

fn image(letter: char) -> String {
    format!("ghcr.io/acme/acme-api@sha256:{}", digest(letter))
}

fn tag(letter: char) -> String {
    format!("registry.fly.io/acme-api-production:sha256-{}", digest(letter))
}

#[test]
fn deploy_copies_by_digest_and_waits_until_every_machine_runs_it() {
    if !has("jq") {
        return;
    }
    let platform = Platform::running(&digest('a'));
    let out = platform.run("deploy", &["production", &image('b')]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    let copy = platform.called("docker buildx imagetools create").unwrap();
    assert!(copy.ends_with(&format!("--tag {} {}", tag('b'), image('b'))), "{copy}");
    let deploy = platform.called("flyctl deploy").unwrap();
    assert!(
        deploy.contains("--config fly.production.toml") && deploy.contains(&format!("--image {}", tag('b'))),
        "{deploy}"
    );
    assert_eq!(platform.called("flyctl scale"), None, "two Machines are inside the bounds of the spec");
    assert!(text(&out).contains(&format!("before: sha256:{}", digest('a'))));
}

#[test]
fn deploy_keeps_the_number_of_machines_inside_the_bounds() {
    if !has("jq") {
        return;
    }
    for (count, wanted) in [(1, Some("api=2")), (4, None), (7, Some("api=5"))] {
        let platform = Platform::running(&digest('a'));
        platform.machines(&digest('a'), count);
        let out = platform.run("deploy", &["production", &image('b')]);
        assert_eq!(code(&out), 0, "{}", text(&out));
        let scaled = platform.called("flyctl scale count").map(|call| call.split(' ').nth(3).unwrap().to_owned());
        assert_eq!(scaled.as_deref(), wanted, "{count} Machines");
    }
}

#[test]
fn an_image_that_is_there_is_not_copied_again() {
    if !has("jq") {
        return;
    }
    let platform = Platform::running(&digest('a'));
    platform.write("registry", &format!("{}\n", digest('b')));
    assert_eq!(code(&platform.run("deploy", &["production", &image('b')])), 0);
    assert_eq!(platform.called("docker buildx imagetools create"), None);
}

#[test]
fn wrong_arguments_reach_no_platform() {
    let short = format!("x@sha256:{}", &digest('a')[1..]);
    let large = format!("x@sha256:{}", digest('A'));
    let wrong: [&[&str]; 7] = [
        &[],
        &["production"],
        &["production", "ghcr.io/acme/acme-api:latest"],
        &["elsewhere", &image('a')],
        &["production", &short],
        &["production", &large],
        &["production", &image('a'), "more"],
    ];
    for script in ["deploy", "migrate"] {
        for args in wrong {
            let platform = Platform::running(&digest('a'));
            let out = platform.run(script, args);
            assert_eq!(code(&out), 64, "{script} {args:?}: {}", text(&out));
            assert!(platform.calls().is_empty(), "{script} {args:?}");
        }
    }
}

#[test]
fn rollback_finds_the_digest_that_ran_before() {
    if !has("jq") {
        return;
    }
    let (a, b, c) = (digest('a'), digest('b'), digest('c'));
    let platform = Platform::running(&b);
    platform.releases(&[(&b, "failed"), (&a, "complete"), (&c, "complete")]);
    let out = platform.run("rollback", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(platform.called("flyctl deploy").unwrap().contains(&tag('a')));
}

#[test]
fn a_second_rollback_never_returns_to_what_was_rolled_back_from() {
    if !has("jq") {
        return;
    }
    let (a, b, c) = (digest('a'), digest('b'), digest('c'));
    let platform = Platform::running(&a);
    platform.releases(&[(&a, "complete"), (&b, "complete"), (&a, "complete"), (&c, "complete")]);
    assert_eq!(code(&platform.run("rollback", &["production"])), 0);
    assert!(platform.called("flyctl deploy").unwrap().contains(&tag('c')));
}

#[test]
fn without_history_rollback_asks_for_a_digest() {
    if !has("jq") {
        return;
    }
    let platform = Platform::running(&digest('a'));
    platform.releases(&[(&digest('a'), "complete")]);
    let out = platform.run("rollback", &["production"]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("name one: ops/bin/rollback production IMAGE@sha256:DIGEST"), "{}", text(&out));
    assert_eq!(platform.called("flyctl deploy"), None);
}

#[test]
fn a_migration_runs_on_a_machine_of_its_own_that_is_destroyed() {
    if !has("jq") {
        return;
    }
    for (exit, expected) in [("{}", 0), (r#"{"exit_code":3}"#, 1), (r#"{"exit_code":137,"oom_killed":true}"#, 1)] {
        let platform = Platform::running(&digest('a'));
        platform.write("exit.json", exit);
        let out = platform.run("migrate", &["production", &image('b')]);
        assert_eq!(code(&out), expected, "{exit}: {}", text(&out));
        let create = platform.called("flyctl machine create").unwrap();
        // The server itself and not the pooler, by a shell on the Machine, which alone has the secrets.
        let (_, started) = create.split_once(&format!("-- {} sh -c ", tag('b'))).expect(&create);
        let (script, arguments) = started.split_once(" migrate ").expect(&create);
        assert_eq!(arguments, "alembic upgrade head");
        let reached = |secret: Option<&str>| {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", script, "migrate", "printenv", "DATABASE_URL"]).env("DATABASE_URL", "the pooler");
            shell.envs(secret.map(|address| ("MIGRATION_DATABASE_URL", address)));
            shell.output().unwrap()
        };
        assert_eq!(text(&reached(Some("the server"))).trim(), "the server");
        assert!(text(&reached(None)).contains("MIGRATION_DATABASE_URL"), "{script}");
        assert!(create.contains("--restart no") && create.contains("--env ENVIRONMENT=production"), "{create}");
        assert!(platform.called("flyctl machine destroy migration").is_some(), "{:?}", platform.calls());
    }
}

#[test]
fn preflight_names_what_is_missing_and_changes_nothing() {
    if !has("jq") {
        return;
    }
    let platform = Platform::running(&digest('a'));
    let out = platform.run("preflight", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    platform.write("secrets.json", r#"[{"Name":"DATABASE_URL"}]"#);
    platform.write("certificates.json", "[]");
    let out = platform.run("preflight", &["production"]);
    assert_eq!(code(&out), 1);
    assert!(
        text(&out).contains("MISSING  secret SECRET_KEY") && text(&out).contains("flyctl certs add api.acme.dev"),
        "{}",
        text(&out)
    );
    let changes = [
        "flyctl deploy",
        "flyctl scale",
        "flyctl machine create",
        "flyctl secrets set",
        "docker buildx imagetools create",
    ];
    assert!(changes.iter().all(|change| platform.called(change).is_none()));
}

#[test]
fn promote_takes_one_digest_or_none() {
    if !has("jq") {
        return;
    }
    let platform = Platform::running(&digest('a'));
    let out = platform.run("promote", &["--print", "staging"]);
    assert_eq!((code(&out), text(&out)), (0, format!("{}\n", image('a'))));
    platform.write("machines.json", "[]");
    assert_eq!(code(&platform.run("promote", &["--print", "staging"])), 1);
    assert_eq!(code(&platform.run("promote", &["production", "staging"])), 64);
}

#[test]
fn every_script_explains_itself() {
    let platform = Platform::running(&digest('a'));
    for script in ["deploy", "rollback", "migrate", "preflight", "promote", "smoke", "watch"] {
        let out = platform.run(script, &["--help"]);
        assert_eq!(code(&out), 0, "{script}: {}", text(&out));
        assert!(text(&out).starts_with(&format!("Usage: ops/bin/{script} ")), "{script}");
    }
}
