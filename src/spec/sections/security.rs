//! Who gets in, what is protected, what is scanned and patched.

use crate::spec::macros::section;
use crate::spec::map::{Labels, Map, Word};
use crate::spec::scalar::{Maybe, Text};
use crate::spec::units::{Duration, Rate, Retention, Schedule};

section! {
    /// Who gets in, what is protected.
    pub struct Security {
        /// How people and programs prove who they are.
        authentication: Maybe<Authentication>,
        /// What they may do.
        authorization: Maybe<Authorization>,
        /// What is unreadable without a key.
        encryption: Encryption = "{}",
        /// What happens to input.
        input: Input = "{}",
        /// Data of people.
        data: PersonalData = "{}",
        /// What looks for holes.
        scan: Scans = "{}",
        /// How soon holes are closed.
        patch: Patching = "{}",
        /// Certificates.
        certificates: Certificates = "{}",
        /// Who looks from outside.
        audits: Maybe<Audits>,
    }
}

section! {
    /// How people and programs prove who they are.
    pub struct Authentication short users {
        /// People: `password`, `oauth`, `magic-link`, `saml`, …
        users: Maybe<Text>,
        /// Who vouches for them; dependencies.
        providers: Vec<Text>,
        /// Second factor.
        mfa: Maybe<Text>,
        /// Programs: `api-key`, `mtls`, …
        programs: Maybe<Text>,
    }
}

section! {
    /// What people may do.
    pub struct Authorization short model {
        /// `rbac`, `permissions`, `resource`, …
        model: Text,
        /// Roles and what they may.
        roles: Map<Role, Word>,
        /// Who may touch a single thing: `owner`.
        resources: Option<Text>,
    }
}

section! {
    /// A role.
    pub struct Role short about {
        /// What it may.
        about: Text,
    }
}

section! {
    /// What is unreadable without a key.
    pub struct Encryption {
        /// On the way.
        transit: Text = "tls",
        /// On disk.
        rest: bool = "true",
        /// Who keeps the keys.
        key: Option<Text>,
        /// Single fields, and how.
        fields: Labels,
    }
}

section! {
    /// What happens to input.
    pub struct Input {
        /// What checks its form.
        validation: Option<Text>,
        /// What keeps it out of queries.
        queries: Option<Text>,
        /// What keeps it out of pages.
        output: Option<Text>,
        /// What ties a form to its user.
        csrf: Option<Text>,
        /// How much of it one client may send.
        rate_limit: Maybe<Rate>,
    }
}

section! {
    /// Data of people.
    pub struct PersonalData {
        /// Fields that are about a person.
        personal: Vec<Text>,
        /// When what is no longer needed goes; `m` is months.
        minimize: Option<Retention>,
        /// Where it must stay.
        residency: Option<Text>,
    }
}

section! {
    /// What looks for holes.
    pub struct Scans {
        /// In packages.
        dependencies: Maybe<Scan>,
        /// In our code.
        code: Maybe<Scan>,
        /// For secrets in the repository.
        secrets: Maybe<Scan>,
        /// In the image.
        image: Maybe<Scan>,
    }
}

section! {
    /// A scan.
    pub struct Scan short tool {
        /// What scans.
        tool: Vec<Text>,
        /// How often.
        every: Schedule = "push",
    }
}

section! {
    /// How soon holes are closed.
    pub struct Patching {
        /// Critical ones.
        critical: Duration = "24h",
        /// High ones.
        high: Duration = "1w",
        /// All the rest, and updates.
        regular: Schedule = "monthly",
    }
}

section! {
    /// Certificates.
    pub struct Certificates short by {
        /// Who renews them.
        by: Text = "platform",
        /// How long before the end to say so.
        alert: Duration = "30d",
    }
}

section! {
    /// Who looks from outside.
    pub struct Audits {
        /// Somebody tries to break in.
        penetration_test: Maybe<Schedule>,
        /// Rules that are checked, and how often.
        compliance: Map<Compliance>,
        /// Who still needs access.
        access_review: Maybe<Schedule>,
    }
}

section! {
    /// A rule that is checked.
    pub struct Compliance short every {
        /// How often.
        every: Schedule,
    }
}
