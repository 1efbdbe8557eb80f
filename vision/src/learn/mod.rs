//! Learns from people's answers: a light correction of the network's word for one rack, in pure Rust.
//!
//! An [`Example`] is a bin whose true count a person has told, with the peaks the network saw in it. [`teach`] fits a
//! [`Head`] (a logistic regression on log-odds and features, a threshold, a calibration) and keeps it only if it reads
//! bins of scans it was not fitted to better than what is in use.

mod fit;
pub(crate) mod logistic;
mod score;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::detect::{Head, Peak};
pub use score::{Score, score};

/// With fewer answers of people than this nothing is learned: a handful says more about chance than about the rack.
pub const LEAST_ANSWERS: usize = 20;
/// With answers from fewer scans than this nothing is learned: pictures of one scan share its light.
pub const LEAST_SCANS: usize = 4;
/// Parts into which scans are divided to try what was learned on scans it has not seen.
const FOLDS: usize = 5;
/// Two heads that read the same bins alike differ only if their confidence does by so much (mean squared error).
const LEAST_GAIN: f64 = 0.005;

/// A bin with its true count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The scan it is of: examples of one scan are tried together.
    pub scan: String,
    /// The bin.
    pub bin: String,
    /// Bottles that lay in it.
    pub truth: u32,
    /// Whether a person has answered; else the book and the camera agreed.
    pub answered: bool,
    /// What the network saw, surest first.
    pub peaks: Vec<Candidate>,
}

/// A place where the network saw an end, or doubted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The network's own log-odds.
    pub logit: f64,
    /// Its features there; may be empty.
    pub features: Vec<f32>,
}

impl From<&Peak> for Candidate {
    fn from(peak: &Peak) -> Self {
        // Three digits are as good and take a quarter of the room.
        let features = peak.features.iter().map(|v| (v * 1e3).round() / 1e3).collect();
        Self { logit: (peak.logit * 1e3).round() / 1e3, features }
    }
}

/// What came of learning.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Lesson {
    /// There is not enough to learn from; nothing changes.
    TooFew {
        /// Answers of people there are.
        answers: usize,
        /// Scans they are of.
        scans: usize,
    },
    /// What was learned reads bins it has not seen no better; nothing changes.
    NotBetter {
        /// What is in use, on held-out bins.
        before: Score,
        /// What was learned, on the same.
        after: Score,
    },
    /// What was learned is better.
    Better {
        /// What is in use, on held-out bins.
        before: Score,
        /// What was learned, on the same.
        after: Score,
        /// Fitted to all examples; to be used from now on.
        head: Box<Head>,
    },
}

impl std::fmt::Display for Lesson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFew { answers, scans } => write!(
                f,
                "too little to learn from: {answers} answers of {scans} scans ({LEAST_ANSWERS} of {LEAST_SCANS} are needed); nothing changes"
            ),
            Self::NotBetter { before, after } => {
                write!(f, "no better on bins it has not seen; nothing changes\n  in use:  {before}\n  learned: {after}")
            }
            Self::Better { before, after, .. } => {
                write!(f, "better on bins it has not seen\n  before: {before}\n  after:  {after}")
            }
        }
    }
}

/// Learns from examples of one rack. `now` is the head in use; [`Head::neutral`] where nothing was learned yet.
/// Examples whose features are of another length than the others' are left aside.
pub fn teach(examples: &[Example], now: &Head) -> Lesson {
    let depth = depth(examples);
    let fits = |example: &&Example| example.peaks.iter().all(|peak| peak.features.len() == depth && sound(peak));
    let mut examples: Vec<&Example> = examples.iter().filter(fits).collect();
    examples.sort_by(|a, b| (&a.scan, &a.bin).cmp(&(&b.scan, &b.bin)));
    let answered = examples.iter().filter(|example| example.answered);
    let scans: BTreeSet<&str> = answered.clone().map(|example| example.scan.as_str()).collect();
    let answers = answered.count();
    if answers < LEAST_ANSWERS || scans.len() < LEAST_SCANS {
        return Lesson::TooFew { answers, scans: scans.len() };
    }
    let all: Vec<&str> = examples.iter().map(|e| e.scan.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let (mut before, mut after) = (Score::default(), Score::default());
    for fold in 0..FOLDS {
        let held: BTreeSet<&str> = all.iter().skip(fold).step_by(FOLDS).copied().collect();
        let (test, train): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|example| held.contains(example.scan.as_str()));
        if test.is_empty() || train.is_empty() {
            continue;
        }
        let learned = fit::fit(&train, now);
        before.add(&score(&test, now));
        after.add(&score(&test, &learned));
    }
    if is_better(&before, &after) {
        Lesson::Better { before, after, head: Box::new(fit::fit(&examples, now)) }
    } else {
        Lesson::NotBetter { before, after }
    }
}

/// More bins right and none more wrong; or as many right and fewer wrong; or the same with a more honest confidence.
fn is_better(before: &Score, after: &Score) -> bool {
    if after.wrong > before.wrong || after.exact < before.exact {
        return false;
    }
    after.exact > before.exact || after.wrong < before.wrong || after.brier() + LEAST_GAIN < before.brier()
}

