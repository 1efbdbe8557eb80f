//! Exit codes, one table, documented in `winecellar --help`.

use std::process::ExitCode;

use models::db::DbError;

/// How a command ended, where it is not simply done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    /// The picture could not be trusted.
    #[error("no opinion: {0}")]
    NoOpinion(String),
    /// Another scan is running.
    #[error("another scan is running: {0}. Wait for it to end, or see who it is with `ps`.")]
    Busy(String),
    /// What was asked for cannot be read; the text says how to write it.
    #[error("{0}")]
    Usage(String),
}

/// Prints the error, if any, and gives the exit code.
pub(crate) fn report(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    // `{:#}` prints the chain of causes on one line: the journal keeps it together.
    eprintln!("winecellar: {error:#}");
    match error.downcast_ref::<Ended>() {
        Some(Ended::NoOpinion(_)) => ExitCode::from(3),
        Some(Ended::Busy(_)) => ExitCode::from(75),
        Some(Ended::Usage(_)) => ExitCode::from(2),
        None if is_usage(&error) => ExitCode::from(2),
        None => ExitCode::from(1),
    }
}

/// Errors of other rooms that say that a setting cannot be read.
fn is_usage(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(DbError::Url(_))) || error.is::<vision::source::SourceError>()
}
