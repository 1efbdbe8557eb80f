//! The command line: what can be asked, and the help texts.

mod catalogue;
mod labels;
mod nas;
mod sight;
mod takeover;
mod tell;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, builder::TypedValueParser as _};

pub(crate) use self::{catalogue::*, labels::*};
use crate::config;
pub(crate) use nas::*;
pub(crate) use sight::*;
pub(crate) use takeover::*;
pub(crate) use tell::*;

/// The command line. `cargo leptos watch` starts the program without a command, and means `serve`.
pub(crate) fn arguments() -> Vec<OsString> {
    let mut given: Vec<OsString> = std::env::args_os().collect();
    if given.len() == 1 && std::env::var_os("LEPTOS_SITE_ROOT").is_some() {
        given.push("serve".into());
    }
    given
}

/// The environment, as far as it is text.
pub(crate) fn environment() -> Vec<(String, String)> {
    std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?))).collect()
}

/// A wine cellar that knows what lies in it.
///
/// Serves the kiosk and the browser, keeps the cellar's book, and counts the bottles on the camera's picture of the
/// rack. What differs from the book becomes a proposal that a person decides.
#[derive(Debug, Parser)]
#[command(name = "winecellar", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// Where the program works.
    #[command(flatten)]
    pub(crate) place: Place,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed (the last line on stderr says why and what to do); 2 wrong usage;
3 the scan ended without an opinion (too dark, covered, blurred ...); 75 another scan holds the lock.";

