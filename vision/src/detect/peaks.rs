//! From a heat map to bottle ends in the straightened picture.

use super::End;
use super::engine::{Answer, ModelError};
use super::framing::Framing;

/// Peaks below this probability are not even doubts.
const FLOOR: f64 = 0.08;
/// The network speaks of radii as multiples of this many canvas pixels.
const RADIUS_UNIT: f64 = 8.0;
/// Planes of a heat map: centre logit, log of radius, shift to the right, shift downwards.
const PLANES: usize = 4;
/// Peaks of one canvas that are looked at, the surest first: more than ends that any bin shows.
const MOST_PEAKS: usize = 500;
/// Longest list of features for one cell.
const MOST_FEATURES: usize = 512;

/// A place where the network sees an end, or doubts.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// Place and size in straightened pixels; its confidence is that of `logit`.
    pub end: End,
    /// Log-odds that this is an end.
    pub logit: f64,
    /// The network's features in this cell; empty if it gives none.
    pub features: Vec<f32>,
}

/// A heat map, and the features it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Cells to the right.
    pub width: usize,
    /// Cells downwards.
    pub height: usize,
    /// [`PLANES`] planes.
    ends: Vec<f32>,
    /// As many planes as there are features; may be none.
    features: Vec<f32>,
}

impl HeatMap {
    /// Reads a network's answers; `canvas` is the width and height in pixels of what it was shown.
    pub fn new(answers: Vec<Answer>, canvas: [usize; 2]) -> Result<Self, ModelError> {
        let mut answers = answers.into_iter();
        let ends = answers.next().ok_or_else(|| ModelError::Run("it gives no heat map".into()))?;
        let [height, width] = match ends.shape[..] {
            [1, PLANES, h, w] if h > 0 && w > 0 && canvas[1] % h == 0 && canvas[0] * h == canvas[1] * w => [h, w],
            _ => {
                let [w, h] = canvas;
                let seen = ends.shape;
                return Err(ModelError::Refused(format!(
                    "a heat map of a {w}×{h} picture must have the shape 1×4×(h/s)×(w/s), and has {seen:?}"
                )));
            }
        };
        let features = match answers.next() {
            None => Vec::new(),
            Some(answer) => match answer.shape[..] {
                [1, n, h, w] if [h, w] == [height, width] && n <= MOST_FEATURES => answer.values,
                _ => {
                    let seen = answer.shape;
                    return Err(ModelError::Refused(format!(
                        "features must have the shape 1×n×{height}×{width}, and have {seen:?}"
                    )));
                }
            },
        };
        Ok(Self { width, height, ends: ends.values, features })
    }

    /// The mean of this and of the answer to the mirror image: what the network sees from both sides is an end, what it
    /// sees from one only becomes a doubt.
    pub fn with_mirrored(mut self, other: &Self) -> Self {
        if [self.width, self.height, self.features.len()] != [other.width, other.height, other.features.len()] {
            return self;
        }
        let (width, plane) = (self.width, self.width * self.height);
        let back = |i: usize| i - i % width + (width - 1 - i % width);
        for (i, mine) in self.ends.iter_mut().enumerate() {
            // Plane 2 is the shift to the right, which the mirror has made one to the left.
            let its = if i / plane == 2 { -other.ends[back(i)] } else { other.ends[back(i)] };
            *mine = (*mine + its) / 2.0;
        }
        for (i, mine) in self.features.iter_mut().enumerate() {
            *mine = (*mine + other.features[back(i)]) / 2.0;
        }
        self
    }

    /// How many features each cell has.
    pub fn depth(&self) -> usize {
        self.features.len() / (self.width * self.height)
    }

    /// The features of one cell.
    pub fn features_at(&self, x: usize, y: usize) -> Vec<f32> {
        let plane = self.width * self.height;
        (0..self.depth()).map(|p| self.features[p * plane + y * self.width + x]).collect()
    }

    /// All peaks, doubtful ones included, surest first; of those that cover each other only the surest.
    pub fn peaks(&self, framing: &Framing) -> Vec<Peak> {
        let plane = self.width * self.height;
        let cell = framing.width as f64 / self.width as f64;
        let mut found = Vec::new();
        let cells = (0..plane).filter(|i| sigmoid(f64::from(self.ends[*i])) >= FLOOR);
        let mut cells: Vec<usize> = cells.filter(|i| self.is_peak(i % self.width, i / self.width)).collect();
        cells.sort_by(|a, b| self.ends[*b].total_cmp(&self.ends[*a]));
        cells.truncate(MOST_PEAKS);
        for i in cells {
            let (x, y) = (i % self.width, i / self.width);
            let logit = f64::from(self.ends[i]);
            let shift = |p: usize| f64::from(self.ends[p * plane + i]).clamp(-1.5, 1.5);
            let radius = f64::from(self.ends[plane + i]).clamp(-3.0, 2.6).exp() * RADIUS_UNIT;
            let at = [(x as f64 + 0.5 + shift(2)) * cell, (y as f64 + 0.5 + shift(3)) * cell];
            let [px, py] = framing.outwards(at);
            let end = End::new(px, py, radius / framing.scale(), sigmoid(logit));
            found.push(Peak { end, logit, features: self.features_at(x, y) });
        }
        suppress(found)
    }

