//! What has to do with seeing: scans and their stages, layouts of racks, the counting model.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use models::compare::Belief;

use crate::exit::Ended;

use super::nas::Tidy;

/// `stock …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Stock {
    /// The whole scan: snapshot, rectify, crop, detect, compare; mismatches become proposals
    Run(Run),
    /// Take a clean picture: writes frame.jpg, quality.json (of the frame and of each bin) and layout.json
    Snapshot(Snapshot),
    /// Rectify frame.jpg by the four corners: writes shelf_rectified.jpg and cells_polygons.json
    Rectify(Stage),
    /// Cut shelf_rectified.jpg into one picture per bin: writes cells/<bin>.png
    Crop(Stage),
    /// Count the bottle ends in shelf_rectified.jpg: writes results.csv, results.json and annotated.jpg
    Detect(Stage),
    /// Compare results.csv with the book: writes diff_only.csv and diff_only.json; changes nothing in the book
    Compare(Stage),
    /// Clear old pictures away, by age and by room; the book keeps what was read in them
    Tidy(Tidy),
    /// Hold a camera for another process of this program, which can leave this one behind if the driver hangs
    #[command(hide = true)]
    Grab(Grab),
    /// Watch a camera for motion, for the server
    #[command(hide = true)]
    Watch(Watch),
    /// Switch the light off when the process that started this one ends, in whatever way
    #[command(hide = true)]
    Darken(Darken),
}

/// `stock grab`: what `vision::capture::Helper` passes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Grab {
    /// The camera: v4l2:/dev/videoN
    pub(crate) source: String,
    /// Pictures
    pub(crate) frames: usize,
    /// Milliseconds between two
    pub(crate) spacing: u64,
    /// Milliseconds for all
    pub(crate) deadline: u64,
}

/// `stock watch`
#[derive(Debug, Clone, Args)]
pub(crate) struct Watch {
    /// The camera; by environment, since arguments can be seen by everybody
    #[arg(long, env = "WINECELLAR_WATCH", hide_env_values = true)]
    pub(crate) source: String,
    /// Seconds between two looks
    #[arg(long, default_value_t = 2)]
    pub(crate) every: u32,
    /// Percent of one core
    #[arg(long, default_value_t = 5)]
    pub(crate) cpu: u32,
}

/// `stock darken`
#[derive(Debug, Clone, Args)]
pub(crate) struct Darken {
    /// The switch; by environment, since arguments can be seen by everybody
    #[arg(long, env = "WINECELLAR_LIGHT_OFF", hide_env_values = true)]
    pub(crate) light_off: String,
}

/// The light that is on while a picture is taken.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Light {
    /// Switch the light on before the picture: cmd:PROGRAM ARGS, http://ADDRESS [BODY] (a POST), put:http://… or get:http://…
    #[arg(long, env = "WINECELLAR_LIGHT_ON", hide_env_values = true, value_name = "SWITCH")]
    pub(crate) light_on: Option<String>,
    /// Switch it off afterwards, also when the scan fails or is killed
    #[arg(long, env = "WINECELLAR_LIGHT_OFF", hide_env_values = true, value_name = "SWITCH")]
    pub(crate) light_off: Option<String>,
    /// Seconds until the light is steady, before the deadline begins to count
    #[arg(long, env = "WINECELLAR_LIGHT_WAIT", default_value_t = 2, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=120))]
    pub(crate) light_wait: u64,
}

