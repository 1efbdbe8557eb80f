//! `winecellar stock run`.

use models::scan::ScanStatus;

use crate::out;
use crate::{
    cli::{Place, Run},
    exit::Ended,
    worker::{lock::ScanLock, scan},
};

/// One scan under the lock; prints the outcome.
pub(crate) fn run(place: &Place, args: &Run) -> anyhow::Result<()> {
    let data = place.data();
    let source = data.source(args.camera.source.as_deref())?;
    data.ensure()?;
    let _lock = ScanLock::take(&data.lock())?;
    let db = place.open_migrated()?;
    let outcome = scan::run(&db, &data, &source, &args.camera)?;
    if args.json {
        out::line(serde_json::to_string_pretty(&outcome)?)?;
    } else {
        out::line(&outcome)?;
    }
    match outcome.status {
        ScanStatus::Ok => Ok(()),
        ScanStatus::NoOpinion | ScanStatus::Failed => Err(Ended::NoOpinion(outcome.message).into()),
    }
}
