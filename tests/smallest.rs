//! The shortest spec that is enough: everything that templates need is asked for in words of the spec, and what is asked for suffices.

mod program;

use program::Project;

fn spec(hosting: &str) -> String {
    format!(
        "version: 1\nname: tiny\nsummary: Small\nquality: mvp\nrepository: {{ host: github, slug: acme/tiny, branch: main }}\n\
         owner: core\nteams: {{ core: {{ email: core@acme.dev }} }}\n\
         services:\n  api:\n    kind: web\n    stack: {{ language: python, version: \"3.12\", package_manager: pip }}\n    \
         command: [gunicorn, \"app:app\"]\n    port: 8000\n    resources: {{ cpu: 1, memory: 512MiB }}\n    uses: {{ db: read-write }}\n  \
         jobs:\n    kind: worker\n    command: [python, -m, jobs]\n    resources: {{ cpu: 1, memory: 512MiB }}\n\
         datastores: {{ db: {{ engine: postgres, version: \"16\" }} }}\n\
         hosting: {{ {hosting} }}\n\
         environments: {{ production: {{ url: https://tiny.acme.dev, deploy: {{ from: main, trigger: push }} }} }}\n\
         delivery: {{ ci: github-actions, image: {{ registry: ghcr.io/acme/tiny, base: \"python:3.12-slim\" }} }}\n\
         configuration:\n  secrets: {{ store: platform }}\n  \
         variables: {{ DATABASE_URL: {{ about: Where the database is, from: db, secret: true }} }}\n"
    )
}

#[test]
fn it_is_enough_everywhere() {
    for hosting in ["platform: fly, regions: [iad], organization: acme", "platform: kubernetes"] {
        let project = Project::empty();
        project.write("spec.yaml", spec(hosting));
        project.run(&["apply", "--yes"]).code(0);
        project.run(&["check"]).code(0);
        assert!(!project.read("compose.yaml").contains("environment:\n    depends_on"), "{hosting}: an empty map");
        assert!(!project.read("docs/deployment.md").contains("bin/watch"), "{hosting}: a link to nothing");
    }
}

#[test]
fn what_is_missing_is_asked_for_in_words_of_the_spec() {
    let whole = spec("platform: kubernetes");
    for (line, key) in [
        ("    command: [gunicorn, \"app:app\"]\n", "services.api.command"),
        ("    resources: { cpu: 1, memory: 512MiB }\n    uses", "services.api.resources"),
        ("  secrets: { store: platform }\n", "configuration.secrets.store"),
        (", deploy: { from: main, trigger: push }", "environments"),
        (", base: \"python:3.12-slim\"", "delivery.image.base"),
        ("from: db, ", "datastores.db"),
        ("summary: Small\n", "summary"),
    ] {
        let project = Project::empty();
        let without = whole.replacen(line, if line.ends_with("uses") { "    uses" } else { "" }, 1);
        assert_ne!(without, whole, "{key}");
        project.write("spec.yaml", without);
        project.run(&["apply", "--yes"]).code(4).says("OPS120").says(&format!("`{key}` is not answered"));
    }
}
