//! Calibrating through a browser: pictures that are being drawn on, cameras that are tried, and who may.

mod cameras;
pub(crate) mod forms;
mod pictures;
mod shifted;
mod who;

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::problem::Problem;

pub(crate) use cameras::{FoundCamera, list, shoot};
pub(crate) use pictures::{MOST_BYTES, Pictures};
pub(crate) use shifted::{ShiftNow, WORTH_ASKING, accept, keep_picture, look, restore};
pub(crate) use who::must_calibrate;

/// Bins of one rack: a camera sees no more.
pub(crate) const MOST_BINS: usize = 500;

/// Pictures that are worked on at once: each may take a hundred megabytes.
static ROOM: Semaphore = Semaphore::const_new(2);
/// Nobody waits longer for their turn, or for what is worked out.
const TURN: Duration = Duration::from_secs(10);
const WORK: Duration = Duration::from_secs(60);

/// Works on pictures off the runtime's threads: few at once, and not for ever.
pub(crate) async fn with_picture<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::unavailable("other pictures are being worked on; try again in a moment");
    let turn = tokio::time::timeout(TURN, ROOM.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    // The turn goes along: it is not over before the work is, also when nobody waits for it any more.
    let work = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    match tokio::time::timeout(WORK, work).await {
        Ok(done) => done?,
        Err(_) => Err(Problem::unavailable("the picture takes too long; use a smaller one")),
    }
}
