//! How many ends are really there, how sure that is, and when to say nothing.

use super::peaks::{Peak, log_odds, sigmoid};
use super::{BinReading, End};
use crate::geometry::{contains, distance_to_outline};
use crate::layout::BinShape;
use plan::packing;

/// A peak from here on is taken for a bottle.
const ACCEPT: f64 = 0.5;
/// Below this calibrated probability of an exact count the detector has no opinion.
pub const MIN_CONFIDENCE: f64 = 0.55;
/// With raw log-odds below these (a peak between 10 and 90 %) the first look is in doubt, and the mirror image is asked too.
pub const DOUBT: f64 = 2.2;
/// So much of their radius may ends lack when they are packed into the outline: it is drawn roughly, and a camera that
/// stands aside sees ends before the bin's front overlap.
const TIGHT: f64 = 0.8;
/// An end whose middle lies outside the outline by more than this share of its radius is the neighbour's.
const BEYOND: f64 = 0.25;

/// What a bin without a single doubtful place is worth.
const CLEAR: f64 = 4.0;

/// How far the most doubtful peak lies from the bar, in log-odds; [`CLEAR`] at most. An exact count hangs on that one
/// peak: on held-out pictures this tells exact counts from others better than the product of all peaks' probabilities.
pub fn raw_log_odds<'a>(peaks: impl IntoIterator<Item = &'a End>) -> f64 {
    peaks.into_iter().map(|end| log_odds(end.confidence).abs()).fold(CLEAR, f64::min)
}

/// An end lies where one lay if their middles are no further apart than this share of the larger radius.
const STAYS: f64 = 0.5;

fn lies_at(end: &End, [x, y, r]: &[f64; 3]) -> bool {
    (x - end.x).hypot(y - end.y) < STAYS * r.max(end.r)
}

/// [`super::Detector::sure_of_change`].
pub(super) fn sure_of_change(reading: &BinReading, before: &[[f64; 3]], calibration: [f64; 2]) -> f64 {
    let stays = |end: &End| before.iter().any(|place| lies_at(end, place));
    let odds = raw_log_odds(reading.ends.iter().filter(|end| !stays(end))).min(reading.others);
    sigmoid(calibration[0] * odds + calibration[1]).max(reading.confidence)
}

/// Those of the places at which no end is seen.
pub(super) fn missed(reading: &BinReading, before: &[[f64; 3]]) -> Vec<[f64; 3]> {
    before.iter().filter(|place| !reading.ends.iter().any(|end| lies_at(end, place))).copied().collect()
}

/// The reading of a bin in which a closer look saw what it misses: no opinion, and nothing about it is sure.
pub(super) fn of_two_minds(reading: &mut BinReading, closer: usize) {
    let seen = reading.ends.len();
    reading.needs_look = Some(format!("counted {seen}, and {closer} when looked at closer"));
    (reading.count, reading.others) = (None, 0.0);
    reading.confidence = reading.confidence.min(0.5);
}

/// Drops what belongs to the neighbours: the network sees beyond the outline.
pub(super) fn within(bin: &BinShape, mut peaks: Vec<Peak>) -> Vec<Peak> {
    peaks.retain(|peak| {
        let at = [peak.end.x, peak.end.y];
        contains(&bin.polygon, at) || distance_to_outline(&bin.polygon, at) < BEYOND * peak.end.r
    });
    peaks
}

/// The raw log-odds of a bin's count.
pub(super) fn odds(peaks: &[Peak]) -> f64 {
    raw_log_odds(peaks.iter().map(|peak| &peak.end))
}

/// The peaks that are taken for bottles.
pub(super) fn accepted(peaks: &[Peak]) -> impl Iterator<Item = &Peak> {
    peaks.iter().filter(|peak| peak.end.confidence >= ACCEPT)
}

/// Turns peaks (surest first, within the bin) into a reading.
pub(super) fn judge(bin: &BinShape, peaks: &[Peak], calibration: [f64; 2]) -> BinReading {
    let confidence = sigmoid(calibration[0] * odds(peaks) + calibration[1]);
    let mut ends: Vec<End> = accepted(peaks).map(|peak| peak.end.clone()).collect();
    let seen = ends.len();
    ends.truncate(room(bin, &ends));
    let count = ends.len() as u32;
    let needs_look = if confidence < MIN_CONFIDENCE {
        Some(format!("not sure of {count} ({} %)", (confidence * 100.0).round()))
    } else if ends.len() < seen {
        Some(format!("saw {seen} ends, but only {count} fit"))
    } else {
        too_many(bin, count)
    };
    let sure = confidence >= MIN_CONFIDENCE;
    // Ends that do not fit are as doubtful as can be: one of those that were kept may be the false one.
    let others = if ends.len() < seen { 0.0 } else { raw_log_odds(peaks[seen..].iter().map(|peak| &peak.end)) };
    BinReading { id: bin.id.clone(), count: sure.then_some(count), confidence, needs_look, ends, others }
}

/// How many such ends the outline has room for, at least 1.
fn room(bin: &BinShape, ends: &[End]) -> usize {
    let mean = ends.iter().map(|end| end.r).sum::<f64>() / ends.len().max(1) as f64;
    if ends.len() < 2 { ends.len() } else { (packing::capacity(&bin.polygon, TIGHT * mean) as usize).max(1) }
}

