//! `winecellar stock run`.

use models::{db::Db, scan::ScanStatus};

use crate::out;
use crate::{
    cli::{Place, Run},
    config,
    exit::Ended,
    worker::{camera, harvest, layout, lessons::Lessons, lock::ScanLock, scan},
};

/// One scan under the lock; prints the outcome.
pub(crate) fn run(place: &Place, args: &Run) -> anyhow::Result<()> {
    let data = place.data();
    let belief = args.doubt.belief()?;
    data.ensure()?;
    let lock = ScanLock::take(&data.lock())?;
    let db = place.open_migrated()?;
    let (rack, _) = layout::load(&db, args.camera.rack.as_deref())?;
    let source = camera::of(&db, &data, args.camera.source.as_deref(), &rack.id)?;
    let job = scan::Job {
        source: &source,
        camera: &args.camera,
        belief,
        now: &config::now,
        begins: &|stage| lock.enter(stage),
    };
    let outcome = scan::run(&db, place, &job)?;
    if args.learn {
        // The scan is done and recorded: what goes wrong here must not make it fail.
        if let Err(error) = learn(place, &db, args.camera.rack.as_deref()) {
            eprintln!("winecellar: nothing was learned: {error:#}");
        }
    }
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

/// Learns for the rack that was scanned; the word goes to stderr, for stdout is the outcome's.
fn learn(place: &Place, db: &Db, rack: Option<&str>) -> anyhow::Result<()> {
    let data = place.data();
    let (rack, _) = layout::load(db, rack)?;
    let detector = place.detector()?;
    anyhow::ensure!(detector.learns(), "the model {} cannot learn: it sees no ends on a heat map", detector.name());
    harvest::harvest(db, &data, &rack.id, &detector)?;
    let (lesson, _) = Lessons::of(&data, &rack.id).learn(&detector)?;
    eprintln!("winecellar: learning: {lesson}");
    Ok(())
}
