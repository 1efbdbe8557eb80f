//! What the program says on stdout. A reader that has seen enough (`| head`) ends the program quietly.

use std::{
    fmt::Display,
    io::{ErrorKind, Write},
};

/// Prints a line.
pub(crate) fn line(text: impl Display) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => Ok(written?),
    }
}