/// `layout …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Layout {
    /// Check a layout or a cells_polygons.json, and say what is in it
    Check {
        /// The file
        file: PathBuf,
    },
    /// Make the bins of a rack that is built by rule; a layout where the corners are given, else a cells_polygons.json
    Generate(Generate),
    /// Bring a layout or a cells_polygons.json into the book; what it changes can be undone there
    Import(LayoutImport),
    /// Take a rack out as a layout
    Export {
        /// Its name or id [default: the first]
        #[arg(long)]
        rack: Option<String>,
        /// Only the bins, as a cells_polygons.json
        #[arg(long)]
        cells: bool,
        /// The file to write [default: stdout]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// `layout generate`
#[derive(Debug, Clone, Args)]
pub(crate) struct Generate {
    /// grid, shelf, cabinet, diamond, hexagonal, x or bulk
    #[arg(long)]
    pub(crate) kind: models::bin::RackKind,
    /// Rows of bins; in diamond racks and honeycombs every row counts
    #[arg(long, default_value_t = 1)]
    pub(crate) rows: u32,
    /// Bins in the first row
    #[arg(long, default_value_t = 1)]
    pub(crate) columns: u32,
    /// Every second row is shifted by half a bin and has one less
    #[arg(long)]
    pub(crate) staggered: bool,
    /// The half diamonds at the rim are bins too
    #[arg(long)]
    pub(crate) rim: bool,
    /// What stands before the names of the bins, such as N-, for names are unique in the whole cellar
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) prefix: String,
    /// Thickness of the boards as a share of a bin's shorter side, 0 to 0.3
    #[arg(long, default_value_t = plan::lattice::USUAL_BOARD)]
    pub(crate) board: f64,
    /// Size of the straightened picture in pixels
    #[arg(long, default_value = "1600x1200", value_name = "WxH")]
    pub(crate) size: String,
    /// The rack's corners in the camera frame: top left, top right, bottom right, bottom left
    #[arg(long, value_name = "X,Y,X,Y,X,Y,X,Y", requires = "frame")]
    pub(crate) corners: Option<String>,
    /// Size of the camera frame in pixels
    #[arg(long, value_name = "WxH", requires = "corners")]
    pub(crate) frame: Option<String>,
    /// What the lens does (docs/GEOMETRY.md)
    #[arg(long, value_name = "K1,K2,P1,P2", requires = "corners", allow_hyphen_values = true)]
    pub(crate) lens: Option<String>,
    /// Width and height of the rack in millimetres
    #[arg(long, value_name = "WxH")]
    pub(crate) mm: Option<String>,
    #[command(flatten)]
    pub(crate) room: Room,
    /// The file to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// How many bottles fit into a bin.
#[derive(Debug, Clone, Args)]
pub(crate) struct Room {
    /// So many in each bin that does not say, 1 to 200
    #[arg(long, value_name = "BOTTLES", conflicts_with = "bottle_mm", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) capacity: Option<u32>,
    /// As many as fit, by the bottles' diameter in millimetres (75 to 77 for most); the rack's size must be known
    #[arg(long, value_name = "MM")]
    pub(crate) bottle_mm: Option<f64>,
}

/// `layout import`
#[derive(Debug, Clone, Args)]
pub(crate) struct LayoutImport {
    /// A layout, or a cells_polygons.json of a rack that is in the book
    pub(crate) file: PathBuf,
    /// Name or id of the rack to change [default: the first]
    #[arg(long, conflicts_with = "new")]
    pub(crate) rack: Option<String>,
    /// Enter a new rack of this name instead; the file must be a layout
    #[arg(long, value_name = "NAME")]
    pub(crate) new: Option<String>,
    #[command(flatten)]
    pub(crate) room: Room,
    /// Leave bins that are not in the file in use
    #[arg(long)]
    pub(crate) keep_others: bool,
    /// Say what would happen, and change nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

/// Where the frame comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct Camera {
    /// file:PATH, dir:PATH (a sequence of frames), v4l2:/dev/videoN[?size=WxH&format=YUYV], cmd:PROGRAM ARGS (rpicam-still -n -o - for Pi
    /// cameras), http://… (a snapshot URL), rtsp://… (through ffmpeg) [default: the demo photo, where there is one]
    #[arg(long, env = "WINECELLAR_SOURCE", value_name = "SPEC")]
    pub(crate) source: Option<String>,
    /// The rack it faces, by name or id [default: the cellar's first]
    #[arg(long, env = "WINECELLAR_RACK", value_name = "NAME")]
    pub(crate) rack: Option<String>,
    /// Seconds within which the picture must have come, 1 to 600
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) deadline: u64,
    #[command(flatten)]
    pub(crate) light: Light,
}

/// `stock run`
#[derive(Debug, Clone, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) camera: Camera,
    #[command(flatten)]
    pub(crate) doubt: Doubt,
    /// Learn from people's answers after the scan, as `winecellar vision learn` does
    #[arg(long, env = "WINECELLAR_LEARN", default_value_t = false, action = clap::ArgAction::Set, num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub(crate) learn: bool,
    /// Print the outcome as one JSON document on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

