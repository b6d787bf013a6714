//! Fractions without rounding, written as decimals.
//!
//! In: text such as `99.9%` and whole numbers. Out: products, differences, and text without the dust of binary fractions.
//! Refuses: text that is no percentage.

use std::cmp::Ordering;
use std::fmt;

/// Digits after the point where a fraction never ends.
const DIGITS: usize = 9;

/// `top / bottom`; `bottom` is above zero.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    top: i128,
    bottom: i128,
}

impl Exact {
    pub fn new(top: i128, bottom: i128) -> Self {
        Self { top, bottom }
    }

    pub fn whole(number: u64) -> Self {
        Self::new(number.into(), 1)
    }

    /// `99.9%` is 999/1000.
    pub fn percent(text: &str) -> Option<Self> {
        let (whole, rest) = match text.strip_suffix('%')?.trim().split_once('.') {
            Some(parts) => parts,
            None => (text.strip_suffix('%')?.trim(), ""),
        };
        let digits: i128 = format!("{whole}{rest}").parse().ok()?;
        Some(Self::new(digits, 100 * 10_i128.checked_pow(u32::try_from(rest.len()).ok()?)?))
    }

    pub fn times(self, other: Self) -> Self {
        Self::new(self.top * other.top, self.bottom * other.bottom).short()
    }

    pub fn over(self, whole: u64) -> Self {
        Self::new(self.top, self.bottom * i128::from(whole.max(1))).short()
    }

    /// What is missing to one.
    pub fn rest(self) -> Self {
        Self::new(self.bottom - self.top, self.bottom).short()
    }

    /// In lowest terms, so that products stay small.
    fn short(self) -> Self {
        let (mut a, mut b) = (self.top.abs().max(1), self.bottom);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self::new(self.top / a, self.bottom / a)
    }

    /// As a share of a hundred: `1.44%`.
    pub fn as_percent(self) -> String {
        format!("{}%", self.times(Self::whole(100)))
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(self.top as f64 / self.bottom as f64)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.top * other.bottom).cmp(&(other.top * self.bottom))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.top < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}", self.top.abs() / self.bottom);
        let mut left = self.top.abs() % self.bottom;
        let mut digits = String::new();
        while left != 0 && digits.len() < DIGITS {
            left *= 10;
            digits.push_str(&(left / self.bottom).to_string());
            left %= self.bottom;
        }
        let digits = digits.trim_end_matches('0');
        if !digits.is_empty() {
            text = format!("{text}.{digits}");
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(objective: &str) -> String {
        Exact::percent(objective).expect("a percentage").rest().to_string()
    }

    #[test]
    fn a_budget_has_no_dust() {
        assert_eq!(budget("99.9%"), "0.001");
        assert_eq!(budget("99.99%"), "0.0001");
        assert_eq!(budget("99.95%"), "0.0005");
        assert_eq!(budget("95%"), "0.05");
        assert_eq!(budget("100%"), "0");
        assert_eq!(budget("101%"), "-0.01");
        assert_eq!(Exact::percent("99.9%").expect("a percentage").as_percent(), "99.9%");
        assert!(Exact::percent("99.9").is_none() && Exact::percent("high%").is_none());
    }

    #[test]
    fn what_never_ends_is_cut() {
        assert_eq!(Exact::new(28, 30).to_string(), "0.933333333");
        assert!(Exact::new(28, 30) < Exact::whole(1));
        assert!(Exact::new(30, 30) == Exact::whole(1));
    }
}
