//! Reading labels.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where the reader's models lie.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabelModels {
    /// Folder of the models that read labels; `make setup` fetches them [default: `labels` beside this program, else
    /// /usr/share/winecellar/labels]
    #[arg(long = "models", env = "WINECELLAR_LABEL_MODELS", value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

/// `labels …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Labels {
    /// Read the label on pictures of one bottle and print what it says
    Read {
        #[command(flatten)]
        models: LabelModels,
        /// The pictures, the front first
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Measure the reading on pictures whose wines are known by CSV files beside them (docs/LABELS.md)
    Eval {
        #[command(flatten)]
        models: LabelModels,
        /// Folder of the pictures and CSV files
        dir: PathBuf,
        /// CSV file with the columns `picture` and `vintage`: the years that can be seen on the pictures
        #[arg(long, value_name = "FILE")]
        vintages: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read the shots on stdin, each after its length, for another process of this program
    #[command(hide = true)]
    Shots {
        #[command(flatten)]
        models: LabelModels,
    },
    /// Make the shot on stdin, after its length, a photo to keep, for another process of this program
    #[command(hide = true)]
    Photo,
}
