//! Reading labels.

use std::path::PathBuf;

use clap::{Args, Subcommand, builder::TypedValueParser as _};

use super::Authority;

/// Where the reader's models lie.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabelModels {
    /// Folder of the models that read labels; `make setup` fetches them [default: `labels` beside this program, else
    /// /usr/share/winecellar/labels]
    #[arg(long = "models", env = "WINECELLAR_LABEL_MODELS", value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

/// Who reads labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Reads {
    /// This machine; nothing leaves it.
    Local,
    /// Google Cloud Vision: the photos are sent there.
    Google,
    /// Nobody: labels are typed.
    None,
}

/// Who reads labels, and what Google's reader needs.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabelReader {
    /// Who reads labels: local (this machine), google (Google Cloud Vision; each photo is sent there), or none
    #[arg(long = "label-reader", env = "WINECELLAR_LABEL_READER", default_value = "local", value_name = "WHO")]
    pub(crate) reads: Reads,
    /// For google: the JSON file with a service account's key. It alone switches nothing on
    // An empty value in an environment file means none, and is no path.
    #[arg(long, env = "GOOGLE_APPLICATION_CREDENTIALS", value_name = "FILE", value_parser = clap::builder::OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) google_key: Option<PathBuf>,
    /// For google: where the photos go, https:// (http:// on this machine itself only)
    #[arg(
        long,
        env = "WINECELLAR_VISION_URL",
        default_value = "https://vision.googleapis.com/v1/images:annotate",
        value_name = "URL"
    )]
    pub(crate) vision_url: String,
    /// For google: most photos that are sent a day; each costs, after the first 1,000 of a month
    #[arg(long, env = "WINECELLAR_VISION_DAILY", default_value_t = 30, value_name = "PHOTOS", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) vision_daily: u32,
    /// For google: seconds within which it must answer
    #[arg(long, env = "WINECELLAR_VISION_WAIT", default_value_t = 20, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) vision_wait: u32,
}

impl LabelReader {
    /// The key's file, if one is named.
    pub(crate) fn key_file(&self) -> Option<PathBuf> {
        self.google_key.clone().filter(|path| !path.as_os_str().is_empty())
    }
}

/// By whom a command has labels read.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReadBy {
    /// The local models.
    #[command(flatten)]
    pub(crate) models: LabelModels,
    /// Who reads.
    #[command(flatten)]
    pub(crate) reader: LabelReader,
    /// Whom TLS trusts.
    #[command(flatten)]
    pub(crate) tls: Authority,
}

/// `labels …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Labels {
    /// Read the label on pictures of one bottle and print what it says
    Read {
        #[command(flatten)]
        by: ReadBy,
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
        by: ReadBy,
        /// Folder of the pictures and CSV files
        dir: PathBuf,
        /// CSV file with the columns `picture` and `vintage`: the years that can be seen on the pictures
        #[arg(long, value_name = "FILE")]
        vintages: Option<PathBuf>,
        /// Lay the pictures around a bottle first: degrees that they span of it to both sides, 0 to 80
        #[arg(long, default_value_t = 0, value_name = "DEGREES", value_parser = clap::value_parser!(u8).range(0..=80))]
        bent: u8,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read the shots on stdin, each after its length, for another process of this program
    #[command(hide = true)]
    Shots {
        #[command(flatten)]
        models: LabelModels,
        /// Only make of them what may be sent to another machine
        #[arg(long)]
        clean: bool,
        /// Only read codes on them
        #[arg(long, conflicts_with = "clean")]
        codes: bool,
    },
}
