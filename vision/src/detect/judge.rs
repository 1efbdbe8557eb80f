//! How many ends are really there, how sure that is, and when to say nothing.

use super::peaks::sigmoid;
use super::{BinReading, End};
use crate::geometry::area;
use crate::layout::BinShape;

/// A peak from here on is taken for a bottle.
const ACCEPT: f64 = 0.5;
/// Below this calibrated probability of an exact count the detector has no opinion.
pub const MIN_CONFIDENCE: f64 = 0.55;
/// Circles cannot cover more of a bin than this; a little above the densest packing, as outlines are drawn roughly.
const DENSEST: f64 = 0.95;

/// Raw log-odds that every accepted peak is a bottle and every other is none, as if they were independent.
pub fn raw_log_odds(peaks: &[End]) -> f64 {
    let right = |end: &End| end.confidence.max(1.0 - end.confidence).clamp(0.5, 0.999);
    let all: f64 = peaks.iter().map(|end| right(end).ln()).sum();
    let all = all.exp().clamp(1e-6, 0.9999);
    (all / (1.0 - all)).ln()
}

/// Turns peaks (surest first) into a reading.
pub(super) fn judge(bin: &BinShape, peaks: Vec<End>, calibration: [f64; 2]) -> BinReading {
    let confidence = sigmoid(calibration[0] * raw_log_odds(&peaks) + calibration[1]);
    let mut ends: Vec<End> = peaks.into_iter().filter(|end| end.confidence >= ACCEPT).collect();
    let seen = ends.len();
    let room = DENSEST * area(&bin.polygon);
    while ends.iter().map(|end| std::f64::consts::PI * end.r * end.r).sum::<f64>() > room && ends.len() > 1 {
        ends.pop();
    }
    let count = ends.len() as u32;
    let needs_look = if confidence < MIN_CONFIDENCE {
        Some(format!("not sure of {count} ({} %)", (confidence * 100.0).round()))
    } else if ends.len() < seen {
        Some(format!("saw {seen} ends, but only {count} fit"))
    } else if bin.capacity > 0 && count > bin.capacity {
        Some(format!("saw {count} ends in a bin for {}", bin.capacity))
    } else {
        None
    };
    let sure = confidence >= MIN_CONFIDENCE;
    BinReading { id: bin.id.clone(), count: sure.then_some(count), confidence, needs_look, ends }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rectangle;

    fn end(x: f64, confidence: f64) -> End {
        End { x, y: 50.0, r: 40.0, confidence }
    }

    fn bin(capacity: u32) -> BinShape {
        BinShape { id: "a".into(), polygon: rectangle(100.0, 100.0).to_vec(), capacity }
    }

    #[test]
    fn doubt_means_no_opinion() {
        let sure = judge(&bin(0), vec![end(50.0, 0.99)], [1.0, 0.0]);
        assert_eq!((sure.count, sure.needs_look), (Some(1), None));
        let unsure = judge(&bin(0), vec![end(50.0, 0.99), end(20.0, 0.45)], [1.0, -0.5]);
        assert_eq!(unsure.count, None);
        assert!(unsure.needs_look.is_some_and(|why| why.contains("not sure of 1")));
    }

    #[test]
    fn no_more_than_fit() {
        let crowd = judge(&bin(1), vec![end(30.0, 0.99), end(70.0, 0.98)], [1.0, 0.0]);
        assert_eq!(crowd.count, Some(1));
        assert!(crowd.needs_look.is_some_and(|why| why.contains("only 1 fit")));
        assert_eq!(judge(&bin(1), Vec::new(), [1.0, 0.0]).count, Some(0));
    }
}
