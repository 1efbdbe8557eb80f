//! The local reader: PP-OCR's two small networks, run here. One finds the lines, the other reads each.

mod alphabet;
mod crop;
mod curve;
mod detect;
mod network;
mod recognise;
mod region;

pub(crate) use crop::mixed;

use std::path::{Path, PathBuf};

use image::RgbImage;
use rayon::prelude::*;

use crate::{
    line::{Line, MOST_LINES, top_down},
    reader::{ReadError, Reader},
};
use detect::Detector;
use recognise::Recogniser;

/// A line that is read with less is no text.
const LEAST_CONFIDENCE: f32 = 0.5;

/// Reads by the models in a folder: `PP-OCRv6_det_small.onnx` and `PP-OCRv6_rec_small.onnx`.
pub struct LocalReader {
    detector: Detector,
    recogniser: Recogniser,
}

/// The model that finds lines, and the one that reads them.
const FILES: [&str; 2] = ["PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"];

impl LocalReader {
    /// Loads the models.
    ///
    /// # Errors
    /// When a file is missing or is no such model.
    pub fn open(folder: &Path) -> Result<Self, ReadError> {
        let [detector, recogniser] = FILES.map(|name| folder.join(name));
        Ok(Self { detector: Detector::open(&detector)?, recogniser: Recogniser::open(&recogniser)? })
    }

    /// Whether the models lie in the folder.
    #[must_use]
    pub fn lies_in(folder: &Path) -> bool {
        FILES.iter().all(|name| folder.join(name).is_file())
    }

    /// The first of some folders that has the models.
    #[must_use]
    pub fn find(folders: &[PathBuf]) -> Option<&Path> {
        folders.iter().map(PathBuf::as_path).find(|folder| Self::lies_in(folder))
    }
}

impl Reader for LocalReader {
    fn read(&self, picture: &RgbImage) -> Result<Vec<Line>, ReadError> {
        let mut regions = self.detector.find(picture)?;
        // The largest letters first, where there are too many: they are the wine's name.
        regions.sort_by(|a, b| b.height().total_cmp(&a.height()));
        regions.truncate(MOST_LINES);
        let read = regions.par_iter().map(|region| self.recogniser.read(picture, region));
        let mut lines: Vec<Line> = read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        lines.retain(|line| line.confidence >= LEAST_CONFIDENCE && line.text.chars().any(char::is_alphanumeric));
        top_down(&mut lines);
        Ok(lines)
    }

    fn name(&self) -> &'static str {
        "local (PP-OCRv6 small)"
    }
}
