//! Figures over bins whose truth is known.

use serde::Serialize;

use super::truth::TruthBin;
use crate::detect::BinReading;

/// Figures over a set of bins; shares from 0 to 1. A share of nothing at all is 1: no mistake was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Bins measured.
    pub bins: u32,
    /// Share of all bins whose count is given and exact; no opinion is not exact.
    pub exact_count_accuracy: f64,
    /// F1 of "holds a bottle" over the bins with an opinion.
    pub occupancy_f1: f64,
    /// Share of the bins called full that hold a bottle, over the bins with an opinion.
    pub precision: f64,
    /// Share of the bins that hold a bottle that are called full, over the bins with an opinion.
    pub recall: f64,
    /// Share of the seen ends that are real, whether or not the bin got an opinion.
    pub ends_precision: f64,
    /// Share of the real ends that were seen.
    pub ends_recall: f64,
    /// Mean absolute error in bottles over the bins with an opinion.
    pub mae: f64,
    /// Share of bins without an opinion.
    pub no_opinion: f64,
}

/// One bin's truth and reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BinResult {
    /// The bin's name.
    pub id: String,
    /// What a person counted.
    pub truth: u32,
    /// What the detector said; null without opinion.
    pub count: Option<u32>,
    /// Ends it saw, also without opinion.
    pub seen: u32,
    /// Its confidence.
    pub confidence: f64,
    /// Why it asks a person to look, if it does.
    pub needs_look: Option<String>,
}

impl BinResult {
    /// The count it would have given, opinion or not.
    pub fn guess(&self) -> u32 {
        self.count.unwrap_or(self.seen)
    }
}

/// Sums from which figures are made.
#[derive(Default, Clone, Copy)]
pub(super) struct Tally {
    bins: u32,
    exact: u32,
    silent: u32,
    error: u32,
    /// Full bins called full, empty ones called full, full ones called empty.
    full: [u32; 3],
    /// Ends found, seen where none is, missed.
    ends: [u32; 3],
}

impl Tally {
    /// Takes in a bin; none if nobody is sure of its truth.
    pub(super) fn add(&mut self, bin: &TruthBin, reading: &BinReading) -> Option<BinResult> {
        let truth = bin.count?;
        self.bins += 1;
        match reading.count {
            None => self.silent += 1,
            Some(count) => {
                self.exact += u32::from(count == truth);
                self.error += count.abs_diff(truth);
                self.full[0] += u32::from(count > 0 && truth > 0);
                self.full[1] += u32::from(count > 0 && truth == 0);
                self.full[2] += u32::from(count == 0 && truth > 0);
            }
        }
        if let Some(ends) = &bin.ends {
            self.match_ends(ends.clone(), reading);
        }
        Some(BinResult {
            id: bin.shape.id.clone(),
            truth,
            count: reading.count,
            seen: reading.ends.len() as u32,
            confidence: reading.confidence,
            needs_look: reading.needs_look.clone(),
        })
    }

    fn match_ends(&mut self, mut free: Vec<[f64; 3]>, reading: &BinReading) {
        for end in &reading.ends {
            // The nearest end that is still free, if the middle found lies within its circle.
            let nearest = free
                .iter()
                .enumerate()
                .map(|(i, [x, y, r])| (i, (x - end.x).hypot(y - end.y), *r))
                .filter(|(_, distance, r)| distance <= r)
                .min_by(|a, b| a.1.total_cmp(&b.1));
            match nearest {
                Some((i, ..)) => {
                    free.swap_remove(i);
                    self.ends[0] += 1;
                }
                None => self.ends[1] += 1,
            }
        }
        self.ends[2] += free.len() as u32;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.bins += other.bins;
        self.exact += other.exact;
        self.silent += other.silent;
        self.error += other.error;
        (0..3).for_each(|i| self.full[i] += other.full[i]);
        (0..3).for_each(|i| self.ends[i] += other.ends[i]);
    }

    pub(super) fn figures(&self) -> Figures {
        let share = |part: u32, whole: u32| if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) };
        let mean = |sum: u32, n: u32| f64::from(sum) / f64::from(n.max(1));
        let [hit, false_alarm, missed] = self.ends;
        let [both, only_seen, only_true] = self.full;
        Figures {
            bins: self.bins,
            exact_count_accuracy: share(self.exact, self.bins),
            occupancy_f1: share(2 * both, 2 * both + only_seen + only_true),
            precision: share(both, both + only_seen),
            recall: share(both, both + only_true),
            ends_precision: share(hit, hit + false_alarm),
            ends_recall: share(hit, hit + missed),
            mae: mean(self.error, self.bins - self.silent),
            no_opinion: mean(self.silent, self.bins),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::End;
    use crate::layout::BinShape;

    #[test]
    fn counts_hits_and_silence() {
        let shape = BinShape { id: "a".into(), polygon: Vec::new(), capacity: 0 };
        let bin = |count| TruthBin { shape: shape.clone(), count, ends: Some(vec![[10.0, 10.0, 5.0]]) };
        let end = |x| End::new(x, 10.0, 5.0, 0.9);
        let reading =
            |count, ends| BinReading { id: "a".into(), count, confidence: 0.9, needs_look: None, ends, others: 4.0 };
        let mut tally = Tally::default();
        assert!(tally.add(&bin(None), &reading(Some(1), vec![])).is_none());
        tally.add(&bin(Some(1)), &reading(Some(2), vec![end(11.0), end(40.0)]));
        tally.add(&bin(Some(1)), &reading(None, vec![]));
        let figures = tally.figures();
        assert_eq!((figures.bins, figures.exact_count_accuracy, figures.no_opinion), (2, 0.0, 0.5));
        assert_eq!((figures.ends_precision, figures.ends_recall, figures.mae), (0.5, 0.5, 1.0));
        assert_eq!((figures.precision, figures.recall, figures.occupancy_f1), (1.0, 1.0, 1.0));
        tally.add(&bin(Some(0)), &reading(Some(1), vec![]));
        assert_eq!((tally.figures().precision, tally.figures().recall), (0.5, 1.0));
        assert_eq!(Tally::default().figures().precision, 1.0);
    }
}
