//! The one list of measures that scaling, rollback, canary and alerting all speak of.

use super::condition::{Direction, Quantity};

/// What a measure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Percent,
    Duration,
    Size,
    Rate,
    Count,
    Money,
}

impl Unit {
    pub fn what(self) -> &'static str {
        match self {
            Self::Percent => "a percentage such as `80%`",
            Self::Duration => "a duration such as `500ms` or `30d`",
            Self::Size => "a size such as `500MB`",
            Self::Rate => "a rate such as `250rps`",
            Self::Count => "a number such as `100`",
            Self::Money => "an amount such as `40 USD/day`",
        }
    }

    pub fn fits(self, quantity: &Quantity) -> bool {
        matches!(
            (self, quantity),
            (Self::Percent, Quantity::Percent(_))
                | (Self::Duration, Quantity::Duration(_))
                | (Self::Size, Quantity::Size(_))
                | (Self::Rate, Quantity::Rate(_))
                | (Self::Count, Quantity::Number(_))
                | (Self::Money, Quantity::Money(_))
        )
    }
}

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Measure {
    pub name: &'static str,
    pub unit: Unit,
    /// On which side the trouble lies.
    pub worse: Direction,
    pub about: &'static str,
}

const fn above(name: &'static str, unit: Unit, about: &'static str) -> Measure {
    Measure { name, unit, worse: Direction::Above, about }
}

const fn below(name: &'static str, unit: Unit, about: &'static str) -> Measure {
    Measure { name, unit, worse: Direction::Below, about }
}

/// Every measure.
pub const MEASURES: &[Measure] = &[
    above("error_rate", Unit::Percent, "Share of requests that fail on our side"),
    above("latency_p50", Unit::Duration, "Half of all requests are faster"),
    above("latency_p95", Unit::Duration, "95 of 100 requests are faster"),
    above("latency_p99", Unit::Duration, "99 of 100 requests are faster"),
    above("request_rate", Unit::Rate, "Requests in a second"),
    below("availability", Unit::Percent, "Share of requests that succeed"),
    above("cpu", Unit::Percent, "Processor time in use, of the limit"),
    above("throttling", Unit::Percent, "Share of time that the processor limit held it back"),
    above("memory", Unit::Percent, "Memory in use, of the limit"),
    above("disk", Unit::Percent, "Disk space in use"),
    above("disk_io", Unit::Percent, "Share of time that the disk is busy"),
    above("network", Unit::Rate, "Traffic"),
    above("restarts", Unit::Count, "Restarts of one instance"),
    above("queue_depth", Unit::Count, "Messages that wait"),
    above("oldest_job", Unit::Duration, "Age of the oldest waiting message"),
    below("job_success", Unit::Percent, "Share of jobs that succeed"),
    above("dead_letters", Unit::Count, "Messages that were given up"),
    above("connections", Unit::Percent, "Database connections in use, of those allowed"),
    above("pool", Unit::Percent, "Connections of the application's pool in use"),
    above("slow_queries", Unit::Duration, "Time of a database query"),
    above("replication_lag", Unit::Duration, "How far a replica is behind"),
    below("cache_hit_rate", Unit::Percent, "Share of look-ups that the cache answers"),
    above("evictions", Unit::Rate, "Keys that the cache drops for want of room"),
    below("certificate", Unit::Duration, "Time until a certificate expires"),
    above("backup_age", Unit::Duration, "Time since the last good backup"),
    below("uptime", Unit::Percent, "Share of outside probes that succeed"),
    above("tokens_per_request", Unit::Count, "Tokens that one model request uses"),
    above("spend", Unit::Money, "Money spent"),
    above("tool_failures", Unit::Percent, "Share of the model's tool calls that fail"),
    above("empty_retrievals", Unit::Percent, "Share of look-ups that find nothing for the model"),
    below("quality", Unit::Percent, "Score of the model's answers"),
];

impl Measure {
    pub fn find(name: &str) -> Option<&'static Self> {
        MEASURES.iter().find(|measure| measure.name == name)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        MEASURES.iter().map(|measure| measure.name)
    }
}
