//! Markdown whose fences close, and diagrams that say what they are.
//!
//! In: text. Out: nothing, or the fault. Refuses: an open fence, a diagram without a kind.

use super::Fault;

pub fn fences(text: &str) -> Result<(), Fault> {
    let mut open: Option<(usize, usize, String, Vec<&str>)> = None;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        match &mut open {
            Some((_, width, _, _)) if ticks >= *width && trimmed[ticks..].trim().is_empty() => {
                if let Some((start, _, language, body)) = open.take() {
                    fenced(start, &language, &body)?;
                }
            }
            Some((_, _, _, body)) => body.push(line),
            None if ticks >= 3 => open = Some((at + 1, ticks, trimmed[ticks..].trim().to_owned(), Vec::new())),
            None => {}
        }
    }
    match open {
        Some((line, ..)) => Err(Fault::new(line, "this code fence is never closed")),
        None => Ok(()),
    }
}

/// Code in a language that we can read.
fn fenced(line: usize, language: &str, body: &[&str]) -> Result<(), Fault> {
    if language != "mermaid" {
        return Ok(());
    }
    diagram(&body.join("\n")).map_err(|fault| Fault::new(line + fault.line, fault.message))
}

/// The first line that is no comment names the kind of diagram.
pub fn diagram(text: &str) -> Result<(), Fault> {
    const KINDS: &[&str] = &[
        "flowchart",
        "graph",
        "sequenceDiagram",
        "stateDiagram",
        "classDiagram",
        "erDiagram",
        "gantt",
        "timeline",
        "C4Context",
        "C4Container",
        "C4Deployment",
        "architecture-beta",
        "block-beta",
        "pie",
        "journey",
        "mindmap",
        "gitGraph",
    ];
    let mut lines =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("%%"));
    match lines.next() {
        Some((_, "---")) => Ok(()),
        Some((at, line)) if !KINDS.iter().any(|kind| line.trim_start().starts_with(kind)) => {
            Err(Fault::new(at + 1, format!("{:?} begins no kind of diagram", line.trim())))
        }
        Some(_) => Ok(()),
        None => Err(Fault::new(1, "the diagram is empty")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_close_and_diagrams_have_a_kind() {
        assert_eq!(fences("a\n```sh\nx\n```\n"), Ok(()));
        assert_eq!(fences("a\n```sh\nx\n").unwrap_err().line, 2);
        assert_eq!(fences("```mermaid\n%% c\nflow\n```\n").unwrap_err().line, 3);
    }
}
