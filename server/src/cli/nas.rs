//! The NAS, and room on the disks.

use clap::{Args, Subcommand};

/// `nas …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Nas {
    /// Mark the folder named by WINECELLAR_NAS_DIR as the NAS; once, while it is mounted
    Init {
        /// Mark it although it lies on the disk of the data folder
        #[arg(long)]
        same_disk: bool,
    },
    /// Copy to the NAS what it lacks: snapshots, cells_runtime, cells_runtime_res; each file is read back
    Sync {
        /// Compare also what is known to be there
        #[arg(long)]
        verify: bool,
        /// Seconds that one step may take
        #[arg(long, default_value_t = crate::nas::deadline::STEP.as_secs(), value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
        deadline: u64,
    },
    /// Say how the last sync went and what waits
    Status,
    /// Write one of its files to stdout, for the server
    #[command(hide = true)]
    Fetch {
        /// Its path below the folder
        name: String,
    },
}

/// `stock tidy`
#[derive(Debug, Clone, Args)]
pub(crate) struct Tidy {
    /// Remove pictures of scans that are older than so many days; with a NAS only what it has [default: keep all]
    #[arg(long, env = "WINECELLAR_KEEP_DAYS", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) keep_days: Option<u32>,
    /// Keep so much room free, in MB: the oldest scans go first, the newest good one never
    #[arg(long, env = "WINECELLAR_KEEP_FREE_MB", default_value_t = 500, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) keep_free_mb: u64,
    /// Remove pictures from the NAS that are older than so many days [default: keep all]
    #[arg(long, env = "WINECELLAR_NAS_KEEP_DAYS", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) nas_keep_days: Option<u32>,
}
