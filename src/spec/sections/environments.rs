//! Environments, in order of promotion; each sees the base through its own overlay.

use crate::spec::macros::{choice, section};
use crate::spec::map::{Map, Raw};
use crate::spec::scalar::Text;
use crate::spec::units::{Blackout, Duration, Hours, Trigger, Url};

use super::{Alerting, Backup, Command, Datastore, Hosting, LogLevel, Observability, Party, Service};

choice! {
    /// What data an environment holds.
    pub enum DataKind {
        /// Made up.
        Synthetic = "synthetic",
        /// A fixed set that is loaded.
        Seed = "seed",
        /// Production's, made anonymous.
        Anonymized = "anonymized",
        /// Of real people.
        Real = "real",
    }
}

choice! {
    /// Which of the things we call are real.
    pub enum DependencyMode {
        /// None.
        Mocked = "mocked",
        /// Their test systems.
        Sandbox = "sandbox",
        /// All.
        Live = "live",
    }
}

section! {
    /// A place where the services run.
    pub struct Environment {
        /// What it is for.
        purpose: Option<Text>,
        /// Where people reach it.
        url: Option<Url>,
        /// What data it holds.
        data: Option<DataKind>,
        /// Which of the things we call are real.
        dependencies: Option<DependencyMode>,
        /// Who gets in.
        access: Vec<Party>,
        /// How it is deployed; left out: by hand, on your machine.
        deploy: Option<Deploy>,
        /// Whether destructive changes need a waiver.
        protected: bool = "false",
        /// Least log level here.
        logs: Option<LogLevel>,
        /// When it runs.
        hours: Hours = "always",
        /// How it comes to be, starts anew, goes.
        create: Option<Create>,
        /// The name it had before.
        was: Option<Text>,
        /// Services as they are here, merged over the base.
        services: Raw,
        /// Stores as they are here, merged over the base.
        datastores: Raw,
        /// Hosting here, merged over the base.
        hosting: Raw,
        /// Observability here, merged over the base.
        observability: Raw,
        /// Alerting here, merged over the base.
        alerting: Raw,
        /// Backups here, merged over the base.
        backups: Raw,
    }
}

section! {
    /// How an environment is deployed.
    pub struct Deploy {
        /// A branch, or the environment whose digest it takes.
        from: Text,
        /// What starts it.
        trigger: Trigger = "manual",
        /// Who must agree.
        approvers: Vec<Text>,
        /// When nothing is deployed.
        not: Vec<Blackout>,
    }
}

section! {
    /// How an environment comes to be.
    pub struct Create {
        /// What makes it.
        command: Option<Command>,
        /// How long that takes.
        within: Option<Duration>,
        /// What brings it back to a clean state.
        reset: Option<Command>,
        /// What removes it.
        destroy: Option<Command>,
    }
}

/// What an environment sees: the base with its overlay.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Effective {
    pub services: Map<Service>,
    pub datastores: Map<Datastore>,
    pub hosting: Hosting,
    pub observability: Observability,
    pub alerting: Alerting,
    pub backups: Map<Backup>,
}
