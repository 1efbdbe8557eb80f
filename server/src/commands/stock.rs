//! `winecellar stock run`.

use models::{compare::Belief, db::Db, ids::RackId, scan::ScanStatus};

use crate::out;
use crate::{
    cli::{Camera, Place, Run},
    config,
    exit::Ended,
    worker::{camera, harvest, layout, lessons::Lessons, lock::ScanLock, scan},
};

/// One scan under the lock, or one of each rack that has a camera of its own; prints the outcomes. What went wrong with one rack keeps no
/// other from being scanned.
pub(crate) fn run(place: &Place, args: &Run) -> anyhow::Result<()> {
    let data = place.data();
    let named = args.camera.source.as_deref();
    let source = data.source(named);
    let belief = args.doubt.belief()?;
    data.ensure()?;
    let lock = ScanLock::take(&data.lock())?;
    let db = place.open_migrated()?;
    if camera::of_any(&db).is_none() {
        // Nothing was named, and no rack has a camera: that comes before what else is missing.
        source?;
    }
    let (first, _) = layout::load(&db, args.camera.rack.as_deref())?;
    let mut worst = scan_one(place, args, &db, &lock, &first.id, belief);
    if camera::unnamed(args.camera.rack.as_deref()) && camera::unnamed(named) {
        for rack in camera::others(&db, &first.id)? {
            let next = scan_one(place, args, &db, &lock, &rack, belief);
            if let Err(error) = &next
                && worst.is_err()
            {
                eprintln!("winecellar: {error:#}");
            }
            worst = worst.and(next);
        }
    }
    worst
}

/// Scans one rack and prints the outcome.
fn scan_one(place: &Place, args: &Run, db: &Db, lock: &ScanLock, rack: &RackId, belief: Belief) -> anyhow::Result<()> {
    let source = camera::of(db, &place.data(), args.camera.source.as_deref(), rack)?;
    let used = Camera { rack: Some(rack.0.clone()), ..args.camera.clone() };
    let begins = |stage: &str| lock.enter(stage);
    let job = scan::Job { source: &source, camera: &used, belief, now: &config::now, begins: &begins };
    let outcome = scan::run(db, place, &job)?;
    if args.learn {
        // The scan is done and recorded: what goes wrong here must not make it fail.
        if let Err(error) = learn(place, db, Some(rack.as_str())) {
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
