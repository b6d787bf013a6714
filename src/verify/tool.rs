//! The embedded list of tools and of expected exceptions.
//!
//! In: `tools.yaml` and `exceptions.yaml`, embedded. Out: `Toolbox`. Refuses nothing: both files are checked by tests.

use indexmap::IndexMap;
use serde::Deserialize;

/// How a tool of the ecosystem is called and how its answer is read; the keys are explained atop `tools.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    #[serde(skip)]
    pub id: String,
    pub program: String,
    pub about: String,
    pub args: Vec<String>,
    #[serde(default)]
    pub from: Vec<String>,
    #[serde(default)]
    pub params: Vec<String>,
    #[serde(default)]
    pub except: Vec<String>,
    /// Regular expression that the output must match.
    pub scanned: Option<String>,
    /// Regular expression that the output must not match.
    pub rejects: Option<String>,
}

/// A finding that stays, with the reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub tool: String,
    pub rule: String,
    pub because: String,
}

#[derive(Debug)]
pub struct Toolbox {
    pub tools: Vec<Tool>,
    pub exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolFile {
    tools: IndexMap<String, Tool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionFile {
    exceptions: Vec<Exception>,
}

impl Toolbox {
    /// The lists that this program was built with.
    ///
    /// # Panics
    /// When they don't decode, which a test rules out.
    pub fn embedded() -> Self {
        let tools: ToolFile = serde_saphyr::from_str(include_str!("tools.yaml")).expect("tools.yaml decodes");
        let exceptions: ExceptionFile =
            serde_saphyr::from_str(include_str!("exceptions.yaml")).expect("exceptions.yaml decodes");
        let named = tools.tools.into_iter().map(|(id, tool)| Tool { id, ..tool });
        Self { tools: named.collect(), exceptions: exceptions.exceptions }
    }

    pub fn tool(&self, id: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.id == id)
    }

    /// The rules of a tool that stay, in file order.
    pub fn rules_for(&self, id: &str) -> Vec<String> {
        self.exceptions.iter().filter(|exception| exception.tool == id).map(|it| it.rule.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_name_tools_that_take_exceptions_and_say_why() {
        let toolbox = Toolbox::embedded();
        for exception in &toolbox.exceptions {
            let tool = toolbox.tool(&exception.tool).expect("a known tool");
            assert!(!tool.except.is_empty(), "{} takes no exceptions", tool.id);
            assert!(exception.because.len() > 20, "{}: {} has no reason", tool.id, exception.rule);
        }
    }

    #[test]
    fn every_pattern_compiles_and_every_tool_is_given_files() {
        for tool in Toolbox::embedded().tools {
            for pattern in tool.scanned.iter().chain(&tool.rejects) {
                regex::Regex::new(pattern).expect("a regular expression");
            }
            let given = tool.args.iter().any(|arg| ["{files}", "{file}", "{dir}", "{input}"].contains(&arg.as_str()));
            assert!(given, "{} reads no file", tool.id);
        }
    }
}
