//! How well a head reads bins whose count is known.

use serde::Serialize;

use super::Example;
use crate::detect::{End, Head, MIN_CONFIDENCE, raw_log_odds, sigmoid};

/// Bins counted by how they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Score {
    /// All of them.
    pub bins: u32,
    /// The count was given and exact.
    pub exact: u32,
    /// The count was given and wrong.
    pub wrong: u32,
    /// There was no opinion.
    pub silent: u32,
    /// Sum of the squared differences between confidence and truth.
    squares: f64,
}

impl Score {
    /// Mean squared error of the confidence: 0 is perfect, 0.25 is a coin.
    pub fn brier(&self) -> f64 {
        self.squares / f64::from(self.bins.max(1))
    }

    /// Takes in another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.bins += other.bins;
        self.exact += other.exact;
        self.wrong += other.wrong;
        self.silent += other.silent;
        self.squares += other.squares;
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { bins, exact, wrong, silent, .. } = self;
        write!(
            f,
            "{exact} of {bins} exact, {wrong} wrong, {silent} without an opinion, error of confidence {:.3}",
            self.brier()
        )
    }
}

/// What a head makes of an example: the count, and the raw log-odds that it is exact.
pub(super) fn read(example: &Example, head: &Head) -> (u32, f64) {
    let ends: Vec<End> = example
        .peaks
        .iter()
        .map(|peak| End::new(0.0, 0.0, 1.0, sigmoid(head.log_odds(peak.logit, &peak.features))))
        .collect();
    let count = ends.iter().filter(|end| end.confidence >= 0.5).count() as u32;
    (count, raw_log_odds(&ends))
}

/// Reads examples with a head.
pub fn score(examples: &[&Example], head: &Head) -> Score {
    let mut score = Score::default();
    for example in examples {
        let (count, raw) = read(example, head);
        let right = count == example.truth;
        let confidence = sigmoid(head.calibration[0] * raw + head.calibration[1]);
        score.bins += 1;
        score.squares += (confidence - f64::from(u8::from(right))).powi(2);
        match (confidence >= MIN_CONFIDENCE, right) {
            (false, _) => score.silent += 1,
            (true, true) => score.exact += 1,
            (true, false) => score.wrong += 1,
        }
    }
    score
}
