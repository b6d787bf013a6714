//! Amounts: sizes, shares, rates, money and processor time.

use std::fmt;
use std::str::FromStr;

use super::{Decimal, Quantified, number_and_unit, written_as_text};

/// `512MiB`, `10GB`: bytes, printed in the unit they were written in.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Size {
    number: Decimal,
    unit: usize,
}

const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("KB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

impl Size {
    pub fn bytes(self) -> u64 {
        let whole = u128::from(self.number.millionths().unsigned_abs()) * u128::from(SIZES[self.unit].1);
        u64::try_from(whole / 1_000_000).unwrap_or(u64::MAX)
    }
}

impl PartialEq for Size {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl PartialOrd for Size {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Size {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes().cmp(&other.bytes())
    }
}

impl Quantified for Size {
    const WHAT: &'static str = "a size";
    const EXAMPLES: &'static [&'static str] = &["512MiB", "10GB"];
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = number_and_unit(text);
        let number: Decimal = number.parse()?;
        if number.millionths() < 0 {
            return Err("a size isn't negative".to_owned());
        }
        let Some(at) = SIZES.iter().position(|(name, _)| *name == unit) else {
            return Err(match unit {
                "" => format!("a unit is missing; `{number}MB` or `{number}GB`"),
                "Mi" | "M" | "mb" | "m" => format!("write `{number}MiB` or `{number}MB`"),
                "Gi" | "G" | "gb" | "g" => format!("write `{number}GiB` or `{number}GB`"),
                _ => "the units are B, KB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB (of 1024)".to_owned(),
            });
        };
        Ok(Self { number, unit: at })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, SIZES[self.unit].0)
    }
}

/// `80%`, `99.95%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Percent(pub Decimal);

impl Percent {
    /// 80% is 0.8.
    pub fn ratio(self) -> f64 {
        self.0.hundredth()
    }
}

impl Quantified for Percent {
    const WHAT: &'static str = "a percentage";
    const EXAMPLES: &'static [&'static str] = &["80%", "99.9%"];
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').ok_or_else(|| match text.parse::<Decimal>() {
            Ok(number) => format!("write `{number}%`"),
            Err(_) => String::new(),
        })?;
        let number: Decimal = number.trim_end().parse()?;
        if number.millionths() < 0 || number > Decimal::whole(1000) {
            return Err("from 0% to 1000%".to_owned());
        }
        Ok(Self(number))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// `50rps`, `3000/min`, `1/h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    number: Decimal,
    unit: usize,
}

const RATES: &[(&str, u32)] = &[("rps", 1), ("/s", 1), ("/min", 60), ("/h", 3600), ("/day", 86_400)];

impl Rate {
    pub fn per_second(self) -> f64 {
        self.number.to_f64() / f64::from(RATES[self.unit].1)
    }
}

impl Quantified for Rate {
    const WHAT: &'static str = "a rate";
    const EXAMPLES: &'static [&'static str] = &["50rps", "3000/min", "1/h"];
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = number_and_unit(text);
        let number: Decimal = number.parse()?;
        if number.millionths() < 0 {
            return Err("a rate isn't negative".to_owned());
        }
        let at = RATES.iter().position(|(name, _)| *name == unit);
        at.map(|unit| Self { number, unit }).ok_or_else(|| match unit {
            "" => format!("a unit is missing; `{number}rps` or `{number}/min`"),
            "/m" | "/minute" | "rpm" => format!("write `{number}/min`"),
            _ => "the units are rps, /s, /min, /h and /day".to_owned(),
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, RATES[self.unit].0)
    }
}

/// `150 USD/month`, `120 USD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    pub amount: Decimal,
    /// Three letters.
    pub currency: String,
    /// `day`, `week`, `month` or `year`.
    pub per: Option<String>,
}

impl Quantified for Money {
    const WHAT: &'static str = "an amount of money";
    const EXAMPLES: &'static [&'static str] = &["150 USD/month", "120 USD"];
}

impl FromStr for Money {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, rest) = number_and_unit(text);
        let amount: Decimal = number.parse().map_err(|_| "the number comes first, the currency after it".to_owned())?;
        let (currency, per) = match rest.split_once('/') {
            Some((currency, per)) => (currency.trim_end(), Some(per.trim_start().to_owned())),
            None => (rest, None),
        };
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err("the currency is three capital letters".to_owned());
        }
        if per.as_deref().is_some_and(|per| !["day", "week", "month", "year"].contains(&per)) {
            return Err("per day, week, month or year".to_owned());
        }
        if amount.millionths() < 0 {
            return Err("an amount isn't negative".to_owned());
        }
        Ok(Self { amount, currency: currency.to_owned(), per })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)?;
        self.per.as_ref().map_or(Ok(()), |per| write!(f, "/{per}"))
    }
}

/// Processor time: `250m`, `0.5`, `2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cpu {
    pub millicores: u32,
}

impl Quantified for Cpu {
    const WHAT: &'static str = "a number of processors";
    const EXAMPLES: &'static [&'static str] = &["250m", "0.5", "2"];
}

impl FromStr for Cpu {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let millicores = match text.strip_suffix('m') {
            Some(number) => number.parse().map_err(|_| String::new())?,
            None => {
                let millionths = text.parse::<Decimal>()?.millionths();
                if millionths % 1000 != 0 {
                    return Err("no finer than a thousandth".to_owned());
                }
                u32::try_from(millionths / 1000).map_err(|_| String::new())?
            }
        };
        if millicores == 0 || millicores > 1_024_000 {
            return Err("from 1m to 1024".to_owned());
        }
        Ok(Self { millicores })
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.millicores % 1000 {
            0 => write!(f, "{}", self.millicores / 1000),
            _ => write!(f, "{}m", self.millicores),
        }
    }
}

written_as_text!(Size, Percent, Rate, Money, Cpu);
