//! The project's own checks: `cargo xtask tidy`.

mod docs;
mod files;
mod migrations;
mod sources;
mod words;

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some("tidy") {
        eprintln!("usage: cargo xtask tidy");
        return ExitCode::from(2);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match findings(root) {
        Ok(found) if found.is_empty() => {
            println!("tidy");
            ExitCode::SUCCESS
        }
        Ok(found) => {
            found.iter().for_each(|line| eprintln!("{line}"));
            eprintln!("{} finding(s)", found.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("tidy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn findings(root: &Path) -> anyhow::Result<Vec<String>> {
    let files = files::below(root)?;
    let mut found = sources::check(&files);
    found.extend(migrations::check(&files));
    found.extend(words::check(&files));
    found.extend(docs::check(root)?);
    Ok(found)
}
