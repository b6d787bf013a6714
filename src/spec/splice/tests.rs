use super::*;

fn done(text: &str, path: &[&str], value: &str) -> String {
    set(text, path, value).unwrap_or_else(|| panic!("refused: {text:?} {path:?}"))
}

#[test]
fn a_missing_section_is_made_at_the_end() {
    let made = done("name: x\nteams:\n    a: {}\n", &["outputs", "docs/a.md"], "yours");
    assert_eq!(made, "name: x\nteams:\n    a: {}\noutputs:\n    \"docs/a.md\": yours\n");
    assert_eq!(done("name: x", &["outputs", "a"], "yours"), "name: x\noutputs:\n  a: yours");
}

#[test]
fn comments_stay_where_they_are() {
    let text = "outputs:   # who\n  # first\n  \"a\": managed # one\n  # after\nname: x # end\n";
    let made = done(text, &["outputs", "b"], "yours");
    assert_eq!(made, "outputs:   # who\n  # first\n  \"a\": managed # one\n  b: yours\n  # after\nname: x # end\n");
    let made = done(text, &["outputs", "a"], "yours");
    assert_eq!(made, text.replace("managed", "yours"));
}

#[test]
fn a_map_between_braces_keeps_its_style() {
    assert_eq!(done("a: { b: c } # d\n", &["a", "was"], "x"), "a: { b: c, was: x } # d\n");
    assert_eq!(done("a: { b: c, }\n", &["a", "was"], "x"), "a: { b: c, was: x }\n");
    assert_eq!(done("a: {b: {c: d}}\n", &["a", "b", "was"], "x"), "a: {b: {c: d, was: x}}\n");
    assert_eq!(done("{a: b}\n", &["c", "d"], "x"), "{a: b, c: { d: x }}\n");
    let text = "a: {\n  b: c, # one, two\n  d: e  # three\n}\n";
    assert_eq!(done(text, &["a", "was"], "x"), "a: {\n  b: c, # one, two\n  d: e,  # three\n  was: x\n}\n");
    let text = "a: {\n  b: c, # one\n}\n";
    assert_eq!(done(text, &["a", "was"], "x"), "a: {\n  b: c, # one\n  was: x,\n}\n");
}

#[test]
fn an_empty_value_takes_a_map() {
    assert_eq!(done("a:\nb: c\n", &["a", "d"], "x"), "a: { d: x }\nb: c\n");
    assert_eq!(done("a: # note\nb: c\n", &["a", "d"], "x"), "a: { d: x } # note\nb: c\n");
    assert_eq!(done("a: ~\n", &["a", "d"], "x"), "a: { d: x }\n");
    assert_eq!(done("a: []\n", &["a", "d"], "x"), "a: { d: x }\n");
    assert_eq!(done("a: none # yet\n", &["a", "d"], "x"), "a: { d: x } # yet\n");
    assert_eq!(done("a: { b, c: d }\n", &["a", "b"], "x"), "a: { b: x, c: d }\n");
}

#[test]
fn the_last_key_may_hold_anything() {
    let cases = [
        ("a:\n  b: |\n    one\n    two\n\nc: d\n", "a:\n  b: |\n    one\n    two\n  was: x\n\nc: d\n"),
        ("a:\n  b: |+\n    one\n\nc: d\n", "a:\n  b: |+\n    one\n\n  was: x\nc: d\n"),
        ("a:\n  b: >-\n    one\n", "a:\n  b: >-\n    one\n  was: x\n"),
        ("a:\n  b: |\n    one", "a:\n  b: |\n    one\n  was: x"),
        ("a:\n  b:\n    - c\n    - d # e\nf: g\n", "a:\n  b:\n    - c\n    - d # e\n  was: x\nf: g\n"),
        ("a:\n  b:\n  - c\n", "a:\n  b:\n  - c\n  was: x\n"),
        ("a:\n  b: \"c\n    d\"\n", "a:\n  b: \"c\n    d\"\n  was: x\n"),
        ("a:\n  b: c\n    d\n", "a:\n  b: c\n    d\n  was: x\n"),
        ("a:\n  b: c\n  d: # e\nf: g\n", "a:\n  b: c\n  d: # e\n  was: x\nf: g\n"),
        ("a:\r\n  b: c # d\r\ne: f\r\n", "a:\r\n  b: c # d\r\n  was: x\r\ne: f\r\n"),
    ];
    for (text, wanted) in cases {
        assert_eq!(done(text, &["a", "was"], "x"), wanted, "{text:?}");
    }
}

#[test]
fn what_yaml_would_misread_is_quoted() {
    assert_eq!(done("a: b\n", &["c"], "no"), "a: b\nc: \"no\"\n");
    assert_eq!(done("a: b\n", &["k: v", "x"], "1\"2\\ #é\n"), "a: b\n\"k: v\":\n  x: \"1\\\"2\\\\ #é\\n\"\n");
}

#[test]
fn what_cannot_be_edited_is_refused() {
    assert_eq!(set("a: {", &["a", "b"], "x"), None);
    assert_eq!(set("a: b\n", &["a", "c"], "x"), None, "a value is in the way");
    assert_eq!(set("a: [b]\n", &["a", "c"], "x"), None);
    assert_eq!(set("a: { b: c }\n", &["a"], "x"), None, "answers would be lost");
    assert_eq!(set("", &["a"], "x"), None);
}

#[test]
fn a_byte_order_mark_stays() {
    assert_eq!(done("\u{feff}a: b\n", &["c"], "x"), "\u{feff}a: b\nc: x\n");
}
