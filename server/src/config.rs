//! Where the program works: the data folder's places and the database.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
};

use anyhow::Context;
use models::{
    db::{Db, DbError},
    ids::RackId,
};

use crate::{cli::Place, exit::Ended, nas::Nas};

/// The data folder. It may lie on a NAS.
#[derive(Debug, Clone)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// One folder per scan: frame, rectified and annotated picture, crops, run.json.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    /// The latest crop of every bin, `<bin>.jpg`.
    pub(crate) fn cells(&self) -> PathBuf {
        self.0.join("cells_runtime")
    }

    /// The latest results: results.csv, diff_only.csv, diff_only.json, annotated.jpg, run.json.
    pub(crate) fn results(&self) -> PathBuf {
        self.0.join("cells_runtime_res")
    }

    /// What the outlines of a rack's bins looked like when they were last well seen.
    pub(crate) fn last_good(&self, rack: &RackId) -> PathBuf {
        self.results().join(format!("last_good-{rack}.json"))
    }

    /// What each rack looked like when its calibration was right: a camera's shift is measured against it.
    pub(crate) fn references(&self) -> PathBuf {
        self.0.join("references")
    }

    /// The pictures that calibrations were drawn on.
    pub(crate) fn calibrations(&self) -> PathBuf {
        self.0.join("calibrations")
    }

    /// Pictures that are being drawn on: no backup has them.
    pub(crate) fn drafts(&self) -> PathBuf {
        self.0.join("drafts")
    }

    /// The photos of labels, `<vintage>.jpg`.
    pub(crate) fn labels(&self) -> PathBuf {
        self.0.join("labels")
    }

    /// Photos of labels that were read and wait for their bottle to be received.
    pub(crate) fn label_drafts(&self) -> PathBuf {
        self.0.join("label_drafts")
    }

    /// What it takes to undo that such a photo became a vintage's.
    pub(crate) fn label_claims(&self) -> PathBuf {
        self.0.join("label_claims")
    }

    /// Files that were chosen on the import page and wait for a person's word.
    pub(crate) fn uploads(&self) -> PathBuf {
        self.0.join("uploads")
    }

    /// The working folder of the stages on their own.
    pub(crate) fn stage(&self) -> PathBuf {
        self.0.join("stage")
    }

    /// What people's answers have taught, by rack.
    pub(crate) fn learning(&self) -> PathBuf {
        self.0.join("learning")
    }

    /// The lock file that admits one scan at a time.
    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("stock.lock")
    }

    /// Where backups go unless another folder is named.
    pub(crate) fn backups(&self) -> PathBuf {
        self.0.join("backups")
    }

    /// What is known of the NAS.
    pub(crate) fn nas(&self) -> PathBuf {
        self.0.join("nas")
    }

    /// The last words of units that failed.
    pub(crate) fn failures(&self) -> PathBuf {
        self.0.join("failures")
    }

    /// How many photos of labels were sent to Google, and on which day.
    pub(crate) fn labels_sent(&self) -> PathBuf {
        self.0.join("labels_sent")
    }

    /// Room that is given back when the disk is full.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    /// A data folder for tests.
    #[cfg(test)]
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// The demo's photo.
    pub(crate) fn demo_photo(&self) -> PathBuf {
        self.0.join("demo").join("rack.jpg")
    }

    /// The folder itself, made if it is missing.
    pub(crate) fn ensure(&self) -> anyhow::Result<&Path> {
        std::fs::create_dir_all(&self.0).with_context(|| {
            format!("cannot make the data folder {}: set WINECELLAR_DATA_DIR to a writable one", self.0.display())
        })?;
        Ok(&self.0)
    }

    /// What to scan when nothing was named: the demo photo, where there is one.
    pub(crate) fn source(&self, named: Option<&str>) -> anyhow::Result<vision::source::SourceSpec> {
        match named.filter(|text| !text.trim().is_empty()) {
            Some(text) => text.parse().with_context(|| format!("--source `{text}`")),
            None if self.demo_photo().exists() => Ok(vision::source::SourceSpec::File(self.demo_photo())),
            None => {
                let why = "no camera is named: give --source SPEC or set WINECELLAR_SOURCE (forms: winecellar stock run --help)";
                Err(Ended::Usage(why.to_owned()).into())
            }
        }
    }
}

