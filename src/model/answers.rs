//! Every question of the questionnaire with the answer that the spec gives.
//!
//! In: the question files of the catalog, and a way to look up a key of the spec. Out: rows in the order of the files.
//! A question is answered when one of its keys is.

use serde_json::{Value, json};

use super::fact::{at, list, text, texts};

/// What the spec says at a key: the text, and the line it stands on.
pub struct Said {
    pub text: String,
    pub line: Option<usize>,
    pub because: Option<String>,
}

pub fn resolve(documents: &[&Value], lookup: &dyn Fn(&str) -> Option<Said>) -> Vec<Value> {
    documents
        .iter()
        .flat_map(|document| list(document, "questions").iter().map(move |it| row(document, it, lookup)))
        .collect()
}

fn row(document: &Value, question: &Value, lookup: &dyn Fn(&str) -> Option<Said>) -> Value {
    let keys = texts(question, "keys");
    let said: Vec<(&str, Said)> = keys.iter().filter_map(|key| lookup(key).map(|said| (*key, said))).collect();
    let answer = said.iter().map(|(key, said)| {
        let last = key.rsplit('.').next().unwrap_or(key);
        if said.text.len() > 200 || keys.len() == 1 { said.text.clone() } else { format!("{last}: {}", said.text) }
    });
    let answer: Vec<String> = answer.collect();
    let open = said.is_empty().then(|| format!("Not answered yet: set `{}`", keys.first().unwrap_or(&"")));
    json!({
        "document": text(document, "document"),
        "title": text(document, "title"),
        "section": text(question, "section"),
        "id": at(question, "id"),
        "question": text(question, "question"),
        "keys": keys,
        "answered": !said.is_empty(),
        "answer": (!answer.is_empty()).then(|| answer.join("; ")),
        "line": said.iter().find_map(|(_, said)| said.line),
        "because": said.iter().find_map(|(_, said)| said.because.clone()),
        "artifacts": texts(question, "artifacts"),
        "proof": text(question, "proof"),
        "open": open,
    })
}
