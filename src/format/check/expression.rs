//! `${{ … }}`: opened, closed, and with balanced quotes and brackets.
//!
//! In: a text. Out: nothing, or the fault. Refuses: an expression that never ends.

use super::Fault;

pub fn balanced(text: &str) -> Result<(), Fault> {
    let mut at = 0;
    while let Some(found) = text[at..].find("${{") {
        let start = at + found;
        let line = text[..start].matches('\n').count() + 1;
        at = end(text, start + 3).ok_or_else(|| Fault::new(line, "this expression is never closed with }}"))?;
        depth(&text[start + 3..at - 2]).map_err(|message| Fault::new(line, message))?;
    }
    Ok(())
}

/// Behind the closing braces; those inside a quoted string don't count.
fn end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    (from..bytes.len()).find_map(|at| {
        quoted ^= bytes[at] == b'\'';
        (!quoted && bytes[at] == b'}' && bytes.get(at + 1) == Some(&b'}')).then_some(at + 2)
    })
}

fn depth(expression: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut quoted = false;
    for c in expression.chars() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => open.push(')'),
            '[' => open.push(']'),
            ')' | ']' if open.pop() != Some(c) => return Err(format!("`{c}` closes nothing in this expression")),
            _ => {}
        }
    }
    match open.pop() {
        Some(missing) => Err(format!("this expression lacks a `{missing}`")),
        None if expression.trim().is_empty() => Err("this expression is empty".into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_braces_do_not_close() {
        assert_eq!(balanced("a: ${{ '${{' }} b }}\n"), Ok(()));
        assert_eq!(balanced("a\nb: ${{ env.x\n").unwrap_err().line, 2);
        assert!(balanced("${{ format('x' }}").is_err());
    }
}
