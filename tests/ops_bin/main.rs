//! The scripts below `ops/bin` do what they say: they run against a platform that records how it was called.

mod drills;
mod elsewhere;
mod fly;
mod kubernetes;
mod observe_cloudwatch;
mod observe_cluster;
mod observe_datadog;
mod observe_grafana;
mod observe_newrelic;
mod observe_prometheus;
mod observe_sentry;
mod observe_uptime;
mod smoke;
mod stage;
