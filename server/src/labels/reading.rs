//! Who reads, in what turn, and who steps in where Google does not.

use std::sync::Arc;

use chrono::Datelike;
use labels::{Label, Page, codes::Code};
use models::scanned::is_our_label;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    child::{self, DEADLINE, Task, Told},
    google::{Google, Refused, Sendable},
    pace::Pace,
    upload::Shots,
};
use crate::{
    access::Caller,
    cli::{LabelReader, Reads},
    config::{self, DataDir},
    problem::Problem,
};

/// Readings that may wait for their turn, the one that is read included.
const AT_ONCE: usize = 3;

/// What was read of a bottle.
pub(crate) struct ReadShots {
    /// The lines, shot by shot.
    pub(crate) pages: Vec<Page>,
    /// What they mean.
    pub(crate) label: Label,
    /// The codes on the shots.
    pub(crate) codes: Vec<Code>,
    /// The front as a JPEG to keep.
    pub(crate) photo: Vec<u8>,
    /// Who read: `local` or `google`.
    pub(crate) reader: &'static str,
    /// Why Google did not, where it should have.
    pub(crate) instead: Option<String>,
}

/// Reads labels: the pictures are decoded by child processes, one at a time.
#[derive(Clone)]
pub(crate) struct Reading {
    reads: Reads,
    /// Google, or what of its settings cannot be used.
    google: Result<Arc<Google>, String>,
    turn: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    pace: Pace,
    frames: Pace,
}

