//! A dialect is a syntax plus the interpolation of the program that reads the file.
//!
//! In: a name from a manifest, or a file name. Out: the dialect. Refuses: unknown names.

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    Crontab,
    Dockerfile,
    Env,
    Hcl,
    Json,
    Markdown,
    Mermaid,
    Path,
    Promql,
    Shell,
    Systemd,
    Text,
    Toml,
    Yaml,
}

/// What the reader of the file replaces inside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    Nothing,
    /// `${{ … }}`
    Expression,
    /// `$X`, escaped as `$$`.
    Dollar,
    /// `$(X)`, escaped as `$$(X)`, only where arguments and variables stand.
    DollarParen,
    /// `{{ … }}`
    GoTemplate,
    /// `$x`, `${x}`, `[[x]]`: has no escape.
    Variable,
}

macro_rules! dialects {
    ($($variant:ident $name:literal $syntax:ident $host:ident;)*) => {
        /// A syntax and its host's interpolation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Dialect { $($variant),* }

        impl Dialect {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            pub fn syntax(self) -> Syntax {
                match self { $(Self::$variant => Syntax::$syntax),* }
            }

            pub fn host(self) -> Host {
                match self { $(Self::$variant => Host::$host),* }
            }
        }
    };
}

dialects! {
    Alertmanager "alertmanager" Yaml GoTemplate;
    Compose "compose" Yaml Dollar;
    Crontab "crontab" Crontab Nothing;
    Dockerfile "dockerfile" Dockerfile Nothing;
    Env "env" Env Nothing;
    GithubActions "github-actions" Yaml Expression;
    GoTemplate "go-template" Text GoTemplate;
    GitlabCi "gitlab-ci" Yaml Dollar;
    Grafana "grafana" Json Variable;
    Hcl "hcl" Hcl Nothing;
    Json "json" Json Nothing;
    Kubernetes "kubernetes" Yaml DollarParen;
    Markdown "markdown" Markdown Nothing;
    Mermaid "mermaid" Mermaid Nothing;
    Path "path" Path Nothing;
    Prometheus "prometheus" Yaml GoTemplate;
    Promql "promql" Promql Nothing;
    Shell "shell" Shell Nothing;
    Systemd "systemd" Systemd Nothing;
    Text "text" Text Nothing;
    Toml "toml" Toml Nothing;
    Yaml "yaml" Yaml Nothing;
}

impl Dialect {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }

    /// The dialect of a file by its name, `.tera` left off.
    pub fn of_file(name: &str) -> Self {
        let name = name.strip_suffix(".tera").unwrap_or(name);
        let file = name.rsplit('/').next().unwrap_or(name);
        if file.starts_with("Dockerfile") || file.ends_with(".dockerfile") {
            return Self::Dockerfile;
        }
        if file.starts_with(".env") {
            return Self::Env;
        }
        match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "yaml" | "yml" => Self::Yaml,
            "json" => Self::Json,
            "toml" => Self::Toml,
            "tf" | "hcl" => Self::Hcl,
            "sh" => Self::Shell,
            "md" => Self::Markdown,
            "mmd" => Self::Mermaid,
            "promql" => Self::Promql,
            "env" => Self::Env,
            "service" | "timer" => Self::Systemd,
            "crontab" | "cron" => Self::Crontab,
            _ => Self::Text,
        }
    }
}
