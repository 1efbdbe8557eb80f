//! Why there is no picture.

use std::path::PathBuf;

/// Why there is no picture. No message holds a password.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The source did not answer in time.
    #[error("{what} gave no picture within {seconds:.1} s")]
    Deadline {
        /// The source, without credentials.
        what: String,
        /// The time allowed, in seconds.
        seconds: f64,
    },
    /// A file or device cannot be read.
    #[error("cannot read {what}: {error}")]
    Read {
        /// File, folder or device.
        what: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// The folder holds no picture.
    #[error("{0} holds no .jpg, .jpeg, .png or .webp file")]
    EmptyFolder(PathBuf),
    /// More bytes than [`super::MAX_BYTES`].
    #[error("{0} sent more than 64 MiB for one picture")]
    TooLarge(String),
    /// The bytes are no picture, are cut off, or would unpack to an absurd size.
    #[error("the picture cannot be used: {0}")]
    Picture(String),
    /// A program could not be started, or failed.
    #[error("{problem}")]
    Program {
        /// What went wrong.
        problem: String,
        /// Whether another try may help.
        passing: bool,
    },
    /// The camera's web server refused or failed.
    #[error("{what}: {problem}")]
    Http {
        /// The address without credentials.
        what: String,
        /// What went wrong.
        problem: String,
        /// Whether another try may help.
        passing: bool,
    },
    /// A Video4Linux device is busy, unplugged or speaks no known format.
    #[error("{problem}")]
    Device {
        /// What went wrong.
        problem: String,
        /// Whether another try may help.
        passing: bool,
    },
}

impl CaptureError {
    /// Whether the same source may give a picture a moment later: a camera in use, a torn picture, a server that is busy.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Picture(_) => true,
            Self::Program { passing, .. } | Self::Http { passing, .. } | Self::Device { passing, .. } => *passing,
            Self::Deadline { .. } | Self::Read { .. } | Self::EmptyFolder(_) | Self::TooLarge(_) => false,
        }
    }
}
