//! What the camera's counts of a bin mean against the book: the pure rules of comparison.
//!
//! One count may be wrong: a change is believed when it was seen often enough in a row, or once by a reading that is sure
//! enough. No opinion is no sight: it neither claims anything nor ends a row.

use serde::{Deserialize, Serialize};

use crate::error::RuleError;

/// When a count is believed against the book.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// How often in a row a change must be seen, 1 to 10.
    pub times: usize,
    /// How sure a reading must be to be believed at once, 0 to 1.
    pub sure: f64,
    /// A reading less sure than this claims nothing, 0 to 1.
    pub least: f64,
    /// A question that no scan has confirmed for so many days is closed, 1 to 3660.
    pub expire_after: i64,
}

impl Default for Belief {
    fn default() -> Self {
        Self { times: 2, sure: 0.85, least: 0.5, expire_after: 14 }
    }
}

impl Belief {
    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        if !(1..=10).contains(&self.times) {
            return Err(RuleError::field("times", format!("is {}; 1 to 10 are allowed", self.times)));
        }
        for (field, share) in [("sure", self.sure), ("least", self.least)] {
            if !(0.0..=1.0).contains(&share) {
                return Err(RuleError::field(field, format!("is {share}; 0 to 1 is allowed")));
            }
        }
        if !(1..=3660).contains(&self.expire_after) {
            return Err(RuleError::field("expire_after", format!("is {}; 1 to 3660 are allowed", self.expire_after)));
        }
        Ok(())
    }
}

/// One reading of a bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Bottle ends counted; none = no opinion.
    pub count: Option<i32>,
    /// Confidence of the count, 0 to 1.
    pub confidence: f64,
}

/// What the sights of a bin say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: whatever is asked stays asked.
    NoOpinion,
    /// Book and camera agree.
    Agrees,
    /// They differ, but not surely enough yet: the next scan will tell.
    Waits,
    /// They differ.
    Differs,
}

/// Compares the sights of a bin with the book, the newest first. Only those belong here that were taken since a bottle of
/// the bin moved last: what was seen before says nothing of the book as it is now.
pub fn verdict(belief: &Belief, book: i32, capacity: i32, sights: &[Sight]) -> Verdict {
    let Some(newest) = sights.first() else { return Verdict::NoOpinion };
    let Some(seen) = newest.count else { return Verdict::NoOpinion };
    if seen == book {
        return Verdict::Agrees;
    }
    // More than the bin can hold is a wrong count, or a wrong capacity; no answer could make the book say so.
    if newest.confidence < belief.least || seen > capacity {
        return Verdict::NoOpinion;
    }
    if newest.confidence >= belief.sure {
        return Verdict::Differs;
    }
    let opinions = sights.iter().filter(|sight| sight.count.is_some() && sight.confidence >= belief.least);
    match opinions.take_while(|sight| sight.count == Some(seen)).count() >= belief.times {
        true => Verdict::Differs,
        false => Verdict::Waits,
    }
}
