//! From commit to production and back: image, stages, strategy, migrations, rollback, releases.

use crate::spec::decode::Context;
use crate::spec::macros::{choice, section};
use crate::spec::map::Map;
use crate::spec::scalar::{Maybe, Text};
use crate::spec::tree::Node;
use crate::spec::units::{Conditions, Duration, Hours, Percent, Size};

use super::{Command, Party};

section! {
    /// How changes reach production.
    pub struct Delivery {
        /// A folder under `ci`.
        ci: Option<Text>,
        /// The container image; `none` deploys without one.
        image: Maybe<Image>,
        /// What each stage of the pipeline does.
        stages: Map<Stage>,
        /// How new replaces old.
        strategy: Strategy = "rolling",
        /// How the database follows.
        migrations: Maybe<Migrations>,
        /// How to go back.
        rollback: Rollback = "{}",
        /// How long a production deploy is watched.
        watch: Duration = "30m",
        /// How releases are made.
        release: Release = "{}",
    }
}

section! {
    /// The container image.
    pub struct Image {
        /// Registry and name.
        registry: Option<Text>,
        /// What it is built on.
        base: Option<Text>,
        /// The file that builds it.
        file: Text = "Dockerfile",
        /// Largest size.
        size_limit: Option<Size>,
        /// How many are kept.
        keep: u32 = "10",
        /// Whether it is signed.
        sign: bool = "false",
        /// Whether build tools stay out of it.
        multi_stage: bool = "true",
    }
}

choice! {
    /// What happens when a stage fails.
    pub enum AfterFailure {
        /// Nothing further runs.
        Stop = "stop",
        /// The previous version comes back.
        Rollback = "rollback",
        /// The rest runs all the same.
        Continue = "continue",
    }
}

choice! {
    /// Least severity of a finding that fails a scan.
    pub enum FindingSeverity {
        /// Any.
        Low = "low",
        /// Medium and worse.
        Medium = "medium",
        /// High and worse.
        High = "high",
        /// Only critical.
        Critical = "critical",
    }
}

section! {
    /// A stage of the pipeline.
    pub struct Stage {
        /// What it runs.
        command: Option<Command>,
        /// What it runs it with.
        tools: Vec<Text>,
        /// Least coverage of tests.
        coverage: Option<Percent>,
        /// Stores that it starts.
        with: Vec<Text>,
        /// Environment that it runs against.
        r#in: Option<Text>,
        /// Least severity that fails it.
        fail_above: Option<FindingSeverity>,
        /// Longest run.
        timeout: Duration = "15m",
        /// Whether its failure counts.
        must_pass: bool = "true",
        /// What happens then.
        after_failure: AfterFailure = "stop",
    }
}

choice! {
    /// How new replaces old.
    pub enum StrategyKind {
        /// One instance after the other.
        Rolling = "rolling",
        /// A second set beside the first, then a switch.
        BlueGreen = "blue-green",
        /// A small share first.
        Canary = "canary",
        /// All at once; features open by flags.
        Flags = "flags",
        /// By hand.
        Manual = "manual",
        /// All at once.
        Recreate = "recreate",
    }
}

section! {
    /// How new replaces old.
    pub struct Strategy short kind then name_strategy {
        /// Which way; follows from the key beneath when left out.
        kind: StrategyKind = "rolling",
        /// A second set beside the first.
        blue_green as "blue-green": Option<BlueGreen>,
        /// A small share first.
        canary: Option<Canary>,
    }
}

fn name_strategy(made: &mut Strategy, _: &Node, _: &mut Context) {
    if made.canary.is_some() {
        made.kind = StrategyKind::Canary;
    } else if made.blue_green.is_some() {
        made.kind = StrategyKind::BlueGreen;
    }
    match made.kind {
        StrategyKind::Canary => made.canary = Some(made.canary.take().unwrap_or_default()),
        StrategyKind::BlueGreen => made.blue_green = Some(made.blue_green.take().unwrap_or_default()),
        _ => {}
    }
}

section! {
    /// Two sets and a switch.
    pub struct BlueGreen short switch {
        /// What moves traffic: `load-balancer`, `dns`, `platform`.
        switch: Text = "platform",
        /// How long the old set waits.
        keep_old: Duration = "15m",
    }
}

section! {
    /// A small share first.
    pub struct Canary short steps {
        /// Shares of traffic, in order.
        steps: Vec<Percent> = "[10%, 50%, 100%]",
        /// How long each step is watched.
        bake: Duration = "10m",
        /// What must hold of the canary alone.
        success: Conditions = "{ error_rate: 1% }",
        /// Fewer requests in a step are no evidence.
        samples: u32 = "100",
        /// What no evidence means.
        no_data: NoData = "fail",
    }
}

choice! {
    /// What missing evidence means.
    pub enum NoData {
        /// The step fails.
        Fail = "fail",
        /// The step waits for a person.
        Wait = "wait",
        /// The step passes.
        Pass = "pass",
    }
}

section! {
    /// How the database follows the code.
    pub struct Migrations short tool {
        /// What runs them.
        tool: Text,
        /// `expand-contract`, `blue-green`, `in-place`.
        style: Text = "expand-contract",
        /// Before or after the new version starts.
        run: Text = "before",
        /// Environment that sees them first.
        test_in: Option<Text>,
        /// What applies them; the tool's own when left out.
        up: Option<Command>,
        /// What takes the last one back.
        down: Option<Command>,
        /// What shows them without applying.
        dry_run: Option<Command>,
        /// Longest wait for a lock.
        lock_timeout: Duration = "5s",
        /// Longest run.
        timeout: Duration = "15m",
        /// When the service may be away for them.
        window: Maybe<Window>,
    }
}

section! {
    /// When the service may be away.
    pub struct Window short at {
        /// Days and hours.
        at: Hours,
        /// How long.
        lasts: Option<Duration>,
        /// Who is told, and how long before.
        notice: Option<Duration>,
        /// Who is told.
        tell: Vec<Text>,
    }
}

section! {
    /// How to go back.
    pub struct Rollback {
        /// How fast.
        within: Option<Duration>,
        /// How many versions stay deployable.
        keep: u32 = "3",
        /// Who may.
        by: Vec<Party>,
        /// What does it without a person.
        automatic: Conditions,
        /// What to do about the database.
        database: Option<Text>,
    }
}

section! {
    /// How releases are made.
    pub struct Release short cadence {
        /// How often: `weekly`, `as-needed`.
        cadence: Text = "as-needed",
        /// How long before it no more changes come in.
        freeze: Maybe<Duration>,
        /// Who agrees.
        sign_off: Vec<Text>,
        /// Who writes what changed: `generated` or a team.
        notes: Text = "generated",
        /// How long it is watched afterwards.
        watch: Maybe<Duration>,
        /// How soon people look back.
        retrospective: Maybe<Duration>,
        /// Who is told.
        tell: Vec<Text>,
    }
}