fn sound(candidate: &Candidate) -> bool {
    candidate.logit.is_finite() && candidate.features.iter().all(|v| v.is_finite())
}

/// The commonest number of features.
fn depth(examples: &[Example]) -> usize {
    let mut lengths: Vec<usize> = examples.iter().flat_map(|e| &e.peaks).map(|p| p.features.len()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A rack whose hooks look like ends to the network (log-odds 1) but have a feature of their own.
    fn rack(scans: usize, bins: usize, hooks: bool) -> Vec<Example> {
        let mut out = Vec::new();
        for scan in 0..scans {
            for bin in 0..bins {
                let truth = (scan + bin) % 3;
                let wobble = ((scan * 7 + bin * 13) % 10) as f32 / 50.0;
                let bottle = Candidate { logit: 3.0, features: vec![1.0 + wobble, 0.2, 0.5] };
                let mut peaks = vec![bottle; truth];
                if hooks && bin % 2 == 0 {
                    peaks.push(Candidate { logit: 1.0, features: vec![-1.0 + wobble, 0.2, 0.5] });
                }
                out.push(Example {
                    scan: format!("s{scan}"),
                    bin: format!("b{bin}"),
                    truth: truth as u32,
                    answered: true,
                    peaks,
                });
            }
        }
        out
    }

    #[test]
    fn learns_to_tell_hooks_from_bottles() {
        let now = Head::neutral("m", [1.0, 0.0]);
        let lesson = teach(&rack(6, 8, true), &now);
        let Lesson::Better { before, after, head } = lesson else { panic!("{lesson}") };
        assert!(before.exact <= 24 && after.exact == after.bins, "{before}; {after}");
        assert!(head.is_sound() && head.log_odds(1.0, &[-1.0, 0.2, 0.5]) < 0.0);
        // What has been learned is not learned again.
        assert!(!matches!(teach(&rack(6, 8, true), &head), Lesson::Better { .. }));
    }

    #[test]
    fn changes_nothing_where_nothing_is_wrong() {
        let now = Head::neutral("m", [1.0, 0.0]);
        let lesson = teach(&rack(6, 8, false), &now);
        match lesson {
            Lesson::NotBetter { before, after } => assert!(after.exact <= before.exact),
            Lesson::Better { before, after, .. } => assert_eq!((before.exact, after.wrong), (after.exact, 0)),
            Lesson::TooFew { .. } => panic!("48 answers are enough"),
        }
    }

    #[test]
    fn nonsense_labels_are_not_learned() {
        let now = Head::neutral("m", [1.0, 0.0]);
        let mut examples = rack(6, 8, false);
        let mut state = 7u32;
        for example in &mut examples {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
            example.truth = state >> 16 & 3;
        }
        let lesson = teach(&examples, &now);
        if let Lesson::Better { before, after, .. } = &lesson {
            assert!(after.wrong < before.wrong, "at most it says less often that it knows: {lesson}");
        }
    }

    proptest! {
        /// With too few answers nothing changes, whatever they are, and it says so.
        #[test]
        fn too_few_change_nothing(
            counts in prop::collection::vec((0u32..6, -4.0f64..4.0, 0usize..9), 0..LEAST_ANSWERS), agreed in 0usize..40,
        ) {
            let example = |i: usize, truth, logit, scan, answered| Example {
                scan: format!("s{scan}"), bin: format!("b{i}"), truth, answered,
                peaks: vec![Candidate { logit, features: vec![logit as f32] }],
            };
            let mut all: Vec<_> =
                counts.iter().enumerate().map(|(i, (n, logit, scan))| example(i, *n, *logit, *scan, true)).collect();
            all.extend((0..agreed).map(|i| example(100 + i, 1, 3.0, i % 9, false)));
            let lesson = teach(&all, &Head::neutral("m", [1.0, 0.0]));
            let told = matches!(&lesson, Lesson::TooFew { answers, .. } if *answers == counts.len());
            prop_assert!(told);
            prop_assert!(lesson.to_string().contains("nothing changes"));
        }

        /// Any numbers give either nothing or a head that can be used.
        #[test]
        fn any_examples_give_a_sound_head(
            rows in prop::collection::vec((0u32..9, prop::collection::vec((-50.0f64..50.0, -1e4f32..1e4), 0..6)), 25..60),
        ) {
            let all: Vec<_> = rows.into_iter().enumerate().map(|(i, (truth, peaks))| Example {
                scan: format!("s{}", i % 6), bin: format!("b{i}"), truth, answered: true,
                peaks: peaks.into_iter().map(|(logit, f)| Candidate { logit, features: vec![f, -f] }).collect(),
            }).collect();
            if let Lesson::Better { head, before, after } = teach(&all, &Head::neutral("m", [1.0, 0.0])) {
                prop_assert!(head.is_sound());
                prop_assert!(after.exact >= before.exact && after.wrong <= before.wrong);
            }
        }
    }
}
