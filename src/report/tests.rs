//! One small plan in every form.

use super::*;
use crate::artifact::{At, Mode, Origin};
use crate::plan::merge::Conflict;
use crate::plan::{Action, Cause, Content, Disk, Entry, Plan, Record};

fn content(text: &str) -> Content {
    Content { bytes: text.as_bytes().to_vec(), executable: false }
}

fn entry(path: &str, action: Action, old: Option<&str>, new: Option<&str>) -> Entry {
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
         kept  c.txt   your edit kept: line 1

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
    let text = markdown(&Plan { entries, ..Plan::default() }, "opsgen apply");
    assert!(text.contains("````diff\n"), "{text}");
    assert!(text.contains("<summary>a&lt;b&gt;|`.md +2</summary>"), "{text}");
    assert!(text.contains("| ``a<b>\\|`.md`` |"), "{text}");
}

#[test]
fn the_first_plan_is_a_map_of_the_tree() {
    let entries = vec![entry("b.txt", Action::Create, None, Some("new\n"))];
    let text = first(&Plan { entries, ..Plan::default() }, &["alerting.on_call: nobody is on call".to_owned()]);
    assert_eq!(text, "  area/name    1  b.txt\n\n1 created\n\nstill open:\n  alerting.on_call: nobody is on call\n");
}

fn caused() -> Plan {
    let merged = entry("m.txt", Action::Merge, Some("a\nmine\nc\nold\n"), Some("a\nmine\nc\nnew\n"));
    let merged = Entry { new: Some(content("a\nb\nc\nnew\n")), ..merged };
    let moved = Entry { from: Some("old.txt".into()), ..entry("n.txt", Action::Move, Some("x\n"), Some("x\n")) };
    let clash = Conflict { base: "b\n".into(), ours: "mine\n".into(), theirs: "new\n".into() };
    let torn = Entry {
        conflicts: vec![clash],
        note: Some("you edited it, and opsgen would change it too".into()),
        ..entry("t.txt", Action::Conflict, Some("a\nmine\n"), Some("a\nnew\n"))
    };
    let spec =
        Cause::Spec { key: "a.b".into(), line: Some(7), before: Some("old".into()), after: Some("new\nline".into()) };
    let causes = [("m.txt".to_owned(), vec![vec![spec, Cause::Yours]])].into_iter().collect();
    Plan { entries: vec![merged, moved, torn], causes, ..Plan::default() }
}

#[test]
fn a_hunk_says_why_behind_its_place() {
    let text = unified(&caused(), false);
    assert!(text.contains("@@ -1,4 +1,4 @@ spec:7 a.b: old → new line; your edit\n"), "{text}");
    assert!(markdown(&caused(), "opsgen apply").contains("@@ spec:7 a.b: old → new line; your edit\n"));
    assert!(html(&caused(), "opsgen apply").contains("<span class=\"cause\">spec:7 a.b: old → new line; your edit<"));
    assert_eq!(json(&caused())["files"][0]["hunks"][0]["causes"][0]["key"], "a.b");
    assert!(
        annotations(&caused()).contains("::warning file=m.txt,line=4,endLine=4,title=opsgen%3A merged::spec:7 a.b")
    );
}

#[test]
fn a_merge_says_which_lines_stay_the_users() {
    let text = summary(&caused(), false);
    assert!(text.contains("merged  m.txt            +1 -1, your edit kept: line 2\n"), "{text}");
    assert!(text.contains("moved  old.txt → n.txt\n"), "{text}");
    assert!(unified(&caused(), false).contains("# merged: m.txt (your edit kept: line 2)\n"));
    assert_eq!(json(&caused())["files"][0]["kept"]["lines"][0], serde_json::json!([2, 2]));
}