/// Settings common to all commands, each also an environment variable.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Database: sqlite:PATH, or mysql://USER:PASSWORD@HOST/NAME for MariaDB [default: cellar.db in the data folder]
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Folder of the pictures (snapshots, cells_runtime, cells_runtime_res), on a disk of this machine
    #[arg(long, env = "WINECELLAR_DATA_DIR", global = true, default_value = "winecellar-data", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
    /// Where the NAS is mounted: snapshots, cells_runtime and cells_runtime_res are copied there [default: no NAS]
    #[arg(long, env = "WINECELLAR_NAS_DIR", global = true, value_name = "DIR", value_parser = clap::builder::OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) nas_dir: Option<PathBuf>,
    /// A counting model of your own instead of the built-in one: ONNX, with its description beside it (docs/VISION.md)
    // An empty value in an environment file means none, and is no path.
    #[arg(long, env = "WINECELLAR_MODEL", global = true, value_name = "FILE.onnx", value_parser = clap::builder::OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) model: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the app, the API (/docs) and live events
    Serve(Serve),
    /// Bring the database to this version's tables; safe to repeat
    Migrate,
    /// Fill an empty cellar with a demo: wines, a rack, its photo, and a real scan of it
    Demo(Demo),
    /// Bring in another program's cellar: CellarTracker, Vivino, or any table with a header
    Import(Import),
    /// Take over from the system that stood here before: stock, history, bins and corners (docs/TAKEOVER.md)
    Takeover(Takeover),
    /// Take the whole book out, as csv, json or a wine list to print
    Export(Export),
    /// Look at the rack: the whole scan, or one of its stages
    #[command(subcommand)]
    Stock(Stock),
    /// The NAS, a second place for the pictures
    #[command(subcommand)]
    Nas(Nas),
    /// Racks and bins as files: make, check, bring in and take out where the camera sees which bin
    #[command(subcommand)]
    Layout(Layout),
    /// Measure the counting of bottle ends, and let it learn from your answers
    #[command(subcommand)]
    Vision(Vision),
    /// Read wine labels, and measure how well
    #[command(subcommand)]
    Labels(Labels),
    /// The catalogue: lists of wines one need not own, in which labels are looked up (docs/LABELS.md)
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Work on the database as a whole
    #[command(subcommand)]
    Db(DbCommand),
    /// Save the cellar to one file, while the server runs; the file is read back before it counts
    Backup(Backup),
    /// Put a backup into an empty database, of either engine, and an empty data folder
    Restore(Restore),
    /// Check configuration, database, folders, free space, camera, model and clock, and say the cure for each
    Doctor(Doctor),
    /// Tell others what happens: test, watch over and repair what is set (docs/INTEGRATIONS.md)
    #[command(subcommand)]
    Tell(TellCommand),
    /// People who may sign in
    #[command(subcommand)]
    User(User),
    /// Tokens of programs
    #[command(subcommand)]
    Token(Token),
    /// Live years with a rendered rack in a cellar of its own: how far does the book drift, with the camera and without?
    Sim(Sim),
    /// Keep the last words of a unit that failed, for the health page
    #[command(hide = true)]
    Failed {
        /// The unit
        unit: String,
    },
    /// Print the settings as they count here, without secrets, and where each comes from; code 2 if one cannot be used
    Config {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print every route with who may use it
    Routes {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the OpenAPI document of the REST API
    Openapi,
}

/// `db …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum DbCommand {
    /// Copy the whole book into an empty database, of either engine, and compare it row by row
    Copy {
        /// The database to copy; stop the server first, or what it writes meanwhile stays behind
        #[arg(long, value_name = "URL")]
        from: String,
        /// The empty database to fill; its tables are made
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

/// `backup`
#[derive(Debug, Clone, Args)]
pub(crate) struct Backup {
    /// Save the pictures too (snapshots, cells_runtime, cells_runtime_res, references, learning, labels)
    #[arg(long)]
    pub(crate) images: bool,
    /// Folder, or file ending in .tar.gz [default: `backups` in the data folder]
    #[arg(long, env = "WINECELLAR_BACKUP_DIR", value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Then remove old backups from the folder: keep those of so many days, of 4 weeks and of 12 months
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub(crate) keep: Option<u32>,
}

/// `restore`
#[derive(Debug, Clone, Args)]
pub(crate) struct Restore {
    /// The backup
    pub(crate) file: PathBuf,
    /// The empty database to fill: sqlite:PATH or mysql://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "URL", required_unless_present = "check")]
    pub(crate) to: Option<String>,
    /// Only verify the file: counts and checksums of everything in it
    #[arg(long, conflicts_with = "to")]
    pub(crate) check: bool,
}

/// `doctor`
#[derive(Debug, Clone, Args)]
pub(crate) struct Doctor {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Leave the camera alone
    #[arg(long)]
    pub(crate) no_camera: bool,
    /// The camera that the scans use
    #[arg(long, env = "WINECELLAR_SOURCE", value_name = "SPEC")]
    pub(crate) source: Option<String>,
    /// Seconds within which the camera must give a picture
    #[arg(long, default_value_t = 15, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) deadline: u64,
    #[command(flatten)]
    pub(crate) light: Light,
    #[command(flatten)]
    pub(crate) labels: LabelReader,
    #[command(flatten)]
    pub(crate) label_models: LabelModels,
    #[command(flatten)]
    pub(crate) tls: Authority,
    /// Where the server listens
    #[arg(long, env = "WINECELLAR_ADDR", default_value = "0.0.0.0:8000", value_name = "HOST:PORT")]
    pub(crate) addr: String,
    /// Folder of the browser half
    #[arg(long, env = "WINECELLAR_SITE", value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// Folder of the backups [default: `backups` in the data folder]
    #[arg(long, env = "WINECELLAR_BACKUP_DIR", value_name = "DIR")]
    pub(crate) backup_dir: Option<PathBuf>,
}

/// `serve`
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on
    #[arg(long, env = "WINECELLAR_ADDR", default_value = "0.0.0.0:8000", value_name = "HOST:PORT", value_parser = config::address)]
    pub(crate) addr: std::net::SocketAddr,
    /// Folder of the browser half [default: `site` beside this program, else /usr/share/winecellar/site]
    #[arg(long, env = "WINECELLAR_SITE", value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// Set by `cargo leptos watch`: the folder of the browser half, with plain names
    #[arg(long, env = "LEPTOS_SITE_ROOT", hide = true)]
    pub(crate) leptos_site_root: Option<PathBuf>,
    /// What "scan now" looks at [default: the demo photo, where there is one]
    #[arg(long, env = "WINECELLAR_SOURCE", value_name = "SPEC")]
    pub(crate) source: Option<String>,
    /// Folder of the backups, for the health page [default: `backups` in the data folder]
    #[arg(long, env = "WINECELLAR_BACKUP_DIR", value_name = "DIR")]
    pub(crate) backup_dir: Option<PathBuf>,
    /// Whether a connection from this machine itself is the screen beside the rack, which needs no sign-in
    #[arg(long, env = "WINECELLAR_TRUST_LOOPBACK", default_value_t = true, action = clap::ArgAction::Set, value_name = "true|false")]
    pub(crate) trust_loopback: bool,
    #[command(flatten)]
    pub(crate) tell: Tell,
    #[command(flatten)]
    pub(crate) lanes: Lanes,
    #[command(flatten)]
    pub(crate) labels: LabelReader,
}

/// `import`
#[derive(Debug, Clone, Args)]
pub(crate) struct Import {
    /// The file: CSV, semicolon or tab separated, UTF-8, UTF-16 or Windows-1252; or a JSON export of this program
    #[arg(required_unless_present_any = ["undo", "list"])]
    pub(crate) file: Option<PathBuf>,
    /// Which column is what: "Weingut=producer,Wein=name" or a file plain.toml of lines `producer = "Weingut"`
    #[arg(long, value_name = "COLUMN=FIELD,... | FILE.toml")]
    pub(crate) map: Option<String>,
    /// Currency of prices that bear none, such as EUR
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Say line by line what would happen, and change nothing
    #[arg(long)]
    pub(crate) preview: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Take an import back
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "list", "preview"])]
    pub(crate) undo: Option<String>,
    /// Name the imports that were made
    #[arg(long, conflicts_with = "file")]
    pub(crate) list: bool,
}

