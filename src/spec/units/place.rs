//! Addresses: URLs, hosts, mail, networks, paths, and version requirements.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Quantified, written_as_text};

macro_rules! checked_text {
    ($(#[doc = $doc:literal])+ $name:ident, $what:literal, $examples:expr, $check:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Quantified for $name {
            const WHAT: &'static str = $what;
            const EXAMPLES: &'static [&'static str] = $examples;
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $check;
                if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    return Err("no spaces".to_owned());
                }
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        written_as_text!($name);
    };
}

fn is_host(text: &str) -> bool {
    let label = |part: &str| {
        let inner = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        inner && !part.is_empty() && part.len() <= 63 && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= 253 && (text.parse::<IpAddr>().is_ok() || text.split('.').all(label))
}

fn host_and_port(text: &str) -> bool {
    match text.rsplit_once(':') {
        Some((host, port)) => is_host(host) && port.parse::<u16>().is_ok(),
        None => is_host(text),
    }
}

checked_text!(
    /// `https://api.acme.dev`, `s3://bucket/path`.
    Url, "a URL", &["https://api.example.com", "s3://bucket/path"],
    |text| {
        let Some((scheme, rest)) = text.split_once("://") else { return Err("it begins with a scheme such as `https://`".to_owned()) };
        let known = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = rest[..end].rsplit('@').next().unwrap_or("");
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!&()*+,;=%".contains(&byte);
        if !known || !host_and_port(authority) { Err("scheme, then host".to_owned()) }
        else if !text.bytes().all(safe) { Err("a character that a URL can't hold".to_owned()) }
        else { Ok(()) }
    }
);

impl Url {
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(scheme, _)| scheme)
    }

    /// Without port and user.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
        let host = authority.rsplit('@').next().unwrap_or("");
        host.split(':').next().unwrap_or("")
    }

    /// With its leading slash; empty when there is none.
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("", |at| &rest[at..])
    }
}

checked_text!(
    /// `s3://bucket/path`, `gs://…`, `azblob://container/…`, `/mnt/backup`, `rclone:REMOTE:path`.
    Destination, "a place for backups", &["s3://bucket/path", "/mnt/backup", "rclone:vault:backups"],
    |text| {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/@+=".contains(&byte);
        let remote = |rest: &str| rest.split_once(':').is_some_and(|(remote, _)| !remote.is_empty());
        let placed = match text.split_once("://") {
            Some((scheme, rest)) => ["s3", "gs", "azblob"].contains(&scheme) && is_host(rest.split('/').next().unwrap_or("")),
            None => text.starts_with('/') || text.strip_prefix("rclone:").is_some_and(remote),
        };
        if !text.bytes().all(safe) { Err("a character that it can't hold".to_owned()) }
        else if text.split('/').any(|part| part == "..") { Err("no `..`".to_owned()) }
        else if placed { Ok(()) }
        else { Err("`s3://`, `gs://`, `azblob://`, a directory, or `rclone:REMOTE:path`".to_owned()) }
    }
);

checked_text!(
    /// `accounts.google.com`, `db.internal`.
    HostName, "a host name", &["api.example.com"],
    |text| if is_host(text) { Ok(()) } else { Err("no scheme, no port, no path".to_owned()) }
);

checked_text!(
    /// `platform@acme.dev`.
    Email, "an e-mail address", &["team@example.com"],
    |text| match text.split_once('@') {
        Some((user, host)) if !user.is_empty() && host.contains('.') && is_host(host)
            && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#&+-=_~".contains(&byte)) => Ok(()),
        _ => Err(String::new()),
    }
);

checked_text!(
    /// `10.0.0.0/16`.
    Cidr, "a network", &["10.0.20.0/24"],
    |text| {
        let Some((address, bits)) = text.split_once('/') else { return Err("address, slash, number of bits".to_owned()) };
        let address: IpAddr = address.parse().map_err(|_| "no IP address before the slash".to_owned())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        match bits.parse::<u8>() {
            Ok(bits) if bits <= most => Ok(()),
            _ => Err(format!("from /0 to /{most}")),
        }
    }
);

checked_text!(
    /// The path of a request: `/health`.
    PathText, "a path that begins with `/`", &["/health"],
    |text| if text.starts_with('/') && text.is_ascii() { Ok(()) } else { Err(String::new()) }
);

/// Which versions of the program may read this file: `>=0.1, <0.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement(Vec<(String, Vec<u64>)>);

impl Requirement {
    /// Whether a version such as `0.1.3` is among those allowed.
    pub fn admits(&self, version: &str) -> bool {
        let numbers = |text: &str| text.split('.').map(|part| part.parse::<u64>().unwrap_or(0)).collect::<Vec<_>>();
        let version = numbers(version);
        self.0.iter().all(|(operator, bound)| {
            let width = bound.len().max(version.len());
            let padded = |of: &[u64]| (0..width).map(|at| of.get(at).copied().unwrap_or(0)).collect::<Vec<_>>();
            let order = padded(&version).cmp(&padded(bound));
            match operator.as_str() {
                ">=" => order.is_ge(),
                ">" => order.is_gt(),
                "<=" => order.is_le(),
                "<" => order.is_lt(),
                _ => version.starts_with(bound),
            }
        })
    }
}

impl Quantified for Requirement {
    const WHAT: &'static str = "a version requirement";
    const EXAMPLES: &'static [&'static str] = &[">=0.1, <0.2"];
}

impl FromStr for Requirement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bounds = text.split(',').map(|part| {
            let part = part.trim();
            let digits = part.find(|c: char| c.is_ascii_digit()).ok_or_else(String::new)?;
            let (operator, version) = part.split_at(digits);
            let operator = operator.trim();
            let numbers: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
            match numbers {
                Ok(numbers) if [">=", ">", "<=", "<", "="].contains(&operator) && numbers.len() <= 3 => {
                    Ok((operator.to_owned(), numbers))
                }
                _ => Err("an operator (>=, >, <=, <, =) and a version".to_owned()),
            }
        });
        bounds.collect::<Result<_, String>>().map(Self)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (operator, bound)) in self.0.iter().enumerate() {
            let bound: Vec<String> = bound.iter().map(ToString::to_string).collect();
            write!(f, "{}{operator}{}", if at == 0 { "" } else { ", " }, bound.join("."))?;
        }
        Ok(())
    }
}

written_as_text!(Requirement);
