//! Measures the detector on photographs with truth.
//!
//! A folder holds `NAME.json` files, each naming its `image`, and `bins` with `id`, `polygon` (pixels of the
//! photograph itself), `count` (null = nobody is sure, left out) and `ends` (`[x, y, radius]`).

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::capture::{CaptureError, decode};
use crate::detect::{BinReading, Detector};
use crate::geometry::Point;
use crate::layout::BinShape;

/// Why a folder cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// A truth file has another shape.
    #[error("{path} is no truth file: {problem}")]
    Truth {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A photograph cannot be decoded.
    #[error("{path}: {error}")]
    Picture {
        /// The photograph.
        path: PathBuf,
        /// Why.
        error: CaptureError,
    },
    /// The folder holds no truth file.
    #[error("{0} holds no .json truth file")]
    Empty(PathBuf),
}

#[derive(Deserialize)]
struct Truth {
    image: String,
    bins: Vec<TruthBin>,
}

#[derive(Deserialize)]
struct TruthBin {
    id: String,
    polygon: Vec<Point>,
    count: Option<u32>,
    #[serde(default)]
    ends: Vec<[f64; 3]>,
}

/// Figures over a set of bins; shares from 0 to 1, and 0 where there is nothing to share.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Bins measured.
    pub bins: u32,
    /// Share of all bins whose count is given and exact; no opinion is not exact.
    pub exact_count_accuracy: f64,
    /// F1 of "holds a bottle" over the bins with an opinion.
    pub occupancy_f1: f64,
    /// Share of the seen ends that are real, whether or not the bin got an opinion.
    pub precision: f64,
    /// Share of the real ends that were seen.
    pub recall: f64,
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
}

/// One photograph's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhotoReport {
    /// The photograph's file name.
    pub image: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Its bins.
    pub results: Vec<BinResult>,
}

/// All photographs together, and each alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Name of the network.
    pub model: String,
    /// Figures over all bins of all photographs.
    #[serde(flatten)]
    pub figures: Figures,
    /// The photographs, by name.
    pub photos: Vec<PhotoReport>,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    bins: u32,
    exact: u32,
    silent: u32,
    error: u32,
    full: [u32; 3],
    ends: [u32; 3],
}

/// Reads every photograph of a folder that has a truth file.
pub fn evaluate(detector: &Detector, folder: &Path) -> Result<Report, EvalError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| EvalError::Read { path, error }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut all = Tally::default();
    let mut photos = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(unreadable(&file))?;
        let wrong = |problem: String| EvalError::Truth { path: file.clone(), problem };
        let truth: Truth = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        if truth.image.contains(['/', '\\']) {
            return Err(wrong("image must be a file of the same folder".into()));
        }
        let path = folder.join(&truth.image);
        let bytes = std::fs::read(&path).map_err(unreadable(&path))?;
        let image = decode(&bytes).map_err(|error| EvalError::Picture { path, error })?;
        let shapes: Vec<BinShape> = truth
            .bins
            .iter()
            .map(|bin| BinShape { id: bin.id.clone(), polygon: bin.polygon.clone(), capacity: 0 })
            .collect();
        let mut tally = Tally::default();
        let readings = detector.read(&image, &shapes);
        let results = truth.bins.iter().zip(&readings).filter_map(|(bin, reading)| tally.add(bin, reading)).collect();
        all.merge(&tally);
        photos.push(PhotoReport { image: truth.image, figures: tally.figures(), results });
    }
    if photos.is_empty() {
        return Err(EvalError::Empty(folder.to_owned()));
    }
    Ok(Report { model: detector.name().to_owned(), figures: all.figures(), photos })
}

impl Tally {
    fn add(&mut self, bin: &TruthBin, reading: &BinReading) -> Option<BinResult> {
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
        let mut free = bin.ends.clone();
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
        let seen = reading.ends.len() as u32;
        Some(BinResult { id: bin.id.clone(), truth, count: reading.count, seen, confidence: reading.confidence })
    }

    fn merge(&mut self, other: &Self) {
        self.bins += other.bins;
        self.exact += other.exact;
        self.silent += other.silent;
        self.error += other.error;
        (0..3).for_each(|i| self.full[i] += other.full[i]);
        (0..3).for_each(|i| self.ends[i] += other.ends[i]);
    }

    fn figures(&self) -> Figures {
        let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
        let [hit, false_alarm, missed] = self.ends;
        let [both, only_seen, only_true] = self.full;
        Figures {
            bins: self.bins,
            exact_count_accuracy: share(self.exact, self.bins),
            occupancy_f1: share(2 * both, 2 * both + only_seen + only_true),
            precision: share(hit, hit + false_alarm),
            recall: share(hit, hit + missed),
            mae: share(self.error, self.bins - self.silent),
            no_opinion: share(self.silent, self.bins),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::End;

    #[test]
    fn counts_hits_and_silence() {
        let bin = |count| TruthBin { id: "a".into(), polygon: Vec::new(), count, ends: vec![[10.0, 10.0, 5.0]] };
        let end = |x| End { x, y: 10.0, r: 5.0, confidence: 0.9 };
        let reading = |count, ends| BinReading { id: "a".into(), count, confidence: 0.9, needs_look: None, ends };
        let mut tally = Tally::default();
        assert!(tally.add(&bin(None), &reading(Some(1), vec![])).is_none());
        tally.add(&bin(Some(1)), &reading(Some(2), vec![end(11.0), end(40.0)]));
        tally.add(&bin(Some(1)), &reading(None, vec![]));
        let figures = tally.figures();
        assert_eq!((figures.bins, figures.exact_count_accuracy, figures.no_opinion), (2, 0.0, 0.5));
        assert_eq!((figures.precision, figures.recall, figures.mae), (0.5, 0.5, 1.0));
    }
}