/// `export`
#[derive(Debug, Clone, Args)]
pub(crate) struct Export {
    /// csv (one line per bottle), json (all of the book, can be imported again) or pdf (a wine list to print)
    pub(crate) format: ExportFormat,
    /// The file to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What `export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// One line per bottle.
    Csv,
    /// The whole book.
    Json,
    /// A wine list to print.
    Pdf,
}

/// `demo`
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Demo {
    /// Leave a cellar that holds anything as it is, without an error
    #[arg(long)]
    pub(crate) if_empty: bool,
    /// Only render a picture
    #[command(subcommand)]
    pub(crate) command: Option<DemoCommand>,
}

/// `demo …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum DemoCommand {
    /// Render the demo rack's photo, with bottles taken away or moved if wanted
    Photo {
        /// Bin and number of bottles to leave out, such as 03_03=1; may be repeated
        #[arg(long, value_name = "BIN=N")]
        without: Vec<String>,
        /// A bottle that lies in another bin, such as 03_03=04_01; may be repeated
        #[arg(long, value_name = "BIN=BIN")]
        moved: Vec<String>,
        /// The JPEG file to write
        out: PathBuf,
    },
}

/// `user …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum User {
    /// Enter a person; the password is asked for, or read from stdin
    Add {
        /// Name in the history
        name: String,
        /// kiosk, member or admin
        #[arg(long, default_value = "member")]
        role: models::user::Role,
    },
    /// List people
    List,
    /// Set a password, asked for or read from stdin; ends the person's sessions
    Password {
        /// Whose
        name: String,
    },
    /// Keep a person from signing in; ends the person's sessions
    Disable {
        /// Whom
        name: String,
    },
    /// Let a person sign in again
    Enable {
        /// Whom
        name: String,
    },
}

/// `token …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is printed once, on stdout
    Create {
        /// What it is for
        name: String,
        /// kiosk, member, admin or worker
        #[arg(long, default_value = "worker")]
        role: models::user::Role,
        /// What of its role it may do, such as "read,stock" [default: all]
        #[arg(long, default_value = "", hide_default_value = true)]
        scopes: String,
        /// Days until it ends by itself [default: never]
        #[arg(long)]
        days: Option<i64>,
    },
    /// List tokens
    List,
    /// End a token for good
    Revoke {
        /// Its id, from `token list`
        id: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
