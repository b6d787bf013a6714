//! What runs: processes, how they prove their health, stop, scale and keep their promises.

use crate::spec::decode::Context;
use crate::spec::macros::{choice, section};
use crate::spec::map::Map;
use crate::spec::scalar::Text;
use crate::spec::tree::Node;
use crate::spec::units::{Conditions, Cpu, Duration, Limits, PathText, Percent, Rate, Schedule, Size};

use super::values::{Command, Peak};

choice! {
    /// What kind of process a service is.
    pub enum ServiceKind {
        /// Answers requests.
        Web = "web",
        /// Takes work from a queue.
        Worker = "worker",
        /// Starts work by the clock: exactly one, never two at once.
        Scheduler = "scheduler",
        /// Runs on a schedule, then ends.
        Job = "job",
    }
}

section! {
    /// A process of ours.
    pub struct Service {
        /// What kind of process it is.
        kind: ServiceKind,
        /// What it is built from, or the service whose code and image it shares.
        stack: Stack = "{}",
        /// What starts it.
        command: Option<Command>,
        /// The port that it listens on.
        port: Option<u16>,
        /// Processor and memory.
        resources: Resources = "{}",
        /// How many instances, and what changes that.
        scaling: Scaling = "1",
        /// Whether an instance keeps nothing that another one would miss.
        stateless: bool = "true",
        /// How much traffic is expected.
        load: Option<Load>,
        /// How it proves that it is well.
        health: Health = "{}",
        /// How it stops.
        shutdown: Shutdown = "{}",
        /// Stores and dependencies that it uses; the word labels the arrow.
        uses: Map<Use>,
        /// What is promised of it.
        slo: Option<Slo>,
        /// Requests asked after every deploy and watched from outside.
        smoke: Vec<Smoke>,
        /// When a job runs; UTC.
        schedule: Option<Schedule>,
        /// How long a scheduler or worker may be silent.
        heartbeat: Option<Duration>,
        /// Longest run of a job.
        timeout: Option<Duration>,
        /// The name it had before.
        was: Option<Text>,
    }
}

section! {
    /// Language and tools.
    pub struct Stack short same_as {
        /// The service whose code and image this one shares.
        same_as: Option<Text>,
        /// Programming language.
        language: Option<Text>,
        /// Its version; `3.10` keeps its zero.
        version: Option<Text>,
        /// Framework.
        framework: Option<Text>,
        /// What installs packages.
        package_manager: Option<Text>,
    }
}

section! {
    /// What an instance gets.
    pub struct Resources {
        /// Processors: one value, or what it asks for and its limit.
        cpu: Option<Limits<Cpu>>,
        /// Memory: one value, or what it asks for and its limit.
        memory: Option<Limits<Size>>,
    }
}

section! {
    /// How many instances.
    pub struct Scaling short count then fix_count {
        /// A fixed number.
        count: Option<u32>,
        /// Fewest instances.
        min: u32 = "1",
        /// Most instances.
        max: u32 = "1",
        /// Measures past which another instance starts.
        when: Conditions,
        /// Pause between two changes.
        cooldown: Option<Duration>,
        /// Whether bigger instances are an answer, too.
        vertical: bool = "false",
    }
}

fn fix_count(made: &mut Scaling, node: &Node, _: &mut Context) {
    if let Some(count) = made.count {
        (made.min, made.max) = (count, count);
    } else if node.get("max").is_none() {
        made.max = made.max.max(made.min);
    }
}

impl Scaling {
    pub fn is_fixed(&self) -> bool {
        self.min == self.max
    }
}

section! {
    /// Expected traffic.
    pub struct Load {
        /// Today.
        now: Option<Rate>,
        /// In a year.
        year_1: Option<Rate>,
        /// At its highest: a rate, or a multiple such as `4x`.
        peak: Option<Peak>,
    }
}

