use std::collections::BTreeMap;

use super::*;

const BASE: &str = "# Written by opsgen.
app = \"web\"
region = \"iad\"

[env]
LOG = \"info\"
PORT = \"8080\"

# The web machines.
[[vm]]
size = \"small\"
processes = [\"web\"]

[[vm]]
size = \"small\"
processes = [\"worker\"]
";

fn toml(base: &str, ours: &str, theirs: &str) -> Merged {
    let keys = BTreeMap::from([("vm".to_owned(), vec!["processes".to_owned()])]);
    merge(Sides { base, ours, theirs }, Rules { format: "toml", pins: &[], keys: &keys })
}

fn text(base: &str, ours: &str, theirs: &str) -> Merged {
    merge(Sides { base, ours, theirs }, Rules { format: "text", pins: &[], keys: &BTreeMap::new() })
}

#[test]
fn lines_apart_fit_together_and_lines_that_touch_do_not() {
    assert_eq!(text("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC").text(Favour::Markers), "A\nb\nC");
    let merged = text("a\nb\nc\n", "a\nmine\nc\n", "a\nnew\nc\n");
    let conflict = Conflict { base: "b\n".into(), ours: "mine\n".into(), theirs: "new\n".into() };
    assert_eq!(merged.pieces, [Piece::Text("a\n".into()), Piece::Conflict(conflict), Piece::Text("c\n".into())]);
    assert!(!text("a\nb\n", "A\nb\n", "a\nB\n").is_clean());
}

#[test]
fn what_both_begin_with_is_outside_of_the_conflict() {
    let merged = text("", "one\nmine\nlast", "one\nnew\nlast");
    assert_eq!(merged.conflicts().next().unwrap().ours, "mine\n");
    assert_eq!(merged.text(Favour::Mine), "one\nmine\nlast");
}

#[test]
fn a_clean_result_that_does_not_parse_is_one_conflict() {
    let base = "{\n\"a\": 1,\n\"b\": 2,\n\"c\": 3\n}\n";
    let ours = base.replace("{\n", "{\n\"x\": 1,\n");
    let theirs = base.replace("3\n", "3,\n\"x\": 2\n");
    assert!(text(base, &ours, &theirs).is_clean());
    let sides = Sides { base, ours: &ours, theirs: &theirs };
    let merged = merge(sides, Rules { format: "json", pins: &[], keys: &BTreeMap::new() });
    assert_eq!(merged, Merged::whole(sides));
}

#[test]
fn comments_extra_keys_and_order_survive_a_change_of_the_same_tables() {
    let ours = "# Written by opsgen.
# Mine: ask Ann.
app = \"web\" # public
region = \"iad\"

[[vm]]
# It needs more.
size = \"small\"
cpus = 4
processes = [\"worker\"]

# The web machines.
[[vm]]
processes = [\"web\"]
size = \"small\"

[env]
PORT = \"8080\" # behind the proxy
LOG = \"info\"
MINE = \"1\"
# the end
";
    let theirs = BASE.replace("small", "large").replace("info", "debug").replace("8080\"", "9090\"\nTZ = \"UTC\"");
    let merged = toml(BASE, ours, &theirs);
    let expected = ours.replace("small", "large").replace("info", "debug");
    let expected =
        expected.replace("PORT = \"8080\" # behind the proxy\n", "PORT = \"9090\" # behind the proxy\nTZ = \"UTC\"\n");
    assert_eq!(merged.text(Favour::Markers), expected);
}

#[test]
fn one_key_changed_in_two_ways_is_a_conflict_at_the_key() {
    let merged = toml(BASE, &BASE.replace("iad", "fra"), &BASE.replace("iad", "ams").replace("info", "debug"));
    let conflict = merged.conflicts().next().unwrap();
    assert_eq!(
        [&conflict.base, &conflict.ours, &conflict.theirs],
        ["region = \"iad\"\n", "region = \"fra\"\n", "region = \"ams\"\n"]
    );
    assert!(merged.text(Favour::Mine).contains("debug"));
}

#[test]
fn a_key_goes_only_when_nothing_about_it_is_the_users() {
    let gone = BASE.replace("LOG = \"info\"\n", "");
    let edited = BASE.replace("8080", "9090");
    assert_eq!(toml(BASE, &edited, &gone).text(Favour::Markers), gone.replace("8080", "9090"));
    let commented = BASE.replace("LOG", "# why\nLOG");
    assert_eq!(toml(BASE, &commented, &gone).conflicts().count(), 1);
    assert!(!toml(BASE, &gone, &BASE.replace("info", "debug")).is_clean());
}

#[test]
fn a_section_that_goes_takes_no_key_of_the_user_along() {
    let cut = BASE.find("[env]").unwrap()..BASE.find("# The web").unwrap();
    let mut theirs = BASE.to_owned();
    theirs.replace_range(cut, "");
    let ours = BASE.replace("PORT", "MINE = \"1\"\nPORT");
    let merged = toml(BASE, &ours, &theirs);
    assert_eq!(merged.text(Favour::Mine), ours);
    assert_eq!(merged.text(Favour::Theirs), theirs);
    assert_eq!(toml(BASE, &BASE.replace("iad", "fra"), &theirs).text(Favour::Markers), theirs.replace("iad", "fra"));
}

#[test]
fn tables_of_an_array_are_told_apart_by_their_keys() {
    let theirs = BASE.replace(
        "[[vm]]\nsize = \"small\"\nprocesses = [\"worker\"]\n",
        "[[vm]]\nsize = \"tiny\"\nprocesses = [\"cron\"]\n",
    );
    let ours = BASE.replace("size = \"small\"\nprocesses = [\"web\"]", "size = \"huge\"\nprocesses = [\"web\"]");
    let merged = toml(BASE, &ours, &theirs);
    assert_eq!(
        merged.text(Favour::Markers),
        theirs.replace("size = \"small\"\nprocesses = [\"web\"]", "size = \"huge\"\nprocesses = [\"web\"]")
    );
    let unnamed = merge(
        Sides { base: BASE, ours: &ours, theirs: &BASE.replace("[\"worker\"]", "[\"cron\"]") },
        Rules { format: "toml", pins: &[], keys: &BTreeMap::new() },
    );
    assert!(unnamed.is_clean(), "by lines");
}

#[test]
fn a_new_section_comes_behind_the_one_it_follows() {
    let theirs = BASE.replace("# The web", "[metrics]\nport = 1\n\n# The web");
    let ours = BASE.replace("# The web", "[mine]\nx = 1\n\n# The web");
    let merged = toml(BASE, &ours, &theirs).text(Favour::Markers);
    assert!(merged.contains("PORT = \"8080\"\n\n[metrics]\nport = 1\n\n[mine]\nx = 1\n\n# The web"), "{merged}");
}

const FLOW: &str = "jobs:
  test:
    image: postgres:16
    steps:
      - uses: actions/checkout@1111111 # v7.0.1
      - uses: fly/setup@2222222 # v1.5.0
        with:
          version: 0.4.104
";

/// Merges with the pins of `FLOW` as `edit` makes them in the new render.
fn flow(base: &str, ours: &str, theirs: &str) -> String {
    let pin = |subject: &str, begin: &str| {
        let line = theirs.lines().find(|line| line.contains(begin)).unwrap();
        Pin { subject: subject.into(), text: line.trim().trim_start_matches("- ").split_once(": ").unwrap().1.into() }
    };
    let pins = [
        pin("actions/checkout", "actions/checkout@"),
        pin("fly/setup", "fly/setup@"),
        pin("postgres", "postgres:"),
        pin("flyctl", "version:"),
    ];
    merge(Sides { base, ours, theirs }, Rules { format: "yaml", pins: &pins, keys: &BTreeMap::new() })
        .text(Favour::Markers)
}

const NEW: [(&str, &str); 4] = [
    ("1111111 # v7.0.1", "3333333 # v7.1.0"),
    ("2222222 # v1.5.0", "4444444 # v1.6.0"),
    ("16", "17"),
    ("0.4.104", "0.4.110"),
];

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn the_newer_pin_wins_on_lines_that_touch() {
    let newest = [
        ("1111111 # v7.0.1", "v8"),
        ("2222222 # v1.5.0", "5555555 # v1.6.0"),
        ("16", "17.1@sha256:00"),
        ("0.4.104", "0.5.0"),
    ];
    let older = [
        ("1111111 # v7.0.1", "6666666 # v7.0.9"),
        ("2222222 # v1.5.0", "v1.5.1"),
        ("16", "16.9"),
        ("0.4.104", "0.4.105"),
    ];
    let theirs = edited(FLOW, &NEW).replace("test:", "tests:");
    assert_eq!(flow(FLOW, &edited(FLOW, &newest), &theirs), edited(FLOW, &newest).replace("test:", "tests:"));
    assert_eq!(flow(FLOW, &edited(FLOW, &older), &theirs), theirs);
    let extra = edited(FLOW, &older).replace("        with:", "        name: mine\n        with:");
    assert_eq!(flow(FLOW, &extra, &theirs), theirs.replace("        with:", "        name: mine\n        with:"));
}

#[test]
fn a_pin_older_than_what_we_wrote_is_the_users_choice() {
    let held = [("1111111 # v7.0.1", "v6"), ("16", "15"), ("0.4.104", "0.3.0")];
    let theirs = edited(FLOW, &NEW);
    let merged = flow(FLOW, &edited(FLOW, &held), &theirs);
    assert_eq!(merged, edited(&edited(FLOW, &held), &[NEW[1]]));
}

#[test]
fn a_bare_commit_is_merged_as_any_line() {
    let bare = FLOW.replace("1111111 # v7.0.1", "9999999");
    let merged = flow(FLOW, &bare, &edited(FLOW, &NEW[..1]));
    assert!(merged.contains("<<<<<<< yours\n      - uses: actions/checkout@9999999\n"), "{merged}");
    assert_eq!(flow(FLOW, &bare, &FLOW.replace("image", "img")), bare.replace("image", "img"));
}

#[test]
fn a_digest_that_a_bot_added_beats_the_tag_and_a_new_step_takes_the_users_version() {
    let ours = edited(FLOW, &[("16", "16@sha256:00"), ("1111111 # v7.0.1", "7777777 # v9.0.0")]);
    let step = "  more:\n    steps:\n      - uses: actions/checkout@3333333 # v7.1.0\n";
    let theirs = edited(FLOW, &NEW[..1]) + step;
    assert_eq!(flow(FLOW, &ours, &theirs), ours.clone() + &step.replace("3333333 # v7.1.0", "7777777 # v9.0.0"));
}

#[test]
fn long_files_merge_whether_or_not_they_have_much_in_common() {
    let text = |seed: u64| -> String {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 500
        };
        (0..8_000).map(|_| format!("{}\n", next())).collect()
    };
    let (base, ours, theirs) = (text(1), text(2), text(3));
    assert!(!text::merge(&base, &ours, &theirs).is_clean());
    assert!(text::merge(&base, &format!("{base}mine\n"), &format!("new\n{base}")).is_clean());
    let same = "x\n".repeat(40_000);
    assert!(text::merge(&same, &format!("{same}x\n"), &format!("y\n{same}")).is_clean());
}