    fn is_peak(&self, x: usize, y: usize) -> bool {
        let here = y * self.width + x;
        for ny in y.saturating_sub(1)..(y + 2).min(self.height) {
            for nx in x.saturating_sub(1)..(x + 2).min(self.width) {
                let there = ny * self.width + nx;
                // Of two equal neighbours the first one counts.
                if self.ends[there] > self.ends[here] || (self.ends[there] == self.ends[here] && there < here) {
                    return false;
                }
            }
        }
        true
    }
}

/// Log-odds to probability.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Probability to log-odds, at most about ±14.
pub fn log_odds(p: f64) -> f64 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// Keeps of ends that cover each other only the surest. The result begins with the surest.
pub(super) fn suppress(mut peaks: Vec<Peak>) -> Vec<Peak> {
    peaks.sort_by(|a, b| b.logit.total_cmp(&a.logit));
    let mut kept: Vec<Peak> = Vec::new();
    for peak in peaks {
        let end = &peak.end;
        let covered = |k: &Peak| (k.end.x - end.x).hypot(k.end.y - end.y) < 0.62 * k.end.r.max(end.r);
        if !kept.iter().any(covered) {
            kept.push(peak);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framing(width: usize, height: usize) -> Framing {
        Framing { left: 100.0, top: 50.0, zoom: [0.5; 2], width, height, used: [width, height] }
    }

    fn map(width: usize, height: usize, values: Vec<f32>) -> HeatMap {
        let answer = Answer { shape: vec![1, 4, height, width], values };
        HeatMap::new(vec![answer], [4 * width, 4 * height]).expect("a heat map")
    }

    #[test]
    fn finds_places_and_drops_doubles() {
        let (w, h) = (32, 24);
        let mut values = vec![-9.0; w * h];
        values.extend(vec![0.0; 3 * w * h]);
        values[5 * w + 9] = 3.0;
        values[5 * w + 10] = 2.0;
        let peaks = map(w, h, values).peaks(&framing(128, 96));
        assert_eq!(peaks.len(), 1);
        let end = &peaks[0].end;
        assert!((end.x - 176.0).abs() < 1e-9 && (end.y - 94.0).abs() < 1e-9 && (end.r - 16.0).abs() < 1e-9);
        let mut twin = peaks[0].clone();
        twin.end.x = 180.0;
        twin.logit = 0.0;
        assert_eq!(suppress(vec![twin, peaks[0].clone()]), peaks);
    }

    #[test]
    fn the_mirror_is_turned_back() {
        let (w, h) = (8, 8);
        let mut values = vec![-9.0; w * h];
        values.extend(vec![0.0; 3 * w * h]);
        let mut mirrored = values.clone();
        values[3 * w + 1] = 4.0;
        values[2 * w * h + 3 * w + 1] = 0.5;
        mirrored[3 * w + 6] = 2.0;
        mirrored[2 * w * h + 3 * w + 6] = -0.25;
        let both = map(w, h, values).with_mirrored(&map(w, h, mirrored));
        let peaks = both.peaks(&framing(32, 32));
        assert_eq!((peaks.len(), peaks[0].logit), (1, 3.0));
        assert!((peaks[0].end.x - (100.0 + (1.5 + 0.375) * 8.0)).abs() < 1e-6);
    }

    #[test]
    fn wrong_shapes_are_refused() {
        let of = |shape: &[usize]| {
            let answer = Answer { shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] };
            HeatMap::new(vec![answer], [64, 32])
        };
        assert!(of(&[1, 4, 8, 16]).is_ok() && of(&[1, 4, 4, 8]).is_ok());
        for shape in [&[1, 3, 8, 16][..], &[1, 4, 8, 8], &[4, 8, 16], &[1, 4, 0, 0], &[2, 4, 8, 16]] {
            assert!(of(shape).expect_err("refused").to_string().contains("1×4"), "{shape:?}");
        }
    }

    proptest! {
        #[test]
        fn any_numbers_give_bounded_ends(values in prop::collection::vec(-1e6f32..1e6, 4 * 8 * 8)) {
            let peaks = map(8, 8, values).peaks(&framing(32, 32));
            prop_assert!(peaks.len() <= 16);
            for peak in peaks {
                let end = peak.end;
                prop_assert!(end.r > 0.0 && end.r < 300.0 && (60.0..210.0).contains(&end.x) && (10.0..160.0).contains(&end.y));
                prop_assert!((FLOOR..=1.0).contains(&end.confidence));
            }
        }
    }
}
