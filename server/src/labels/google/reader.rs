//! The service as one of the readers, for commands.

use image::RgbImage;
use labels::{Line, ReadError, Reader};
use tokio::runtime::{Builder, Runtime};

use super::{Google, Sendable};

/// Reads one picture after the other.
pub(crate) struct GoogleReader {
    google: Google,
    runtime: Runtime,
}

impl GoogleReader {
    /// The service with a runtime of its own: not for use within one.
    pub(crate) fn new(google: Google) -> std::io::Result<Self> {
        Ok(Self { google, runtime: Builder::new_current_thread().enable_all().build()? })
    }

    /// Signs in, and sends no picture.
    pub(crate) fn sign_in(&self) -> Result<(), String> {
        self.runtime.block_on(self.google.sign_in()).map_err(|refused| refused.why)
    }

    /// The service.
    pub(crate) fn google(&self) -> &Google {
        &self.google
    }
}

impl Reader for GoogleReader {
    fn read(&self, picture: &RgbImage) -> Result<Vec<Line>, ReadError> {
        let clean = labels::encode(picture).map_err(|error| ReadError::Failed(error.to_string()))?;
        let read = self.runtime.block_on(self.google.read(&[Sendable::from(clean)]));
        let pages = read.map_err(|refused| ReadError::Failed(refused.why))?;
        Ok(pages.into_iter().flat_map(|page| page.lines).collect())
    }

    fn name(&self) -> &'static str {
        "google (Cloud Vision)"
    }
}
