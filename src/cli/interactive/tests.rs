//! A plan and answers → what is written, what is recorded, what is asked again.

use std::collections::{BTreeMap, VecDeque};

use super::*;
use crate::artifact::{Artifact, Mode, Origin};
use crate::plan::{self, Action, Base, Content, Disk, Entry, Existing, Options, Record, Recorded};

/// Answers from a list; nobody is there when it ends.
struct Script {
    keys: VecDeque<char>,
    edits: VecDeque<String>,
    said: String,
}

impl Person for Script {
    fn show(&mut self, text: &str) {
        self.said.push_str(text);
    }

    fn ask(&mut self, question: &str) -> io::Result<char> {
        self.said.push_str(question);
        Ok(self.keys.pop_front().unwrap_or('q'))
    }

    fn edit(&mut self, text: &str) -> io::Result<Option<String>> {
        self.said.push_str(text);
        Ok(self.edits.pop_front())
    }

    fn sees_colour(&self) -> bool {
        false
    }
}

fn answered(plan: &Plan, keys: &str, edits: &[&str]) -> (Chosen, String) {
    let edits = edits.iter().map(|text| (*text).to_owned()).collect();
    let mut script = Script { keys: keys.chars().collect(), edits, said: String::new() };
    let chosen = choose(plan, &mut script).unwrap();
    (chosen, script.said)
}

fn artifact(path: &str, text: &str) -> Artifact {
    let origin = Origin { blueprint: "test/one".into(), output: path.into(), item: None };
    Artifact { path: path.into(), bytes: text.into(), format: "text".into(), origin, ..Artifact::default() }
}

/// Twenty lines, with some of them replaced.
fn lines(changed: &[(usize, &str)]) -> String {
    let line = |at: usize| {
        let found = changed.iter().find(|(number, _)| *number == at);
        found.map_or_else(|| format!("l{at}\n"), |(_, text)| format!("{text}\n"))
    };
    (1..=20).map(line).collect()
}

const NEW: [(usize, &str); 3] = [(2, "n2"), (4, "n4"), (15, "n15")];

fn file(text: &str) -> Disk {
    Disk::File(Content { bytes: text.into(), executable: false })
}

fn existing(base: &str, disk: &str) -> Existing {
    let base = Recorded::Base(Base::of(&artifact("f", base), Mode::Managed));
    Existing {
        bases: BTreeMap::from([("f".to_owned(), base)]),
        disk: BTreeMap::from([("f".to_owned(), file(disk))]),
        spec: Some(Vec::new()),
    }
}

fn planned(existing: &Existing, new: Option<&str>) -> Plan {
    plan::plan(new.map(|text| artifact("f", text)).into_iter().collect(), existing, &Options::default())
}

/// What the tree holds after the plan was carried out.
fn carried_out(before: &Existing, chosen: &Plan) -> Existing {
    let mut after = before.clone();
    for entry in &chosen.entries {
        if let Some(result) = &entry.result {
            after.disk.insert(entry.target.clone(), Disk::File(result.clone()));
        }
        match &entry.record {
            Record::Write(base) => drop(after.bases.insert(entry.path.clone(), Recorded::Base(base.clone()))),
            Record::Drop => drop(after.bases.remove(&entry.path)),
            Record::Keep => {}
        }
    }
    after
}

fn text(existing: &Existing) -> String {
    match existing.at("f") {
        Disk::File(content) => String::from_utf8(content.bytes).unwrap(),
        _ => String::new(),
    }
}

