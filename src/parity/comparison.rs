//! The reports of two platforms, side by side.

use super::figures::geometric_mean;
use super::lab::Platform;
use super::report::{Report, Row};
use super::workload::{ALL, Kind, Unit};

/// The geometric mean of the ratios of what computes is at most this.
pub const MEAN_MAX: f64 = 1.6;
/// No ratio of what computes is more than this.
pub const WORST_MAX: f64 = 2.5;

/// A workload on two platforms.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The name of the workload.
    pub name: String,
    /// What it is.
    pub label: String,
    /// What it is about.
    pub kind: Kind,
    /// What its figures count.
    pub unit: Unit,
    /// Natively.
    pub native: Option<Row>,
    /// In the browser.
    pub browser: Option<Row>,
    /// How many times as long it takes in the browser, by the medians.
    pub ratio: Option<f64>,
}

impl Pair {
    /// What is allowed on a platform: its limit, or, in a browser and where something computes, what the ratio allows.
    pub fn allowed(&self, platform: Platform) -> Option<f64> {
        let row = self.row(platform);
        let by_ratio = || {
            let is_held = platform == Platform::Browser && self.kind == Kind::Computing;
            self.native.as_ref().filter(|_| is_held).map(|native| native.spread.median * WORST_MAX)
        };
        row.and_then(|row| row.limit).or_else(by_ratio)
    }

    /// Whether all that was measured is within what is allowed; `None` where nothing is said about it.
    pub fn kept(&self) -> Option<bool> {
        let limits = [&self.native, &self.browser].map(|row| row.as_ref().and_then(|row| row.kept));
        let ratio = self.ratio.filter(|_| self.kind == Kind::Computing).map(|ratio| ratio <= WORST_MAX);
        limits.into_iter().chain([ratio]).flatten().reduce(|one, other| one && other)
    }

    /// Its row of a platform.
    pub fn row(&self, platform: Platform) -> Option<&Row> {
        match platform {
            Platform::Native => self.native.as_ref(),
            Platform::Browser => self.browser.as_ref(),
        }
    }
}

/// Two reports, workload by workload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The workloads that either report has, in the order of [`ALL`]; then those of other versions.
    pub pairs: Vec<Pair>,
    /// The geometric mean of the ratios of what computes.
    pub mean: Option<f64>,
    /// The largest ratio of what computes.
    pub worst: Option<f64>,
}

impl Comparison {
    /// Lays reports side by side; either may be missing.
    pub fn new(native: Option<&Report>, browser: Option<&Report>) -> Self {
        let rows = || [native, browser].into_iter().flatten().flat_map(|report| &report.workloads);
        let mut names: Vec<&str> = Vec::new();
        for name in ALL.iter().map(|workload| workload.name).chain(rows().map(|row| row.name.as_str())) {
            if !names.contains(&name) && rows().any(|row| row.name == name) {
                names.push(name);
            }
        }
        let row = |report: Option<&Report>, name: &str| report.and_then(|report| report.row(name)).cloned();
        let pairs: Vec<Pair> =
            names.into_iter().filter_map(|name| pair(row(native, name), row(browser, name))).collect();
        let ratios = || {
            let computing = pairs.iter().filter(|pair| pair.kind == Kind::Computing);
            computing.filter_map(|pair| pair.ratio)
        };
        let (mean, worst) = (geometric_mean(ratios()), ratios().reduce(f64::max));
        Self { pairs, mean, worst }
    }

    /// Workloads within what is allowed, and those of which something is said.
    pub fn kept(&self) -> (usize, usize) {
        let said = || self.pairs.iter().filter_map(Pair::kept);
        (said().filter(|kept| *kept).count(), said().count())
    }
}

fn pair(native: Option<Row>, browser: Option<Row>) -> Option<Pair> {
    let Row { name, label, kind, unit, .. } = native.as_ref().or(browser.as_ref())?.clone();
    let both = native.as_ref().zip(browser.as_ref()).filter(|(native, browser)| native.unit == browser.unit);
    let ratio = both.and_then(|(native, browser)| {
        let (native, browser) = (native.spread.median, browser.spread.median);
        let (over, under) = if unit.is_rate() { (native, browser) } else { (browser, native) };
        (under > 0.0 && over > 0.0).then(|| over / under)
    });
    Some(Pair { name, label, kind, unit, native, browser, ratio })
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    #[test]
    fn ratios_say_how_many_times_as_long_it_takes() {
        let native = report(
            Platform::Native,
            &[("parse", &[1.0]), ("astar-ff", &[2.0]), ("yield", &[1.0]), ("cached-1", &[30e3])],
        );
        let browser = report(
            Platform::Browser,
            &[("parse", &[1.0]), ("astar-ff", &[8.0]), ("yield", &[9.0]), ("cached-1", &[10e3])],
        );
        let both = Comparison::new(Some(&native), Some(&browser));
        let ratios: Vec<_> = both.pairs.iter().map(|pair| pair.ratio.expect("a ratio").round()).collect();
        assert_eq!(ratios.iter().map(|ratio| *ratio as u32).collect::<Vec<_>>(), [1, 4, 9, 3]);
        let (mean, worst) = (both.mean.expect("a mean"), both.worst.expect("a worst"));
        assert!((mean - 2.0).abs() < 1e-9 && (worst - 4.0).abs() < 1e-9, "{mean} {worst}");
        assert_eq!(both.kept(), (3, 4));
        assert_eq!(both.pairs[1].kept(), Some(false));
        let allowed = both.pairs[1].allowed(Platform::Browser).expect("by the ratio");
        assert!((allowed - 5.0).abs() < 1e-9, "{allowed}");
    }

    #[test]
    fn one_report_alone_has_no_ratios() {
        let native = report(Platform::Native, &[("parse", &[1.0]), ("heap", &[3.0])]);
        let alone = Comparison::new(Some(&native), None);
        // What is held is measured first.
        assert_eq!(alone.pairs.iter().map(|pair| pair.name.as_str()).collect::<Vec<_>>(), ["heap", "parse"]);
        assert_eq!((alone.mean, alone.worst, alone.kept()), (None, None, (1, 1)));
    }
}