/// A reading of a classifier, which sees no single ends.
pub(super) fn judge_class(bin: &BinShape, count: u32, log_odds: f64, calibration: [f64; 2]) -> BinReading {
    let confidence = sigmoid(calibration[0] * log_odds + calibration[1]);
    let sure = confidence >= MIN_CONFIDENCE;
    let needs_look = if sure {
        too_many(bin, count)
    } else {
        Some(format!("not sure of {count} ({} %)", (confidence * 100.0).round()))
    };
    BinReading {
        id: bin.id.clone(),
        count: sure.then_some(count),
        confidence,
        needs_look,
        ends: Vec::new(),
        others: 0.0,
    }
}

fn too_many(bin: &BinShape, count: u32) -> Option<String> {
    (bin.capacity > 0 && count > bin.capacity).then(|| format!("saw {count} ends in a bin for {}", bin.capacity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rectangle;

    fn peak(x: f64, confidence: f64) -> Peak {
        let logit = super::super::peaks::log_odds(confidence);
        Peak { end: End::new(x, 50.0, 40.0, confidence), logit, features: Vec::new() }
    }

    fn bin(capacity: u32) -> BinShape {
        BinShape { id: "a".into(), polygon: rectangle(100.0, 100.0).to_vec(), capacity }
    }

    #[test]
    fn doubt_means_no_opinion() {
        let sure = judge(&bin(0), &[peak(50.0, 0.99)], [1.0, 0.0]);
        assert_eq!((sure.count, sure.needs_look), (Some(1), None));
        let unsure = judge(&bin(0), &[peak(50.0, 0.99), peak(20.0, 0.45)], [1.0, -0.5]);
        assert_eq!(unsure.count, None);
        assert!(unsure.needs_look.is_some_and(|why| why.contains("not sure of 1")));
        let class = judge_class(&bin(2), 3, 4.0, [1.0, 0.0]);
        assert!(class.count == Some(3) && class.needs_look.is_some_and(|why| why.contains("for 2")));
    }

    #[test]
    fn an_end_that_is_no_longer_seen_is_missed_and_two_counts_are_no_opinion() {
        let mut seen = judge(&bin(2), &[peak(50.0, 0.99)], [1.0, 0.0]);
        assert!(missed(&seen, &[[52.0, 50.0, 40.0]]).is_empty() && missed(&seen, &[]).is_empty());
        assert_eq!(missed(&seen, &[[52.0, 50.0, 40.0], [90.0, 50.0, 12.0]]), [[90.0, 50.0, 12.0]]);
        of_two_minds(&mut seen, 2);
        assert_eq!((seen.count, seen.ends.len()), (None, 1));
        assert!(sure_of_change(&seen, &[[52.0, 50.0, 40.0]], [2.0, 0.0]) < 0.55);
        assert!(seen.needs_look.is_some_and(|why| why.contains("counted 1, and 2")));
    }

    #[test]
    fn what_lies_where_it_lay_is_no_doubt_about_what_has_changed() {
        let calibration = [1.0, 0.0];
        let small = |x: f64, confidence: f64| {
            let peak = peak(x, confidence);
            Peak { end: End { r: 12.0, ..peak.end }, ..peak }
        };
        let same = |a: f64, b: f64| (a - b).abs() < 1e-9;
        // Three lay there, the middle one is faint, the last is gone.
        let seen = judge(&bin(0), &[small(10.0, 0.97), small(50.0, 0.7)], calibration);
        let before = [10.0, 52.0, 90.0].map(|x| [x, 50.0, 12.0]);
        let sure = sure_of_change(&seen, &before, calibration);
        assert!(seen.confidence < 0.75 && sure > 0.95, "{} {sure}", seen.confidence);
        // A faint end where none lay may be none, and a faint place where one lay may be one.
        assert!(same(sure_of_change(&seen, &before[..1], calibration), seen.confidence));
        let gone = judge(&bin(0), &[small(10.0, 0.97), small(90.0, 0.3)], calibration);
        assert!(same(sure_of_change(&gone, &before, calibration), gone.confidence));
        // What does not fit was not counted either.
        let crowd = judge(&bin(0), &[peak(30.0, 0.99), peak(70.0, 0.8)], calibration);
        assert!(same(sure_of_change(&crowd, &[[30.0, 50.0, 40.0], [70.0, 50.0, 40.0]], calibration), crowd.confidence));
    }

    #[test]
    fn no_more_than_fit_and_none_of_the_neighbours() {
        let crowd = judge(&bin(1), &[peak(30.0, 0.99), peak(70.0, 0.98)], [1.0, 0.0]);
        assert_eq!(crowd.count, Some(1));
        assert!(crowd.needs_look.is_some_and(|why| why.contains("only 1 fit")));
        assert_eq!(judge(&bin(1), &[], [1.0, 0.0]).count, Some(0));
        assert_eq!(within(&bin(1), vec![peak(-5.0, 0.9), peak(-15.0, 0.9), peak(140.0, 0.9)]).len(), 1);
    }
}