#[test]
fn lines_that_the_user_took_out_are_said_too() {
    let kept = |new: &str, result: &str| {
        let entry = Entry { new: Some(content(new)), ..entry("f", Action::Merge, Some("x"), Some(result)) };
        super::kept::words(&entry).unwrap_or_default()
    };
    assert_eq!(kept("a\nb\nc\n", "a\nc\n"), "your edit kept: 1 line taken out after line 1");
    assert_eq!(kept("a\nb\n", "x\ny\na\nb\nz\n"), "your edit kept: lines 1–2, 5");
    assert_eq!(kept("a\n", "a\n"), "");
    assert_eq!(kept("a\nb\n", ""), "your edit kept: 2 lines taken out after line 0");
}

#[test]
fn a_conflict_shows_both_intents_and_how_to_settle_it() {
    let text = conflicts(&caused(), "opsgen apply spec.yaml", false);
    let expected = "
conflict: t.txt:2 (1 of 1)
  yours           | mine
  last generated  | b
  new             | new

settle it:
  opsgen apply spec.yaml --only t.txt -i                   # asks about every hunk
  opsgen apply spec.yaml --only t.txt --conflicts mine     # keeps your lines
  opsgen apply spec.yaml --only t.txt --conflicts theirs   # takes the new ones
  opsgen apply spec.yaml --only t.txt --conflicts markers  # writes both with marks between them, for an editor or a merge tool
";
    assert_eq!(text, expected);
    assert_eq!(conflicts(&sample(), "opsgen apply", false), "");
    for page in [markdown(&caused(), "opsgen apply"), html(&caused(), "opsgen apply")] {
        assert!(page.contains("--conflicts theirs") && page.contains("last generated"), "{page}");
    }
    let told = annotations(&caused());
    assert!(told.starts_with("::error file=t.txt,line=2,endLine=2,title=opsgen%3A conflict::you edited it"), "{told}");
}

#[test]
fn a_page_holds_nothing_of_the_files_as_markup() {
    let entries = vec![entry("<i>'\".md", Action::Create, None, Some("</td><script>alert(1)</script>&\u{1b}\n"))];
    let page = html(&Plan { entries, ..Plan::default() }, "opsgen apply");
    assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains('\u{1b}'), "{page}");
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="), "nothing from outside");
    assert!(page.contains("prefers-color-scheme: dark"));
}

#[test]
fn a_comment_is_never_too_long_and_says_what_was_cut() {
    let long = "many words on a line\n".repeat(300);
    let mut entries: Vec<Entry> =
        (0..40).map(|at| entry(&format!("long{at:02}.txt"), Action::Create, None, Some(&long))).collect();
    entries.push(entry("short.txt", Action::Create, None, Some("short\n")));
    let text = markdown(&Plan { entries, ..Plan::default() }, "opsgen apply");
    assert!(text.len() <= 65_536 && text.contains("+short\n"), "the smallest diff is there");
    assert!(text.contains("Cut for length: the diffs of `long"), "{}", &text[text.len() - 500..]);
    let entries = (0..3_000).map(|at| entry(&format!("{at:0100}.txt"), Action::Delete, Some("x\n"), None)).collect();
    let text = markdown(&Plan { entries, ..Plan::default() }, "opsgen apply");
    assert!(text.len() <= 65_536 && text.contains("more files") && text.contains("more risks"), "{}", text.len());
}

#[test]
fn a_log_takes_no_command_from_a_file() {
    let entries = vec![entry("a", Action::Update, Some("x\n"), Some("::set-env name=A::b\n"))];
    let text = log(&Plan { entries, ..Plan::default() }, "opsgen apply");
    let stop = text.lines().find_map(|line| line.strip_prefix("::stop-commands::")).unwrap();
    let (told, rest) = text.split_once("::stop-commands::").unwrap();
    assert!(
        !told.contains("set-env") && rest.contains("set-env") && rest.ends_with(&format!("::{stop}::\n")),
        "{text}"
    );
}

#[test]
fn no_more_annotations_than_are_shown() {
    let entries = (0..30).map(|at| entry(&format!("{at}"), Action::Create, None, Some("x\n"))).collect();
    let told = annotations(&Plan { entries, ..Plan::default() });
    assert_eq!(told.lines().count(), 10);
    assert!(told.contains("21 more like these"), "{told}");
}
