//! Exact decimals, as far as an `i128` carries them.

/// `digits × 10^−decimals`, without trailing zeros after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ground) struct Decimal {
    digits: i128,
    decimals: u32,
}

/// Digits kept; longer lexemes are not exact.
const DIGITS_MAX: usize = 18;
/// Largest exponent kept.
const EXPONENT_MAX: i32 = 18;

impl Decimal {
    pub(in crate::ground) const ZERO: Self = Self { digits: 0, decimals: 0 };

    /// Reads a JSON number; `None` where it has too many digits to stay exact.
    pub(in crate::ground) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{integer}{fraction}");
        let significant = digits.trim_start_matches(['-', '+', '0']).trim_end_matches('0');
        if significant.len() > DIGITS_MAX || digits.len() > 36 || exponent.abs() > EXPONENT_MAX {
            return None;
        }
        let decimals = i32::try_from(fraction.len()).ok()? - exponent;
        let digits = digits.parse::<i128>().ok()?;
        if decimals >= 0 {
            return Some(Self { digits, decimals: decimals as u32 }.reduced());
        }
        let digits = digits.checked_mul(10i128.checked_pow(decimals.unsigned_abs())?)?;
        Some(Self { digits, decimals: 0 })
    }

    fn reduced(mut self) -> Self {
        while self.decimals > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.decimals -= 1;
        }
        self
    }

    /// Digits after the point.
    pub(in crate::ground) fn decimals(self) -> u32 {
        self.decimals
    }

    pub(in crate::ground) fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        Some(Self { digits, decimals: self.decimals + other.decimals }.reduced())
    }

    pub(in crate::ground) fn plus(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        let digits = self.scaled(decimals)?.checked_add(other.scaled(decimals)?)?;
        Some(Self { digits, decimals }.reduced())
    }

    /// The value times `10^decimals`, where that is whole and fits.
    pub(in crate::ground) fn scaled(self, decimals: u32) -> Option<i128> {
        let power = 10i128.checked_pow(decimals.checked_sub(self.decimals)?)?;
        self.digits.checked_mul(power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lexemes_exactly() {
        let of = |text| Decimal::parse(text).map(|decimal| (decimal.digits, decimal.decimals));
        assert_eq!(of("1.250"), Some((125, 2)));
        assert_eq!(of("-3e2"), Some((-300, 0)));
        assert_eq!(of("0.5E-3"), Some((5, 4)));
        assert_eq!(of("0"), Some((0, 0)));
        assert_eq!(of("0.12345678901234567890123"), None);
        assert_eq!(of("1e300"), None);
    }

    #[test]
    fn sums_and_products_stay_exact() {
        let of = |text: &str| Decimal::parse(text).expect("short");
        assert_eq!(of("0.1").plus(of("0.2")), Some(of("0.3")));
        assert_eq!(of("0.5").times(of("0.4")), Some(of("0.2")));
        assert_eq!(of("0.3").scaled(2), Some(30));
        assert_eq!(of("0.33").scaled(1), None);
    }
}
