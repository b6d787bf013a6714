//! The units that Grafana knows by these names: those that a service is measured in.
//!
//! In: a name. Out: whether it is one. Refuses nothing.

const UNITS: &[&str] = &[
    // counts, shares, money
    "none",
    "string",
    "short",
    "sci",
    "locale",
    "percent",
    "percentunit",
    "currencyUSD",
    "currencyEUR",
    "currencyGBP",
    "currencyJPY",
    "currencyCHF",
    "bool",
    "bool_yes_no",
    "bool_on_off",
    // data and its flow
    "bytes",
    "decbytes",
    "bits",
    "decbits",
    "kbytes",
    "mbytes",
    "gbytes",
    "pps",
    "binBps",
    "Bps",
    "binbps",
    "bps",
    "KiBs",
    "MiBs",
    "GiBs",
    // time and dates
    "ns",
    "µs",
    "ms",
    "s",
    "m",
    "h",
    "d",
    "dtdurationms",
    "dtdurations",
    "dthms",
    "dtdhms",
    "clockms",
    "clocks",
    "hertz",
    "dateTimeAsIso",
    "dateTimeAsLocal",
    "dateTimeAsSystem",
    "dateTimeFromNow",
    // events
    "cps",
    "ops",
    "reqps",
    "rps",
    "wps",
    "iops",
    "cpm",
    "opm",
    "rpm",
    "wpm",
    // machines
    "celsius",
    "watt",
    "flops",
    "rotrpm",
];

pub fn known(unit: &str) -> bool {
    UNITS.contains(&unit)
}
