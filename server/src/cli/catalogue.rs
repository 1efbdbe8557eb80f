//! The catalogue of wines that one need not own.

use std::path::PathBuf;

use clap::Subcommand;

/// `catalogue …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Bring a list of wines in: a CSV file with the columns of X-Wines, or of `export csv`; one of that name is replaced
    Import {
        /// The file
        file: PathBuf,
        /// Name of the list [default: that of the file]
        #[arg(long)]
        name: Option<String>,
    },
    /// Name the lists
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a list out; wines that were entered from it stay
    Remove {
        /// Its name
        name: String,
    },
    /// Look wines up by words of producer and name, misspelt or begun
    Search {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}
