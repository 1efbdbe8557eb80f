//! What the camera has seen over time: when did this bottle leave?

use serde::{Deserialize, Serialize};

use crate::{Instant, ids::ScanId};

/// One look at a rack, or at a bin of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// The scan, which has the picture.
    pub scan: ScanId,
    /// When it looked (UTC).
    #[serde(with = "crate::instant")]
    pub at: Instant,
    /// Bottle ends counted in the bin; none = no opinion, or the look is at a whole rack.
    pub count: Option<i32>,
}

/// The looks between which a bin's count changed, oldest first; `looks` are in the order of time. What had no opinion tells
/// nothing, so a change may lie days before the look that saw it.
pub fn changes(looks: &[Look]) -> Vec<(Look, Look)> {
    let known: Vec<&Look> = looks.iter().filter(|look| look.count.is_some()).collect();
    let differ = known.windows(2).filter(|pair| pair[0].count != pair[1].count);
    differ.map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(day: i64, count: Option<i32>) -> Look {
        Look { scan: format!("{day}").as_str().into(), at: Instant::default() + chrono::Duration::days(day), count }
    }

    #[test]
    fn a_change_lies_between_two_looks_that_could_see() {
        let looks = [look(1, Some(3)), look(2, Some(3)), look(3, None), look(4, Some(2)), look(5, Some(2))];
        assert_eq!(changes(&looks), [(looks[1].clone(), looks[3].clone())]);
        assert!(changes(&looks[..3]).is_empty());
        assert!(changes(&[]).is_empty());
    }
}
