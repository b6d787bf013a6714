//! Variables, secrets, flags.

use crate::spec::macros::{choice, section};
use crate::spec::map::{EnvName, Map, Word};
use crate::spec::scalar::Text;
use crate::spec::units::{Date, Decimal, Duration, Percent, Range};

section! {
    /// What differs between environments.
    pub struct Configuration {
        /// Where values come from, the last wins: `defaults`, `file`, `environment`, `runtime`.
        order: Vec<Text> = "[defaults, environment]",
        /// Name of the file, with `{environment}` in it.
        file: Option<Text>,
        /// Every variable the services read.
        variables: Map<Variable, EnvName>,
        /// Where secret values live.
        secrets: SecretStore = "{}",
        /// Where values live that are no secret.
        variables_in: Text = "platform",
        /// Who answers for flags.
        flag_provider: Text = "environment",
        /// Switches in the code.
        flags: Map<Flag, Word>,
    }
}

choice! {
    /// What a variable holds.
    pub enum VariableType {
        /// Text.
        String = "string",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// True or false.
        Boolean = "boolean",
        /// One of some words.
        Enum = "enum",
        /// An address.
        Url = "url",
        /// A length of time.
        Duration = "duration",
        /// A size.
        Size = "size",
        /// Values between commas.
        List = "list",
        /// JSON.
        Json = "json",
    }
}

section! {
    /// A variable.
    pub struct Variable {
        /// What it means.
        about: Option<Text>,
        /// What it holds.
        r#type: VariableType = "string",
        /// Whether its value is never written anywhere.
        secret: bool = "false",
        /// Whether the service refuses to start without it.
        required: bool = "false",
        /// How often a secret is replaced.
        rotate: Option<Duration>,
        /// Store or dependency that it leads to.
        from: Option<Text>,
        /// What it looks like; made up.
        example: Option<Text>,
        /// Value when nothing is said.
        default: Option<Text>,
        /// Words allowed; `environments` stands for their names.
        one_of: Vec<Text>,
        /// Numbers allowed.
        range: Option<Range<Decimal>>,
        /// Lengths allowed.
        length: Option<Range<Decimal>>,
        /// Services that get it, or `pipeline`; left out: all services.
        only_in: Vec<Text>,
        /// Its value by environment.
        r#in: Map<EnvironmentValue>,
    }
}

section! {
    /// A value in one environment.
    pub struct EnvironmentValue short value {
        /// The value.
        value: Text,
    }
}

section! {
    /// Where secret values live.
    pub struct SecretStore short store {
        /// A platform, a secret manager.
        store: Option<Text>,
        /// How names are built there, with `{environment}` and `{name}`.
        path: Option<Text>,
        /// Where they live on a developer's machine.
        development: Text = ".env",
    }
}

section! {
    /// A switch in the code.
    pub struct Flag {
        /// What it opens.
        about: Option<Text>,
        /// Its value when nobody says.
        default: bool = "false",
        /// The team that removes it.
        owner: Option<Text>,
        /// Shares of people, in order.
        rollout: Vec<Percent>,
        /// How long that takes.
        over: Option<Duration>,
        /// Whether it turns something off in an emergency.
        kill_switch: bool = "false",
        /// When it is gone from the code.
        remove_by: Option<Date>,
    }
}