/// The right to have one bottle's label read.
pub(crate) struct Place(#[allow(dead_code, reason = "held until the reading is over")] OwnedSemaphorePermit);

fn busy() -> Problem {
    Problem::unavailable("other labels are being read; try again in some seconds")
}

impl Reading {
    /// As it is set.
    pub(crate) fn new(args: &LabelReader, data: &DataDir, ca: Option<std::path::PathBuf>) -> Self {
        Self {
            reads: args.reads,
            google: Google::of(args, data, ca).map(Arc::new),
            turn: Arc::new(Semaphore::new(1)),
            waiting: Arc::new(Semaphore::new(AT_ONCE)),
            pace: Pace::of_readings(),
            frames: Pace::of_frames(),
        }
    }

    /// Who reads, in the words of the pages.
    pub(crate) fn for_pages(&self) -> app::api::labels::LabelReader {
        use app::api::labels::LabelReader;
        match self.reads {
            Reads::Local => LabelReader::Local,
            Reads::Google => LabelReader::Google,
            Reads::None => LabelReader::None,
        }
    }

    /// What is wrong with Google's settings or key, where it is to read.
    pub(crate) fn complaint(&self) -> Option<String> {
        let looked = || self.google.as_ref().map_err(String::clone).and_then(|google| google.look());
        (self.reads == Reads::Google).then(looked)?.err()
    }

    /// Admits a reading. Asked for before the shots are taken in: what has to wait must not fill the memory.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<Place, Problem> {
        let admitted = self.pace.admit(&caller.from(), std::time::Instant::now());
        admitted.map_err(|wait| Problem::too_often("labels", wait))?;
        self.waiting.clone().try_acquire_owned().map(Place).map_err(|_| busy())
    }

    /// Admits a frame of a camera: only while nobody's label is being read, which is worth more.
    pub(crate) fn admit_frame(&self, caller: &Caller) -> Result<Place, Problem> {
        let admitted = self.frames.admit(&caller.from(), std::time::Instant::now());
        admitted.map_err(|wait| Problem::too_often("frames", wait))?;
        if self.turn.available_permits() == 0 {
            return Err(busy());
        }
        self.waiting.clone().try_acquire_owned().map(Place).map_err(|_| busy())
    }

    /// The codes on the shots.
    pub(crate) async fn codes_of(&self, _place: Place, shots: Shots) -> Result<Vec<Code>, Problem> {
        Ok(self.locally(Task::Codes, &shots).await?.codes)
    }

    /// What stands on the shots.
    pub(crate) async fn read(&self, _place: Place, shots: Shots) -> Result<ReadShots, Problem> {
        match self.reads {
            Reads::Local => return self.locally(Task::Read, &shots).await,
            Reads::None => return self.codes(&shots).await,
            Reads::Google => {}
        }
        let refused = match self.by_google(&shots).await? {
            Ok(read) => return Ok(read),
            Err(refused) => refused,
        };
        tracing::warn!(why = refused.why, "Google has not read a label");
        match self.locally(Task::Read, &shots).await {
            Ok(read) => Ok(ReadShots { instead: Some(refused.why), ..read }),
            Err(problem) => {
                let detail = format!("{}. This machine does not read it either: {}", refused.why, problem.detail);
                let wait = refused.wait.map(|wait| wait.as_secs().max(1));
                Err(Problem { wait, ..Problem::unavailable(detail) })
            }
        }
    }

    /// The first of the shots as a photo to keep.
    pub(crate) async fn photo(&self, _place: Place, shots: Shots) -> Result<Vec<u8>, Problem> {
        Ok(self.ask(Task::Codes, &shots).await?.1)
    }

    async fn locally(&self, task: Task, shots: &Shots) -> Result<ReadShots, Problem> {
        match self.ask(task, shots).await? {
            (Told::Read { pages, label, codes }, photo) => {
                Ok(ReadShots { pages, label: *label, codes, photo, reader: "local", instead: None })
            }
            _ => Err(child::broke_off()),
        }
    }

    /// Codes are no labels: they are read also where those are not.
    async fn codes(&self, shots: &Shots) -> Result<ReadShots, Problem> {
        let read = self.locally(Task::Codes, shots).await?;
        if read.codes.is_empty() {
            return Err(Problem::unavailable(
                "labels are not read here: WINECELLAR_LABEL_READER is none; local and google switch it on",
            ));
        }
        Ok(read)
    }

    /// A problem with the shots themselves is no reason to read them otherwise.
    async fn by_google(&self, shots: &Shots) -> Result<Result<ReadShots, Refused>, Problem> {
        let google = match &self.google {
            Ok(google) => google,
            Err(why) => return Ok(Err(why.clone().into())),
        };
        let (Told::Clean { pictures, codes }, photo) = self.ask(Task::Clean, shots).await? else {
            return Err(child::broke_off());
        };
        // A label of our own says all, and need not be sent.
        if codes.iter().any(is_ours) {
            let (pages, label) = Default::default();
            return Ok(Ok(ReadShots { pages, label, codes, photo, reader: "local", instead: None }));
        }
        match sent(google, &pictures).await {
            Ok(pages) => {
                let parsed = tokio::task::spawn_blocking(move || {
                    let label = labels::parse(&pages, config::now().year());
                    ReadShots { pages, label, codes, photo, reader: "google", instead: None }
                });
                Ok(Ok(parsed.await?))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// One child at a time: each may take as much memory as a picture may.
    async fn ask(&self, task: Task, shots: &Shots) -> Result<(Told, Vec<u8>), Problem> {
        let turn = tokio::time::timeout(DEADLINE, self.turn.clone().acquire_owned());
        let _turn = turn.await.map_err(|_| busy())?;
        child::ask(task, shots).await
    }
}

/// Whether a code stands on a label that this program printed.
pub(crate) fn is_ours(code: &Code) -> bool {
    matches!(code, Code::Qr(text) if is_our_label(text))
}

async fn sent(google: &Google, pictures: &[Sendable]) -> Result<Vec<Page>, Refused> {
    let begun = std::time::Instant::now();
    let pages = google.read(pictures).await?;
    tracing::info!(photos = pictures.len(), seconds = begun.elapsed().as_secs_f32(), "Google has read a label");
    Ok(pages)
}
