//! Values that look like secrets: told without being shown.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Source, Span, codes};
use crate::spec::tree::{Node, Value};

/// Beginnings that only secrets have, and what they open.
const BEGINNINGS: &[(&str, usize, &str)] = &[
    ("AKIA", 20, "an AWS key"),
    ("ASIA", 20, "an AWS key"),
    ("ghp_", 20, "a GitHub token"),
    ("gho_", 20, "a GitHub token"),
    ("ghs_", 20, "a GitHub token"),
    ("ghu_", 20, "a GitHub token"),
    ("github_pat_", 20, "a GitHub token"),
    ("glpat-", 16, "a GitLab token"),
    ("xoxb-", 12, "a Slack token"),
    ("xoxp-", 12, "a Slack token"),
    ("xapp-", 12, "a Slack token"),
    ("sk_live_", 16, "a Stripe key"),
    ("rk_live_", 16, "a Stripe key"),
    ("sk-", 24, "a model provider's key"),
    ("AIza", 30, "a Google key"),
    ("SG.", 30, "a SendGrid key"),
    ("npm_", 30, "an npm token"),
    ("pypi-", 30, "a PyPI token"),
    ("eyJ", 60, "a signed token"),
    ("AGE-SECRET-KEY-", 20, "a private age key"),
    ("FlyV1 ", 20, "a platform token"),
    ("fo1_", 20, "a platform token"),
    ("hvs.", 20, "a Vault token"),
    ("dop_v1_", 20, "a DigitalOcean token"),
];

/// Tell every secret, and give back the source with the secrets blotted out, for all messages to show.
pub fn mask(tree: &Node, source: &Arc<Source>, faults: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    if found.is_empty() {
        return;
    }
    let mut text = source.text.clone();
    for (span, ..) in &found {
        if let Some(value) = source.text.get(span.range.clone()) {
            let blot: String = value
                .chars()
                .map(|c| if c.is_whitespace() { c.to_string() } else { "*".repeat(c.len_utf8()) })
                .collect();
            text.replace_range(span.range.clone(), &blot);
        }
    }
    let masked = Source::new(source.name.clone(), text);
    for (span, path, what) in found {
        let fault = Diagnostic::error(codes::SECRET, format!("`{path}` holds what looks like {what}")).at(span);
        faults
            .push(fault.help(
                "take it out and replace it: it may have been seen; the spec names secrets and never holds them",
            ));
    }
    for fault in faults {
        let spans = fault.span.iter_mut().chain(fault.related.iter_mut().map(|(span, _)| span));
        spans.filter(|span| span.source == *source).for_each(|span| span.source = masked.clone());
    }
}

fn walk(node: &Node, path: &str, found: &mut Vec<(Span, String, &'static str)>) {
    match &node.value {
        Value::Scalar { text, .. } => {
            if let Some(what) = secret(text, path.rsplit('.').next().unwrap_or("")) {
                found.push((node.span.clone(), path.to_owned(), what));
            }
        }
        Value::List(items) => items.iter().for_each(|item| walk(item, path, found)),
        Value::Map(entries) => {
            for entry in entries {
                let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                walk(&entry.value, &path, found);
            }
        }
    }
}

/// What a value looks like that stands under `key`.
fn secret(text: &str, key: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    let words = text.split(|c: char| c.is_whitespace() || "\"'=,".contains(c)).chain([text]);
    for word in words {
        let opened = BEGINNINGS.iter().find(|(start, least, _)| word.len() >= *least && word.starts_with(start));
        if let Some((.., what)) = opened.filter(|_| dense(word)) {
            return Some(what);
        }
    }
    if text.contains("hooks.slack.com/services/") || text.contains("/api/webhooks/") {
        return Some("the address of a webhook");
    }
    if key != "example" && password_in_url(text) {
        return Some("an address with a password");
    }
    let names = ["key", "routing_key", "token", "password", "secret", "url"];
    let random = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && dense(text);
    (names.contains(&key) && random).then_some("a key")
}

/// Letters and digits mixed, as people don't write.
fn dense(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn password_in_url(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or("");
    let Some((user, host)) = authority.rsplit_once('@') else { return false };
    let local = ["localhost", "127.0.0.1", "db", "host"].iter().any(|name| host.split(':').next() == Some(name));
    match user.split_once(':') {
        Some((_, password)) => !password.is_empty() && !local && !password.starts_with(['$', '<', '{', '*']),
        None => user.len() >= 32 && dense(user),
    }
}
