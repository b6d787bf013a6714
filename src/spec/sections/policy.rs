//! Money, documents, exceptions, ownership of files, blueprints.

use crate::spec::macros::{choice, section};
use crate::spec::map::{Labels, Line, Map, Raw};
use crate::spec::scalar::{Maybe, Text};
use crate::spec::units::{Date, Money, Schedule, Url};

use super::BudgetAlert;

section! {
    /// What it may cost.
    pub struct Cost {
        /// At most.
        budget: Option<Money>,
        /// When to say so.
        alert: Vec<BudgetAlert>,
        /// Where it is looked up.
        track: Option<Text>,
        /// Labels that costs are split by.
        tags: Labels,
        /// What saves money.
        save: Vec<Text>,
    }
}

choice! {
    /// How final the documents are.
    pub enum Status {
        /// Being written.
        Draft = "draft",
        /// Being read.
        Review = "review",
        /// In force.
        Approved = "approved",
    }
}

choice! {
    /// A kind of document.
    pub enum Document {
        /// How to deploy.
        Deployment = "deployment",
        /// What to do when an alert fires.
        Runbooks = "runbooks",
        /// Pictures of the system.
        Diagrams = "diagrams",
        /// Operations and configuration.
        Operations = "operations",
        /// The interface.
        Api = "api",
    }
}

section! {
    /// What is written down.
    pub struct Docs {
        /// How the interface is described.
        api: Maybe<ApiDocs>,
        /// Which documents there are.
        write: Vec<Document> = "[deployment, runbooks, diagrams, operations, api]",
        /// Where they are published; runbook links point there.
        publish: Option<Url>,
        /// How final they are.
        status: Status = "draft",
        /// How often they are read again.
        review: Option<Schedule>,
        /// What changed.
        revisions: Vec<Revision>,
    }
}

section! {
    /// How the interface is described.
    pub struct ApiDocs short style {
        /// `code-first`, `design-first`, `manual`.
        style: Text,
        /// Where the description is served or kept.
        openapi: Option<Text>,
    }
}

section! {
    /// A change of the documents.
    pub struct Revision {
        /// Which version.
        version: Text,
        /// When.
        date: Date,
        /// Who.
        author: Text,
        /// What.
        changes: Text,
    }
}

section! {
    /// A finding that is put up with for a while.
    pub struct Waiver {
        /// Code of the finding.
        code: Text,
        /// Last day.
        until: Option<Date>,
        /// The team that answers for it.
        by: Option<Text>,
        /// Key that it is about; left out: everywhere.
        at: Option<Text>,
    }
}

choice! {
    /// Who owns a file after it was written.
    pub enum OutputMode {
        /// Both: changes are merged.
        Managed = "managed",
        /// The program alone.
        Locked = "locked",
        /// You, after the first time.
        Seed = "seed",
        /// The program owns its keys.
        Keys = "keys",
        /// The program owns its marked lines.
        Block = "block",
        /// You; changes are only shown.
        Yours = "yours",
    }
}

section! {
    /// Who owns files that match.
    pub struct Output short mode {
        /// In which way.
        mode: OutputMode,
    }
}

section! {
    /// Blueprints and their inputs.
    pub struct Blueprints {
        /// More folders.
        from: Vec<Text>,
        /// Values by blueprint id.
        inputs: Raw,
    }
}

/// Globs of output paths.
pub type Outputs = Map<Output, Line>;
