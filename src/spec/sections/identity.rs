//! Who and what: quality, repository, teams, people.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::spec::decode::{Context, Decode, Definitions};
use crate::spec::macros::{choice, section};
use crate::spec::scalar::Text;
use crate::spec::tree::{Node, Value};
use crate::spec::units::Email;

choice! {
    /// How much must be answered and how strict the defaults are.
    pub enum Quality {
        /// It runs; the rest may come later.
        Mvp = "mvp",
        /// People rely on it.
        Production = "production",
        /// Failure is expensive; audits happen.
        Enterprise = "enterprise" | "secure",
    }
}

choice! {
    /// Who can see the repository.
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// The organisation.
        Internal = "internal",
        /// Those invited.
        Private = "private",
    }
}

section! {
    /// Where the code lives. Visibility and plan decide which approvals exist.
    pub struct Repository {
        /// Who hosts it.
        host: Text = "github",
        /// Owner and name: `acme/acme-api`.
        slug: Option<Text>,
        /// The branch that is deployed.
        branch: Text = "main",
        /// Who can see it.
        visibility: Visibility = "private",
        /// Paid plan of the host: free, team, enterprise.
        plan: Option<Text>,
        /// The part of a monorepo that this service is.
        path: Option<Text>,
    }
}

section! {
    /// People who own something.
    pub struct Team {
        /// Where mail reaches them.
        email: Option<Email>,
        /// Where chat reaches them: `"#platform"`.
        chat: Option<Text>,
        /// Their name at the repository's host: `"@acme/platform"`.
        handle: Option<Text>,
        /// The name it had before.
        was: Option<Text>,
    }
}

section! {
    /// Answers of an organisation, under everything in this file.
    pub struct Extends {
        /// Repository that holds them.
        git: Text,
        /// The exact commit.
        commit: Text,
        /// File inside the repository.
        path: Text,
        /// Keys that this file can't change.
        locked: Vec<Text>,
    }
}

/// Somebody: a team, whoever is on call in a team, or a word such as `everyone` or `automatic`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    pub name: Text,
    /// Only its person on call.
    pub on_call: bool,
}

impl Party {
    /// The team that is meant, unless it is a word for nobody in particular.
    pub fn team(&self) -> Option<&Text> {
        (!matches!(self.name.as_str(), "everyone" | "automatic" | "nobody" | "anyone")).then_some(&self.name)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.on_call { write!(f, "{} on call", self.name) } else { self.name.fmt(f) }
    }
}

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Decode for Party {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return Text::decode(node, cx).map(|name| Self { name, on_call: false });
        };
        match &entries[..] {
            [only] if only.key == "on_call" => {
                cx.enter(&only.key, &only.key_span, &only.value).map(|name| Self { name, on_call: true })
            }
            _ => {
                cx.wrong_kind(node, "a team, or `{ on_call: TEAM }`");
                None
            }
        }
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(_: &mut Definitions) -> Json {
        let on_call = json!({
            "type": "object", "properties": { "on_call": { "type": "string" } },
            "required": ["on_call"], "additionalProperties": false,
        });
        json!({ "anyOf": [{ "type": "string" }, on_call] })
    }
}
