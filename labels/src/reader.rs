//! What reads text from a picture, whoever does it.

use image::RgbImage;

use crate::line::Line;

/// Why a picture could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No reader is set up.
    #[error("no reader of labels is set up: {0}")]
    None(String),
    /// The model cannot be used.
    #[error("the reading model: {0}")]
    Model(String),
    /// The reader has failed on this picture.
    #[error("the label could not be read: {0}")]
    Failed(String),
}

/// Reads the lines of a picture.
pub trait Reader {
    /// The lines, from top to bottom; a picture without text has none.
    ///
    /// # Errors
    /// When the reader is not there or fails; a picture that shows nothing is no error.
    fn read(&self, picture: &RgbImage) -> Result<Vec<Line>, ReadError>;

    /// Its name, for reports.
    fn name(&self) -> &'static str;
}

/// Reads nothing: for a box where labels are typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoReader;

impl Reader for NoReader {
    fn read(&self, _: &RgbImage) -> Result<Vec<Line>, ReadError> {
        Err(ReadError::None("run `make setup`, or set WINECELLAR_LABEL_MODELS to the folder of the models".into()))
    }

    fn name(&self) -> &'static str {
        "none"
    }
}
