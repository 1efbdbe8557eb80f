//! Measures the detector on photographs with truth.
//!
//! A folder holds `NAME.json` files, each naming its `image`, and `bins` with `id`, `polygon` (pixels of the
//! photograph itself), `count` (null = nobody is sure, left out) and `ends` (`[x, y, radius]`).

mod figures;
mod honesty;
mod pictures;
mod truth;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::capture::CaptureError;
use crate::detect::Detector;
use crate::layout::BinShape;
use figures::Tally;
pub use figures::{BinResult, Figures};
pub use honesty::{Calibration, Confusion, Step};
pub use truth::{Photo, TruthBin, truth};

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
        /// The field that is wrong, and the cure.
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
    /// A picture cannot be written.
    #[error("cannot write {path}: {problem}")]
    Write {
        /// The picture.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The folder holds no truth file.
    #[error("{0} holds no .json truth file")]
    Empty(PathBuf),
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
    /// Whether the confidence means what it says.
    pub calibration: Calibration,
    /// Which counts were taken for which.
    pub confusion: Confusion,
    /// The photographs, by name.
    pub photos: Vec<PhotoReport>,
    /// What could not be measured, and why.
    pub failed: Vec<String>,
}

/// Reads every photograph of a folder that has a truth file; with `pictures` also draws, into that folder, each
/// photograph with its readings (`NAME.read.jpg`), the confusion table (`confusion.png`) and the worst bins
/// (`worst.jpg`). A photograph that cannot be measured is named in the report, and the others are measured.
pub fn evaluate(detector: &Detector, folder: &Path, pictures: Option<&Path>) -> Result<Report, EvalError> {
    if let Some(out) = pictures {
        let failed = |error: std::io::Error| EvalError::Write { path: out.to_owned(), problem: error.to_string() };
        std::fs::create_dir_all(out).map_err(failed)?;
    }
    let mut all = Tally::default();
    let (mut photos, mut cases, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for file in truth::files(folder)? {
        let photo = match truth::photo(&file) {
            Ok(photo) => photo,
            Err(error) => {
                failed.push(error.to_string());
                continue;
            }
        };
        let shapes: Vec<BinShape> = photo.bins.iter().map(|bin| bin.shape.clone()).collect();
        let readings = detector.read(&photo.image, &shapes);
        let mut tally = Tally::default();
        let results: Vec<BinResult> =
            photo.bins.iter().zip(&readings).filter_map(|(bin, reading)| tally.add(bin, reading)).collect();
        if let Some(out) = pictures {
            cases.extend(pictures::of_photo(out, &photo, &readings, &results)?);
        }
        all.merge(&tally);
        photos.push(PhotoReport { image: photo.name, figures: tally.figures(), results });
    }
    let results = photos.iter().flat_map(|photo| &photo.results);
    let (calibration, confusion) =
        (honesty::calibration(results.clone(), detector.calibration()), honesty::confusion(results));
    if let Some(out) = pictures {
        pictures::worst(out, cases)?;
        pictures::confusion(out, &confusion)?;
    }
    Ok(Report { model: detector.name().to_owned(), figures: all.figures(), calibration, confusion, photos, failed })
}
