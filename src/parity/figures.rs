//! Medians, quartiles and means.

use serde::Serialize;

/// How the figures of rounds are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// A quarter is not above it.
    pub lower: f64,
    /// Half is not above it.
    pub median: f64,
    /// A quarter is not below it.
    pub upper: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// The spread of figures; of none, all is zero. O(n log n).
    pub fn of(figures: &[f64]) -> Self {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| quantile(&sorted, share);
        Self { least: at(0.0), lower: at(0.25), median: at(0.5), upper: at(0.75), most: at(1.0) }
    }
}

/// The figure that a share of the sorted ones is not above, between two of them in proportion.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// The geometric mean of positive figures; `None` of none.
pub(super) fn geometric_mean(figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for figure in figures {
        sum += libm::log(figure);
        count += 1;
    }
    (count > 0).then(|| libm::exp(sum / f64::from(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_figures_in_proportion() {
        let spread = Spread::of(&[5.0, 1.0, 2.0, 4.0]);
        assert_eq!(spread, Spread { least: 1.0, lower: 1.75, median: 3.0, upper: 4.25, most: 5.0 });
        assert_eq!(Spread::of(&[7.0]).upper.to_bits(), 7f64.to_bits());
        assert_eq!(Spread::of(&[]), Spread::default());
    }

    #[test]
    fn the_mean_of_ratios_is_geometric() {
        let mean = geometric_mean([0.5, 2.0, 8.0]).expect("a mean");
        assert!((mean - 2.0).abs() < 1e-12);
        assert_eq!(geometric_mean([]), None);
    }
}
