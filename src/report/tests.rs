//! One small plan in every form.

use super::*;
use crate::artifact::{At, Mode, Origin};
use crate::plan::{Action, Content, Disk, Entry, Plan, Record};

fn entry(path: &str, action: Action, old: Option<&str>, new: Option<&str>) -> Entry {
    let content = |text: &str| Content { bytes: text.as_bytes().to_vec(), executable: false };
    Entry {
        path: path.into(),
        at: At::Here,
        target: path.into(),
        action,
        mode: Mode::Managed,
        origin: Origin { blueprint: "area/name".into(), output: "x.tera".into(), item: None },
        disk: old.map_or(Disk::Absent, |text| Disk::File(content(text))),
        result: new.map(content).filter(|_| action.is_change()),
        new: new.map(content),
        record: Record::Keep,
        ..Entry::default()
    }
}

fn sample() -> Plan {
    let entries = vec![
        entry("a.yaml", Action::Update, Some("x: 1\ny: two words\n"), Some("x: 1\ny: three words\n")),
        entry("b.txt", Action::Create, None, Some("new\n")),
        entry("c.txt", Action::Kept, Some("mine\n"), Some("ours\n")),
        entry("d.txt", Action::Delete, Some("old"), None),
        entry("e.txt", Action::Same, Some("same\n"), Some("same\n")),
    ];
    Plan { entries, ..Plan::default() }
}

#[test]
fn unified_as_git_prints_it() {
    let expected = "\
diff --git a/d.txt b/d.txt
deleted file mode 100644
--- a/d.txt
+++ /dev/null
@@ -1 +0,0 @@
-old
\\ No newline at end of file
diff --git a/a.yaml b/a.yaml
--- a/a.yaml
+++ b/a.yaml
@@ -1,2 +1,2 @@
 x: 1
-y: two words
+y: three words
diff --git a/b.txt b/b.txt
new file mode 100644
--- /dev/null
+++ b/b.txt
@@ -0,0 +1 @@
+new
";
    assert_eq!(unified(&sample(), false), expected);
}

#[test]
fn colour_marks_the_word_that_changed() {
    let painted = unified(&sample(), true);
    assert!(painted.contains("\u{1b}[7m\u{1b}[31mtwo") || painted.contains("\u{1b}[31m\u{1b}[7mtwo"), "{painted:?}");
    assert!(!unified(&sample(), false).contains('\u{1b}'));
}

#[test]
fn control_characters_never_reach_a_terminal() {
    let entries = vec![entry("a", Action::Create, None, Some("\u{1b}]0;owned\u{7}\n"))];
    let painted = unified(&Plan { entries, ..Plan::default() }, true);
    assert!(!painted.contains("\u{1b}]") && !painted.contains('\u{7}'), "{painted:?}");
}

#[test]
fn summary_counts_and_lists_deletions_first() {
    let text = summary(&sample(), false);
    let expected = "      deleted  d.txt   -1
      updated  a.yaml  +1 -1
      created  b.txt   +1
         kept  c.txt

1 created, 1 updated, 1 deleted, 1 kept as you edited them
";
    assert_eq!(text, expected);
    assert_eq!(counts(&Plan::default()), "nothing to do");
}

#[test]
fn stat_fits_every_file_on_a_line() {
    let text = stat(&sample(), false);
    assert!(text.contains(" a.yaml |     2 +-\n"), "{text}");
    assert_eq!(text.lines().count(), 4);
}

#[test]
fn json_holds_every_file_that_matters() {
    let value = json(&sample());
    assert_eq!(value["version"], 1);
    assert_eq!(value["summary"]["create"], 1);
    let files = value["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    assert_eq!(files[0]["hunks"][0]["lines"][1]["marked"][0], "two");
}

#[test]
fn markdown_cannot_be_broken_out_of() {
    let entries = vec![entry("a<b>|`.md", Action::Create, None, Some("```\n</details>\n"))];
    let text = markdown(&Plan { entries, ..Plan::default() });
    assert!(text.contains("````diff\n"), "{text}");
    assert!(text.contains("<summary>a&lt;b&gt;|`.md</summary>"), "{text}");
    assert!(text.contains("| ``a<b>\\|`.md`` |"), "{text}");
}

#[test]
fn the_first_plan_is_a_map_of_the_tree() {
    let entries = vec![entry("b.txt", Action::Create, None, Some("new\n"))];
    let text = first(&Plan { entries, ..Plan::default() }, &["alerting.on_call: nobody is on call".to_owned()]);
    assert_eq!(text, "  area/name    1  b.txt\n\n1 created\n\nstill open:\n  alerting.on_call: nobody is on call\n");
}
