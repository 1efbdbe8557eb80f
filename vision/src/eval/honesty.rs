//! Whether the confidence means what it says, and which counts are taken for which.

use serde::Serialize;

use super::figures::BinResult;
use crate::detect::log_odds;
use crate::learn::logistic::{Row, regress};

/// Steps of the confidence, tenths.
const STEPS: usize = 10;
/// How firmly the fit is held to what is in use: as much as a few bins say.
const SPRING: f64 = 1.0;

/// How honest the confidence is. Bins without an opinion count too: with the count they would have got.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Expected calibration error: the mean distance between confidence and share of exact counts, weighted by bins
    /// (Naeini, Cooper, Hauskrecht 2015); 0 is perfect.
    pub ece: f64,
    /// Slope and shift of the raw log-odds that would fit these bins: what a model's description wants as `calibration`.
    pub fit: [f64; 2],
    /// One for each tenth of the confidence that occurs.
    pub steps: Vec<Step>,
}

/// Bins of one tenth of the confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Lowest confidence.
    pub from: f64,
    /// Highest.
    pub to: f64,
    /// Bins.
    pub bins: u32,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them whose count is exact.
    pub exact: f64,
}

/// Sorts bins by confidence; `in_use` are slope and shift that it was made with.
pub(super) fn calibration<'a>(results: impl Iterator<Item = &'a BinResult>, in_use: [f64; 2]) -> Calibration {
    let mut sums = [(0u32, 0.0f64, 0u32); STEPS];
    let mut rows = Vec::new();
    for result in results {
        // A bin that could not be looked at says nothing of the network.
        if result.confidence > 0.0 && in_use[0] > 0.0 {
            let raw = (log_odds(result.confidence) - in_use[1]) / in_use[0];
            rows.push(Row { values: vec![raw, 1.0], yes: result.guess() == result.truth, weight: 1.0 });
        }
        let step = ((result.confidence * STEPS as f64) as usize).min(STEPS - 1);
        sums[step].0 += 1;
        sums[step].1 += result.confidence;
        sums[step].2 += u32::from(result.guess() == result.truth);
    }
    let all: u32 = sums.iter().map(|(n, ..)| n).sum();
    let (mut steps, mut ece) = (Vec::new(), 0.0);
    for (i, (bins, sum, right)) in sums.into_iter().enumerate().filter(|(_, (n, ..))| *n > 0) {
        let n = f64::from(bins);
        let (confidence, exact) = (sum / n, f64::from(right) / n);
        ece += (confidence - exact).abs() * n / f64::from(all);
        let edge = |k: usize| k as f64 / STEPS as f64;
        steps.push(Step { from: edge(i), to: edge(i + 1), bins, confidence, exact });
    }
    let fit = regress(&rows, &in_use, &[SPRING; 2]);
    Calibration { ece, fit: [fit[0].max(0.0), fit[1]], steps }
}

/// How often which truth was counted as what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// By truth from 0, then by count from 0: bins.
    pub table: Vec<Vec<u32>>,
    /// By truth from 0: bins without an opinion.
    pub no_opinion: Vec<u32>,
}

/// Highest count with a row of its own; more are put with it.
pub(super) const MOST: u32 = 24;

/// Sorts bins by truth and count.
pub(super) fn confusion<'a>(results: impl Iterator<Item = &'a BinResult> + Clone) -> Confusion {
    let highest = results.clone().map(|r| r.truth.max(r.count.unwrap_or(0)).min(MOST)).max().unwrap_or(0) as usize;
    let mut confusion = Confusion { table: vec![vec![0; highest + 1]; highest + 1], no_opinion: vec![0; highest + 1] };
    for result in results {
        let truth = result.truth.min(MOST) as usize;
        match result.count {
            Some(count) => confusion.table[truth][count.min(MOST) as usize] += 1,
            None => confusion.no_opinion[truth] += 1,
        }
    }
    confusion
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(truth: u32, count: Option<u32>, confidence: f64) -> BinResult {
        BinResult { id: "a".into(), truth, count, seen: count.unwrap_or(0), confidence, needs_look: None }
    }

    #[test]
    fn sorts_bins() {
        let all = [result(1, Some(1), 0.95), result(1, Some(2), 0.95), result(0, None, 0.5), result(3, Some(3), 1.0)];
        let honest = calibration(all.iter(), [1.0, 0.0]);
        assert_eq!((honest.steps.len(), honest.steps[1].bins), (2, 3));
        assert!((honest.steps[1].exact - 2.0 / 3.0).abs() < 1e-9);
        // 0.5 against 1, and 0.9667 against 0.6667, the latter three times.
        assert!((honest.ece - (0.5 + 0.9) / 4.0).abs() < 1e-9, "{}", honest.ece);
        let table = confusion(all.iter());
        assert_eq!((table.table.len(), table.table[1][2], table.table[3][3], table.no_opinion[0]), (4, 1, 1, 1));
        assert_eq!(confusion([].iter()).table, [[0]]);
    }
}
