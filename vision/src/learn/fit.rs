//! Fits a head to examples.
//!
//! Nobody has said which peak is a bottle, only how many there are. So the surest peaks, as many as bottles, are taken
//! for bottles and the others for none, the regression is made, and the choice is made again by what it says: a few
//! rounds of expectation and maximisation with hard labels (Dempster, Laird, Rubin 1977).

use super::Example;
use super::logistic::{Row, regress};
use super::score::read;
use crate::detect::Head;

const ROUNDS: usize = 3;
/// How firmly the network's own word is held to: worth about so many peaks.
const SLOPE: f64 = 8.0;
const SHIFT: f64 = 1.0;
/// How firmly each feature is held to saying nothing.
const FEATURE: f64 = 6.0;
/// How firmly the calibration is held to what it was, in bins.
const CALIBRATION: f64 = 4.0;
/// The threshold is sought this far on both sides, in log-odds.
const REACH: i32 = 15;
const STRIDE: f64 = 0.1;

/// The head that fits the examples, which have features of one length; `now` is where it starts from.
pub(super) fn fit(examples: &[&Example], now: &Head) -> Head {
    let mut head = Head::neutral(&now.model, now.calibration);
    (head.mean, head.spread) = moments(examples);
    head.weights = vec![0.0; head.mean.len()];
    for _ in 0..ROUNDS {
        head = regressed(examples, &head);
    }
    set_threshold(examples, &mut head);
    calibrate(examples, &mut head, now.calibration);
    head
}

/// Mean and spread of each feature over all peaks.
fn moments(examples: &[&Example]) -> (Vec<f64>, Vec<f64>) {
    let peaks = || examples.iter().flat_map(|example| &example.peaks);
    let n = peaks().count().max(1) as f64;
    let depth = peaks().next().map_or(0, |peak| peak.features.len());
    let mean: Vec<f64> = (0..depth).map(|i| peaks().map(|p| f64::from(p.features[i])).sum::<f64>() / n).collect();
    let spread = |i: usize| (peaks().map(|p| (f64::from(p.features[i]) - mean[i]).powi(2)).sum::<f64>() / n).sqrt();
    let spreads = (0..depth).map(|i| spread(i).max(1e-3)).collect();
    (mean, spreads)
}

fn regressed(examples: &[&Example], head: &Head) -> Head {
    let mut rows = Vec::new();
    for example in examples {
        let mut order: Vec<(f64, usize)> =
            example.peaks.iter().enumerate().map(|(i, peak)| (head.log_odds(peak.logit, &peak.features), i)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (rank, (_, i)) in order.into_iter().enumerate() {
            let peak = &example.peaks[i];
            let scaled = peak.features.iter().zip(head.mean.iter().zip(&head.spread));
            let mut values = vec![peak.logit.clamp(-12.0, 12.0), 1.0];
            values.extend(scaled.map(|(f, (mean, spread))| ((f64::from(*f) - mean) / spread).clamp(-4.0, 4.0)));
            rows.push(Row { values, yes: rank < example.truth as usize, weight: 1.0 });
        }
    }
    let depth = head.weights.len();
    let (mut prior, mut strength) = (vec![0.0; depth + 2], vec![FEATURE; depth + 2]);
    (prior[0], strength[0], strength[1]) = (1.0, SLOPE, SHIFT);
    let w = regress(&rows, &prior, &strength);
    Head { slope: w[0].max(0.0), shift: w[1], weights: w[2..].to_vec(), ..head.clone() }
}

/// Moves the threshold to where most bins are exact; of equals the nearest to where it was.
fn set_threshold(examples: &[&Example], head: &mut Head) {
    let exact = |shift: f64| {
        let moved = Head { shift, ..head.clone() };
        examples.iter().filter(|example| read(example, &moved).0 == example.truth).count()
    };
    let mut best = (exact(head.shift), 0.0);
    for step in 1..=REACH {
        for moved in [STRIDE * f64::from(step), -STRIDE * f64::from(step)] {
            let there = exact(head.shift + moved);
            // One bin more may be chance.
            if there > best.0 + 1 {
                best = (there, moved);
            }
        }
    }
    head.shift += best.1;
}

/// Makes the confidence honest (Platt 1999), starting from what it was.
fn calibrate(examples: &[&Example], head: &mut Head, prior: [f64; 2]) {
    let rows: Vec<Row> = examples
        .iter()
        .map(|example| {
            let (count, raw) = read(example, head);
            Row { values: vec![raw, 1.0], yes: count == example.truth, weight: 1.0 }
        })
        .collect();
    let w = regress(&rows, &prior, &[CALIBRATION; 2]);
    head.calibration = [w[0].max(0.0), w[1]];
}