impl Place {
    /// The data folder.
    pub(crate) fn data(&self) -> DataDir {
        DataDir(self.data_dir.clone())
    }

    /// The NAS, where one is set.
    pub(crate) fn nas(&self) -> Option<Nas> {
        // An empty value in an environment file means none.
        self.nas_dir.as_deref().filter(|path| !path.as_os_str().is_empty()).map(Nas::at)
    }

    /// The database's address.
    pub(crate) fn url(&self) -> String {
        match self.database_url.as_deref().map(str::trim) {
            Some(url) if !url.is_empty() => url.to_owned(),
            _ => format!("sqlite:{}", self.data_dir.join("cellar.db").display()),
        }
    }

    /// The counting model: the user's own, or the built-in one.
    pub(crate) fn detector(&self) -> anyhow::Result<vision::detect::Detector> {
        // An empty value in an environment file means none.
        let own = self.model.as_deref().filter(|path| !path.as_os_str().is_empty());
        vision::detect::Detector::open(own).with_context(|| match own {
            Some(path) => format!("WINECELLAR_MODEL {}", path.display()),
            None => "the counting model does not run".to_owned(),
        })
    }

    /// Opens the database as it is.
    pub(crate) fn open(&self) -> anyhow::Result<Db> {
        Db::open(&self.url()).context("DATABASE_URL")
    }

    /// Opens the database and refuses one whose tables are not this version's.
    pub(crate) fn open_migrated(&self) -> anyhow::Result<Db> {
        let db = self.open()?;
        not_newer(&db)?;
        let pending = db.pending()?;
        anyhow::ensure!(
            pending == 0,
            "the database {} lacks {pending} migration(s): run `winecellar migrate` first",
            db.url_redacted()
        );
        Ok(db)
    }
}

/// Brings the tables to this version; those of a newer version are refused and left alone. Gives how many migrations it took.
pub(crate) fn migrate(db: &Db) -> Result<usize, DbError> {
    not_newer(db)?;
    db.migrate()
}

fn not_newer(db: &Db) -> Result<(), DbError> {
    match db.schema_stamp()? {
        Some(stamp) if stamp > Db::newest_stamp() => Err(DbError::Other(format!(
            "the database {} was made by a newer winecellar (its tables are of {stamp}, this program knows them up to {}): install \
             that version again, or restore a backup of this version into another database",
            db.url_redacted(),
            Db::newest_stamp()
        ))),
        _ => Ok(()),
    }
}

/// `HOST:PORT` as an address to listen on; of a name with several addresses the first of IPv4, as `localhost` means it.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let form = "write HOST:PORT, such as 0.0.0.0:8000 or localhost:8000";
    let found: Vec<_> = text.to_socket_addrs().map_err(|error| format!("{form} ({error})"))?.collect();
    found.iter().find(|one| one.is_ipv4()).or(found.first()).copied().ok_or_else(|| format!("{form}: no such host"))
}

/// The name of this machine.
pub(crate) fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "winecellar".to_owned() } else { name.trim().to_owned() }
}

/// A time as clocks on the wall of this machine show it.
pub(crate) fn local(at: models::Instant) -> chrono::NaiveDateTime {
    at.and_utc().with_timezone(&chrono::Local).naive_local()
}

/// Now, in UTC, cut to microseconds as both databases keep it.
pub(crate) fn now() -> models::Instant {
    let now = chrono::Utc::now();
    chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now).naive_utc()
}

/// Where a folder that comes with the program may lie: where it is named, else beside the program, else the package's.
pub(crate) fn shipped(named: Option<&Path>, folder: &str) -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join(folder)));
    match named {
        Some(named) => vec![named.to_path_buf()],
        None => beside.into_iter().chain([Path::new("/usr/share/winecellar").join(folder)]).collect(),
    }
}
