//! What reads text from a picture, whoever does it.

use image::RgbImage;

use crate::line::Line;

/// Why a picture could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
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
