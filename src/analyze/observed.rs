//! What the counters of a fan's rules, or draws of our own, say beside its shares.
//!
//! The nat table sees the first packet of a connection, so its counters count connections.

use crate::logic::Probability;
use crate::ruleset::Ruleset;

use super::weights::{Draw, Fan};

/// How many connections each expected count needs at least, so that a comparison says something.
const LEAST: f64 = 5.0;
/// The quantile of the normal distribution for one false alarm in a thousand.
const QUANTILE: f64 = 3.09;

/// What was counted at each endpoint of a fan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Connections, in the order of the endpoints.
    pub counts: Vec<u64>,
    /// Whether they are what the shares let expect.
    pub fit: Fit,
}

/// Are the counts what the shares let expect?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// There are too few connections to tell.
    TooFew,
    /// They differ by no more than chance makes them.
    Fits,
    /// They differ by more than chance makes them once in a thousand times; most at this endpoint.
    DoesNot(usize),
}

impl Observed {
    /// All connections that were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// Compares the counters of the rules that draw with their shares; `None` where the dump has no counters.
pub fn observed(ruleset: &Ruleset<'_>, fan: &Fan) -> Option<Observed> {
    let count = |rule| Some(ruleset.rule(rule)?.counters?.packets);
    let counts = fan.endpoints.iter().map(|endpoint| count(endpoint.drawn_by)).collect::<Option<_>>()?;
    Some(compared(fan, counts))
}

/// Draws so many connections at the rules of the fan, each with a number of its own as the kernel does, and compares what
/// the endpoints got with their shares.
pub fn simulated(fan: &Fan, connections: u64, random: &mut fastrand::Rng) -> Observed {
    let mut rungs: Vec<_> =
        fan.endpoints.iter().map(|endpoint| Rung { draw: endpoint.draw, asked: 0, took: 0 }).collect();
    for _ in 0..connections {
        // The first that takes it ends the search.
        let _ = rungs.iter_mut().any(|rung| rung.takes(random));
    }
    compared(fan, rungs.iter().map(|rung| rung.took).collect())
}

/// A rule that draws, and how often it was asked and took.
struct Rung {
    draw: Draw,
    asked: u64,
    took: u64,
}

impl Rung {
    fn takes(&mut self, random: &mut fastrand::Rng) -> bool {
        let takes = match self.draw {
            Draw::All => true,
            Draw::Random(probability) => random.u32(..Probability::OUT_OF) < probability.count(),
            Draw::Nth { not, every } => self.asked.is_multiple_of(u64::from(every.max(1))) != not,
        };
        self.asked += 1;
        self.took += u64::from(takes);
        takes
    }
}

/// Compares what was counted at each endpoint of a fan with its shares.
pub fn compared(fan: &Fan, counts: Vec<u64>) -> Observed {
    let served = 1.0 - fan.unserved.get();
    let shares: Vec<f64> = fan.endpoints.iter().map(|endpoint| endpoint.share.get() / served).collect();
    let fit = fit(&counts, &shares);
    Observed { counts, fit }
}

/// Pearson's chi-square test.
#[expect(clippy::cast_precision_loss, reason = "a count of connections is far below 2^52")]
fn fit(counts: &[u64], shares: &[f64]) -> Fit {
    let total = counts.iter().sum::<u64>() as f64;
    let off = |(count, share): (&u64, &f64)| {
        let expected = total * share;
        (*count as f64 - expected).powi(2) / expected
    };
    if counts.len() < 2 || shares.iter().any(|share| total * share < LEAST) {
        return Fit::TooFew;
    }
    let parts: Vec<f64> = counts.iter().zip(shares).map(off).collect();
    if parts.iter().sum::<f64>() <= most((counts.len() - 1) as f64) {
        return Fit::Fits;
    }
    let worst = parts.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
    Fit::DoesNot(worst.map_or(0, |(at, _)| at))
}

/// The sum that chance exceeds once in a thousand times, with so many degrees of freedom (Wilson and Hilferty).
fn most(freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    freedom * (1.0 - spread + QUANTILE * spread.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, table) in [(1.0, 10.83), (2.0, 13.82), (9.0, 27.88), (29.0, 58.30)] {
            assert!((most(freedom) / table - 1.0).abs() < 0.04, "{freedom}: {}", most(freedom));
        }
    }

    /// Every endpoint of nth-mode gets its turn; what nobody takes is not counted.
    #[test]
    fn rungs_draw_as_the_kernel_does() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut took = |draw| {
            let mut rung = Rung { draw, asked: 0, took: 0 };
            (0..9000).for_each(|_| _ = rung.takes(&mut random));
            rung.took
        };
        assert_eq!(took(Draw::Nth { not: false, every: 3 }), 3000);
        assert_eq!(took(Draw::Nth { not: true, every: 3 }), 6000);
        assert_eq!(took(Draw::All), 9000);
        let third = took(Draw::Random(Probability::parse("0.33333333349").unwrap()));
        assert!((2800..3200).contains(&third), "{third}");
    }

    #[test]
    fn counts_are_compared() {
        let third = [1.0 / 3.0; 3];
        assert_eq!(fit(&[1990, 2030, 1980], &third), Fit::Fits);
        assert_eq!(fit(&[900, 900, 4200], &third), Fit::DoesNot(2));
        assert_eq!(fit(&[2, 1, 3], &third), Fit::TooFew);
        assert_eq!(fit(&[10], &[1.0]), Fit::TooFew);
    }
}