#[test]
fn answers_decide_line_by_line() {
    let before = existing(&lines(&[]), &lines(&[(9, "mine")]));
    let mine = |changed: &[(usize, &'static str)]| lines(&[&[(9, "mine")], changed].concat());
    let edit = " l1\n-l2\n+by hand\n l3\n-l4\n+n4\n l5\n l6\n l7\n";
    for (keys, edits, expected, again, partial) in [
        ("yy", vec![], mine(&NEW), "", false),
        ("a", vec![], mine(&NEW), "", false),
        ("ny", vec![], mine(&[NEW[2]]), "", false),
        ("nn", vec![], mine(&[]), "", false),
        ("yd", vec![], mine(&NEW[..2]), "", false),
        ("d", vec![], mine(&[]), "n2 n4 n15", true),
        ("q", vec![], mine(&[]), "n2 n4 n15", true),
        ("", vec![], mine(&[]), "n2 n4 n15", true),
        ("nq", vec![], mine(&[]), "n2 n4 n15", true),
        ("yq", vec![], mine(&NEW[..2]), "n15", true),
        ("syny", vec![], mine(&[NEW[0], NEW[2]]), "", false),
        ("snyn", vec![], mine(&[NEW[1]]), "", false),
        ("?zyy", vec![], mine(&NEW), "", false),
        ("ey", vec![edit], mine(&[(2, "by hand"), NEW[1], NEW[2]]), "", false),
        ("eny", vec![" other\n+x\n"], mine(&[NEW[2]]), "", false),
        ("eny", vec!["# nothing\n"], mine(&[NEW[2]]), "", false),
    ] {
        let all = planned(&before, Some(&lines(&NEW)));
        let (chosen, _) = answered(&all, keys, &edits);
        let after = carried_out(&before, &chosen.plan);
        assert_eq!(text(&after), expected, "{keys:?} {edits:?}");
        assert_eq!(chosen.plan.partial, partial, "{keys:?}");
        let next = planned(&after, Some(&lines(&NEW)));
        let asked: Vec<String> = next.changes().flat_map(added).collect();
        assert_eq!(asked.join(" "), again, "{keys:?}: asked again");
    }
}

/// Lines that a plan would add.
fn added(entry: &Entry) -> Vec<String> {
    let (old, new) = entry.sides();
    let plan::Change::Text(hunks) = plan::diff(old, new) else { return Vec::new() };
    let lines = hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.sign == '+');
    lines.map(|line| line.text()).collect()
}

#[test]
fn each_question_offers_the_keys_that_do_something() {
    let before = existing(&lines(&[]), &lines(&[]));
    let mut all = planned(&before, Some(&lines(&NEW)));
    let cause = plan::Cause::Spec { key: "a.b".into(), line: Some(3), before: None, after: Some("x".into()) };
    all.causes.insert("f".into(), vec![vec![cause], vec![plan::Cause::Yours]]);
    let (_, said) = answered(&all, "s?q", &[]);
    assert!(said.contains("(1/2) Take this hunk into f [y,n,a,d,s,e,M,q,?]? "), "{said}");
    assert!(said.contains("(1/3) Take this hunk into f [y,n,a,d,e,M,q,?]? "), "{said}");
    assert!(said.contains("@@ -1,7 +1,7 @@ spec:3 a.b: (none) → x\n"), "{said}");
    assert!(said.contains("@@ -1,3 +1,3 @@ spec:3 a.b"), "a part has the cause of the whole: {said}");
    assert!(said.contains("M - always mine") && !said.contains("s - split"), "{said}");
}

#[test]
fn a_file_can_be_yours_from_now_on() {
    let before = existing(&lines(&[]), &lines(&[(9, "mine")]));
    let (chosen, _) = answered(&planned(&before, Some(&lines(&NEW))), "M", &[]);
    assert_eq!((chosen.mine, chosen.plan.entries.len(), chosen.plan.partial), (vec!["f".to_owned()], 0, false));
    let spec = "# why\nname: x # here\noutputs:\n  \"docs/**\": seed # theirs\n";
    let remembered = Remembered::of(spec, &["f".to_owned()]);
    assert_eq!(remembered.text, format!("{spec}  f: yours\n"));
    assert_eq!(Remembered::of("outputs: [1\n", &["f".to_owned()]).left, ["f"]);
}

#[test]
fn a_new_file_that_is_declined_counts_as_deleted() {
    let all = planned(&Existing::default(), Some("new\n"));
    let (chosen, said) = answered(&all, "n", &[]);
    assert!(said.contains("+new\n(1/1) Create f [y,n,a,d,M,q,?]? "), "{said}");
    let after = carried_out(&Existing::default(), &chosen.plan);
    assert_eq!(planned(&after, Some("new\n")).entries[0].action, Action::Gone);
    let (left, _) = answered(&all, "d", &[]);
    assert!(left.plan.entries.is_empty() && left.plan.partial && !left.taken);
}

#[test]
fn a_file_that_may_not_go_is_yours() {
    let before = existing("a\n", "a\n");
    let all = planned(&before, None);
    let (taken, said) = answered(&all, "y", &[]);
    assert!(said.contains("Delete f [y,n,a,d,q,?]? "), "{said}");
    assert_eq!(taken.plan, all);
    let (declined, _) = answered(&all, "n", &[]);
    assert_eq!(declined.plan.entries[0].action, Action::Release);
    assert!(carried_out(&before, &declined.plan).bases.is_empty());
}

#[test]
fn the_bit_and_the_ending_are_the_persons_until_taken() {
    let before = existing("a\r\nb\r\n", "a\r\nb\r\n");
    let script = Artifact { executable: true, ..artifact("f", "a\nB\n") };
    let all = plan::plan(vec![script], &before, &Options::default());
    let result = |keys: &str| answered(&all, keys, &[]).0.plan.entries[0].result.clone();
    assert_eq!(result("yn"), Some(Content { bytes: b"a\r\nb\r\n".to_vec(), executable: true }));
    assert_eq!(result("ny"), Some(Content { bytes: b"a\r\nB\r\n".to_vec(), executable: false }));
    assert_eq!(result("nn"), None);
}

#[test]
fn a_file_moves_or_nothing_of_it_is_touched() {
    let before = existing(&lines(&[]), &lines(&[(9, "mine")]));
    let moved = Artifact { path: "g".into(), moved_from: Some("f".into()), ..artifact("f", &lines(&NEW)) };
    let all = plan::plan(vec![moved], &before, &Options::default());
    let (declined, said) = answered(&all, "n", &[]);
    assert!(said.contains("(1/3) Move f to g [y,n,a,d,q,?]? "), "{said}");
    assert!(declined.plan.entries.is_empty() && declined.plan.partial);
    let (half, _) = answered(&all, "yq", &[]);
    let entry = &half.plan.entries[0];
    assert_eq!(entry.result.as_ref().unwrap().bytes, lines(&[(9, "mine")]).into_bytes());
    assert!(matches!(&entry.record, Record::Write(base) if base.content.bytes == lines(&[]).into_bytes()));
    let (half, _) = answered(&all, "yny", &[]);
    let entry = &half.plan.entries[0];
    assert_eq!(entry.result.as_ref().unwrap().bytes, lines(&[(9, "mine"), NEW[2]]).into_bytes());
    assert!(matches!(&entry.record, Record::Write(base) if base.content.bytes == lines(&NEW).into_bytes()));
}

#[test]
fn the_last_line_keeps_its_end() {
    for (old, new, keys) in [("a\nb", "a\nb\nc\n", "y"), ("a\nb\n", "a\nc", "y"), ("", "a\nb", "y"), ("a\nb", "", "y")]
    {
        let before = existing(old, old);
        let (chosen, _) = answered(&planned(&before, Some(new)), keys, &[]);
        assert_eq!(text(&carried_out(&before, &chosen.plan)), new);
        let piece = |plan: &Plan| match plan::diff(plan.entries[0].sides().0, plan.entries[0].sides().1) {
            plan::Change::Text(hunks) => super::piece::Piece { hunk: hunks[0].clone(), causes: vec![] },
            plan::Change::Binary => panic!("text"),
        };
        let piece = piece(&planned(&before, Some(new)));
        let change = piece.edited(&piece.editable()).unwrap().unwrap();
        assert_eq!(super::piece::compose(old, &[change]), new, "an editor that changes nothing");
    }
}

#[test]
fn a_conflict_without_its_marks_is_none() {
    let before = existing(&lines(&[]), &lines(&[(2, "mine")]));
    let options = Options { conflicts: plan::Conflicts::Markers, ..Options::default() };
    let all = plan::plan(vec![artifact("f", &lines(&NEW))], &before, &options);
    let action = |keys: &str| answered(&all, keys, &[]).0.plan.entries[0].action;
    assert_eq!((action("yy"), action("yn"), action("ny")), (Action::Marked, Action::Marked, Action::Merge));
}