section! {
    /// How a service proves that it is well.
    pub struct Health {
        /// Whether the process lives; asks nothing else.
        liveness: Option<Liveness>,
        /// Whether it can take traffic.
        readiness: Option<Readiness>,
        /// State of what it depends on, for people and metrics.
        dependencies: Option<Reports>,
        /// How the questions are asked.
        probe: Probe = "{}",
        /// Longest start.
        starts_within: Option<Duration>,
    }
}

section! {
    /// Whether the process lives.
    pub struct Liveness short path {
        /// Path that answers.
        path: Option<PathText>,
        /// Command that ends with 0, for what has no port.
        command: Option<Command>,
    }
}

section! {
    /// Whether it can take traffic.
    pub struct Readiness short path {
        /// Path that answers.
        path: Option<PathText>,
        /// Command that ends with 0, for what has no port.
        command: Option<Command>,
        /// Stores and dependencies without which it answers 503.
        requires: Vec<Text>,
    }
}

section! {
    /// State of dependencies; never takes traffic away.
    pub struct Reports short path {
        /// Path that answers.
        path: PathText,
        /// Stores and dependencies it tells about, or `all`.
        reports: Vec<Text> = "all",
    }
}

section! {
    /// How probes ask.
    pub struct Probe {
        /// Pause between two.
        every: Duration = "10s",
        /// Longest wait for an answer.
        timeout: Duration = "2s",
        /// Failures in a row that count.
        failures: u32 = "3",
        /// Status that means well.
        expect: u16 = "200",
    }
}

section! {
    /// How a service stops.
    pub struct Shutdown short graceful {
        /// Whether work in hand is finished first.
        graceful: bool = "true",
        /// Signal that asks it to.
        signal: Text = "SIGTERM",
        /// How long new requests may still arrive.
        stop_accepting: Duration = "5s",
        /// How long requests in hand may take.
        drain: Duration = "20s",
        /// How long connections take to close.
        close_connections: Duration = "5s",
        /// All of it; then it is killed.
        timeout: Duration = "30s",
    }
}

section! {
    /// How something is used.
    pub struct Use short r#as {
        /// `read`, `write`, `read-write`, `cache`, `publish`, `consume`, or what it does.
        r#as: Text,
    }
}

section! {
    /// What is promised.
    pub struct Slo {
        /// Share of requests that succeed.
        availability: Option<Percent>,
        /// How fast they are.
        latency: Option<LatencyTarget>,
        /// Share of jobs that succeed.
        job_success: Option<Percent>,
        /// Oldest job that may wait.
        oldest_job: Option<Duration>,
        /// Over how long the promise is counted.
        window: Duration = "30d",
    }
}

section! {
    /// Response times.
    pub struct LatencyTarget short p95 {
        /// Of half the requests.
        p50: Option<Duration>,
        /// Of 95 in a hundred.
        p95: Option<Duration>,
        /// Of 99 in a hundred.
        p99: Option<Duration>,
    }
}

section! {
    /// A request that must work.
    pub struct Smoke then one_method {
        /// Path to GET.
        get: Option<PathText>,
        /// Path to POST to.
        post: Option<PathText>,
        /// Path to ask with HEAD.
        head: Option<PathText>,
        /// Status that means well.
        expect: u16 = "200",
        /// Variable whose secret is sent as bearer token.
        bearer: Option<Text>,
        /// Longest wait.
        within: Option<Duration>,
        /// Text that the answer contains.
        contains: Option<Text>,
    }
}

fn one_method(made: &mut Smoke, node: &Node, cx: &mut Context) {
    let said = [&made.get, &made.post, &made.head].into_iter().filter(|path| path.is_some()).count();
    if said != 1 && !node.span.source.name.is_empty() {
        let code = crate::diagnostic::codes::MISSING_KEY;
        let fault =
            crate::diagnostic::Diagnostic::error(code, "a smoke request needs exactly one of `get`, `post`, `head`");
        cx.tell(fault.at(node.span.clone()).help("for example `{ get: /health, expect: 200 }`"));
    }
}
