//! What a rack has taught the detector: a light correction of the network's word, fitted by [`crate::learn`].

use serde::{Deserialize, Serialize};

use super::peaks::Peak;

/// Corrects the log-odds of peaks and the confidence of counts; made for one network and one rack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The network it was fitted to; with another one it is not used.
    pub model: String,
    /// Factor of the network's log-odds.
    pub slope: f64,
    /// Added to them; the threshold is in it.
    pub shift: f64,
    /// Weight of each feature; empty if the features say nothing.
    pub weights: Vec<f64>,
    /// What each feature is on average.
    pub mean: Vec<f64>,
    /// How much each feature varies; above 0.
    pub spread: Vec<f64>,
    /// Slope and shift that turn the raw log-odds of a count into honest ones.
    pub calibration: [f64; 2],
}

/// A feature counts no more than this many spreads away from its mean: what was never seen says little.
const FAR: f64 = 4.0;

impl Head {
    /// The head that changes nothing.
    pub fn neutral(model: &str, calibration: [f64; 2]) -> Self {
        Self {
            model: model.to_owned(),
            slope: 1.0,
            shift: 0.0,
            weights: Vec::new(),
            mean: Vec::new(),
            spread: Vec::new(),
            calibration,
        }
    }

    /// Corrected log-odds of a peak.
    pub fn log_odds(&self, logit: f64, features: &[f32]) -> f64 {
        let taught = if features.len() == self.weights.len() {
            let parts = self.weights.iter().zip(features).zip(self.mean.iter().zip(&self.spread));
            parts.map(|((w, f), (mean, spread))| w * ((f64::from(*f) - mean) / spread).clamp(-FAR, FAR)).sum()
        } else {
            0.0
        };
        self.slope * logit + self.shift + taught
    }

    /// Corrects a peak in place.
    pub fn apply(&self, peak: &mut Peak) {
        peak.logit = self.log_odds(peak.logit, &peak.features);
        peak.end.confidence = super::peaks::sigmoid(peak.logit);
    }

    /// Whether its numbers can be used; a file may have been edited.
    pub fn is_sound(&self) -> bool {
        let n = self.weights.len();
        let numbers = [self.slope, self.shift].into_iter().chain(self.calibration);
        n == self.mean.len()
            && n == self.spread.len()
            && numbers.chain(self.weights.iter().chain(&self.mean).copied()).all(|v| v.is_finite() && v.abs() < 1e6)
            && self.slope >= 0.0
            && self.spread.iter().all(|v| v.is_finite() && *v > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_changes_nothing_and_far_features_are_bounded() {
        let mut head = Head::neutral("m", [1.0, 0.0]);
        assert_eq!(head.log_odds(1.5, &[3.0]), 1.5);
        head.weights = vec![1.0];
        (head.mean, head.spread) = (vec![0.0], vec![1.0]);
        assert_eq!((head.log_odds(0.0, &[2.0]), head.log_odds(0.0, &[1e9])), (2.0, 4.0));
        assert!(head.is_sound());
        head.spread = vec![0.0];
        assert!(!head.is_sound());
    }
}