/// When a count is believed against the book.
#[derive(Debug, Clone, Args)]
pub(crate) struct Doubt {
    /// How often in a row a change must be seen before it is asked about, 1 to 10 [default: 2]
    #[arg(long, env = "WINECELLAR_TIMES", value_name = "N")]
    pub(crate) times: Option<usize>,
    /// How sure a reading must be to be believed at once, 0 to 1 [default: 0.85]
    #[arg(long, env = "WINECELLAR_SURE", value_name = "SHARE")]
    pub(crate) sure: Option<f64>,
    /// A question that no scan has shown again for so many days is closed, 1 to 3660 [default: 14]
    #[arg(long, env = "WINECELLAR_PROPOSAL_DAYS", value_name = "DAYS")]
    pub(crate) expire_after: Option<i64>,
}

impl Doubt {
    /// As the rules have it; what makes no sense is wrong usage, by name.
    pub(crate) fn belief(&self) -> Result<Belief, Ended> {
        let usual = Belief::default();
        let belief = Belief {
            times: self.times.unwrap_or(usual.times),
            sure: self.sure.unwrap_or(usual.sure),
            expire_after: self.expire_after.unwrap_or(usual.expire_after),
            ..usual
        };
        belief.check().map_err(|error| Ended::Usage(format!("--{}", error.to_string().replacen('_', "-", 1))))?;
        Ok(belief)
    }
}

/// `sim`
#[derive(Debug, Clone, Args)]
pub(crate) struct Sim {
    /// Folder for the cellars, the report, its table and its plot; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Days, 1 to 10000
    #[arg(long, default_value_t = 365, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) days: u32,
    /// The same seed lives the same days
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
    /// Share of answers that are wrong, 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", value_parser = share)]
    pub(crate) error: f64,
    /// Nobody touches a bottle: every question is a false alarm
    #[arg(long)]
    pub(crate) still: bool,
    /// Scan after each visit too, as motion before the rack has it done, and now and then for nothing
    #[arg(long)]
    pub(crate) motion: bool,
    /// Every so many days the bins in doubt are counted by hand, 1 to 10000
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) stocktake: Option<u32>,
    /// Where the camera could not see in the evening, whoever is told so switches the light on and has the rack scanned once more
    #[arg(long)]
    pub(crate) lamp: bool,
    #[command(flatten)]
    pub(crate) doubt: Doubt,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "write a share such as 0.02".to_owned())?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("is {share}; 0 to 1 is allowed")) }
}

/// `stock snapshot`
#[derive(Debug, Clone, Args)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(crate) camera: Camera,
    /// From now on bins count as hidden when their outlines are not seen as in this picture; for after the rack was changed.
    /// A rack that is not recognised any more is taken to be seen as calibrated
    #[arg(long)]
    pub(crate) as_good: bool,
    #[command(flatten)]
    pub(crate) stage: Stage,
}

/// A stage on its own.
#[derive(Debug, Clone, Args)]
pub(crate) struct Stage {
    /// Folder the stage reads and writes [default: `stage` in the data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// `vision …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Vision {
    /// Compare counts with a folder of photos and truth files (format: docs/VISION.md)
    Eval(Eval),
    /// Learn from the proposals that were approved, rejected or settled; keeps only what reads unseen scans better
    Learn(Learn),
    /// Measure one picture's reading: milliseconds per stage and peak memory, as one line of JSON
    Bench(Bench),
}

/// `vision eval`
#[derive(Debug, Clone, Args)]
pub(crate) struct Eval {
    /// The folder
    pub(crate) dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw readings, confusion table and worst bins into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) pictures: Option<PathBuf>,
}

/// `vision learn`
#[derive(Debug, Clone, Args)]
pub(crate) struct Learn {
    /// Only this rack, by name or id [default: all]
    #[arg(long, value_name = "RACK")]
    pub(crate) rack: Option<String>,
    /// Go back to the version before the one in use instead
    #[arg(long)]
    pub(crate) rollback: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "rollback")]
    pub(crate) json: bool,
}

/// `vision bench`
#[derive(Debug, Clone, Args)]
pub(crate) struct Bench {
    /// The camera's picture
    pub(crate) image: PathBuf,
    /// {"corners": [[x,y] x4], "rectified": [W,H], "bins": [{"id", "polygon"}]}
    pub(crate) layout: PathBuf,
    /// Tell besides how long the bins are cut out of the picture, alone and on one thread
    #[arg(long)]
    pub(crate) sampling: bool,
    /// How often it is read; the median counts
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,
}
