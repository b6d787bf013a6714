//! The keys, as `git add -p` has them.

/// Keys with what they do, in the order of the prompt.
const KEYS: [(char, &str); 9] = [
    ('y', "take it"),
    ('n', "keep your lines; they are your edit from now on, and you aren't asked again"),
    ('a', "take it and everything after it in this file"),
    ('d', "take nothing more in this file; as the first answer: leave the file for another time"),
    ('s', "split the hunk into smaller ones"),
    ('e', "edit the hunk by hand"),
    ('M', "always mine: the spec says from now on that this file is yours"),
    ('q', "leave this and everything after it for another time"),
    ('?', "this help"),
];

/// `[y,n,a,d,q,?]`, of the keys that do something here.
pub fn prompt(usable: &str) -> String {
    let keys: Vec<String> = KEYS.iter().filter(|(key, _)| is(usable, *key)).map(|(key, _)| key.to_string()).collect();
    format!("[{}]", keys.join(","))
}

/// A line for each key that does something here.
pub fn text(usable: &str) -> String {
    KEYS.iter().filter(|(key, _)| is(usable, *key)).map(|(key, what)| format!("{key} - {what}\n")).collect()
}

fn is(usable: &str, key: char) -> bool {
    "yndaq?".contains(key) || usable.contains(key)
}
