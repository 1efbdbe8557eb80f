//! One scan, end to end: frame, quality gate, rectify, crop, count, compare with the book, proposals.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
    time::Instant,
};

use anyhow::Context;
use image::RgbImage;
use models::{
    bin::Rack,
    compare::Belief,
    db::{Conn, Db, DbError, scans, stocktake::last_ends},
    ids::{BinId, ScanId},
    scan::{BinCount, Scan, ScanStatus, SeenEnd, SeenEnds, StageTime},
};
use vision::{
    annotate::annotate,
    capture::Frame,
    crop,
    detect::{BinReading, Detector},
    geometry::{FrameMap, Homography},
    layout::Layout,
    rectify,
    shift::Shift,
    source::SourceSpec,
};

use super::{
    artifacts::{self, Artifacts, Seen},
    atomic,
    harvest::Record,
    layout,
    lessons::Lessons,
    outcome::{Change, Doubt, Outcome},
    reference,
    results::{self, DiffRow},
    snapshot::{self, Before, Look},
};
use crate::{
    cli::{Camera, Place},
    config::DataDir,
    room,
};

/// Scans of this process: two racks may be scanned within a second.
static SCANS: AtomicU32 = AtomicU32::new(0);

/// Wall times of the stages, in order.
struct Stopwatch<'a>(Vec<StageTime>, &'a dyn Fn(&str));

impl Stopwatch<'_> {
    fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        (self.1)(stage);
        let start = Instant::now();
        let value = work();
        let ms = (start.elapsed().as_secs_f64() * 1e4).round() / 10.0;
        self.0.push(StageTime { stage: stage.to_owned(), ms });
        value
    }
}

/// What a scan counted, with the pictures that show it.
struct View {
    rectified: RgbImage,
    annotated: RgbImage,
    crops: Vec<(String, RgbImage)>,
    layout: Layout,
    readings: Vec<BinReading>,
    shift: Option<Shift>,
}

/// Where ends lay when book and camera last agreed: middles and radii in straightened pixels.
type Lay = HashMap<BinId, Vec<[f64; 3]>>;

/// What to scan, and how what is seen is taken.
pub(crate) struct Job<'a> {
    /// The camera, or what stands for it.
    pub(crate) source: &'a SourceSpec,
    /// How it is used.
    pub(crate) camera: &'a Camera,
    /// When a count is believed against the book.
    pub(crate) belief: Belief,
    /// What time it is: a simulated year is over in minutes.
    pub(crate) now: &'a dyn Fn() -> models::Instant,
    /// Who is told which stage begins.
    pub(crate) begins: &'a dyn Fn(&str),
}

/// Runs one scan. The caller holds the lock. A picture that cannot be had or trusted is an outcome, not an error.
pub(crate) fn run(db: &Db, place: &Place, job: &Job<'_>) -> anyhow::Result<Outcome> {
    let data = &place.data();
    let Job { source, camera, .. } = *job;
    let started_at = (job.now)();
    let (rack, layout) = layout::load(db, camera.rack.as_deref())?;
    let calibration = layout::version(db, &rack.id, started_at)?;
    let number = std::process::id().wrapping_add(SCANS.fetch_add(1, Ordering::Relaxed)) & 0xffff;
    let id = ScanId(format!("{}-{number:04x}", started_at.format("%Y%m%dT%H%M%SZ")));
    let mut clock = Stopwatch(Vec::new(), job.begins);

    let detector = clock.time("model", || {
        let mut detector = place.detector()?;
        Lessons::of(data, &rack.id).apply(&mut detector);
        Ok::<_, anyhow::Error>(detector)
    })?;
    let before =
        Before { last_good: snapshot::last_good(data, &rack.id), reference: reference::path(data, &rack.id, &layout)? };
    let look = match room::refusal(data)? {
        Some(full) => Look::refused(full),
        None => clock.time("snapshot", || snapshot::take(source, camera, &layout, &before))?,
    };
    let mut scan = Scan {
        id,
        rack_id: rack.id.clone(),
        started_at,
        finished_at: started_at,
        source: source.to_string(),
        status: ScanStatus::Ok,
        message: String::new(),
        model: detector.title(),
        stages: Vec::new(),
        bins_read: 0,
        bins_changed: 0,
        calibration: Some(calibration.id),
    };
    let (frame, refusal) = (look.frame.as_ref(), look.refusal.clone());
    let Some(frame) = frame.filter(|_| refusal.is_none()) else {
        let reason = refusal.unwrap_or_else(|| "there is no picture".to_owned());
        return blind(db, data, job, scan, look, reason, clock);
    };
    let lay = db.read(last_ends).map_err(told)?;
    let view = view(&mut clock, frame, &layout, &look, &detector, &lay)?;
    let outcome = record(db, data, job, &mut scan, &rack, &look, frame, &view, &detector, &lay, clock)?;
    snapshot::remember(data, &rack.id, &layout, &look)?;
    if look.shift.is_none() && 2 * outcome.bins_read > layout.bins.len() {
        // The first picture that could be read shows the rack as it was calibrated: later ones are held against it.
        reference::keep(data, &rack.id, &layout, &frame.image)?;
    }
    Ok(outcome)
}

/// Rectify, crop, detect; bins that the picture does not show well get no opinion.
fn view(
    clock: &mut Stopwatch,
    frame: &Frame,
    layout: &Layout,
    look: &Look,
    detector: &Detector,
    lay: &Lay,
) -> anyhow::Result<View> {
    let shift = look.shift.as_ref();
    let map = frame_map(layout, &frame.image, shift.map(|shift| &shift.map))?;
    let rectified =
        clock.time("rectify", || rectify::rectify_by(&frame.image, layout.rectified, |place| map.map(place)));
    let crops =
        clock.time("crop", || layout.bins.iter().map(|bin| (bin.id.clone(), crop::crop(&rectified, bin))).collect());
    let mut readings = clock.time("detect", || {
        // Straight from the frame, so that no pixel is interpolated twice.
        let mut readings = detector.read_through(&frame.image, &|place| map.map(place), &layout.bins);
        let lay = |bin: &str| lay.get(&BinId(bin.to_owned())).cloned().unwrap_or_default();
        detector.confirm_gone(&frame.image, &|place| map.map(place), &layout.bins, &mut readings, &lay);
        readings
    });
    look.report.silence(&mut readings);
    let annotated = clock.time("annotate", || annotate(&rectified, &layout.bins, &readings));
    Ok(View { rectified, annotated, crops, layout: layout.clone(), readings, shift: shift.cloned() })
}

/// Where the straightened rack is seen in this frame, of a camera that may have moved.
pub(crate) fn frame_map(layout: &Layout, frame: &RgbImage, shift: Option<&Homography>) -> anyhow::Result<FrameMap> {
    layout.validate().context("the calibration is unusable")?;
    let map = FrameMap::new(layout, [frame.width(), frame.height()])?;
    match shift {
        Some(shift) => map.shifted(shift).context("the camera's shift leaves nothing of the rack in view"),
        None => Ok(map),
    }
}

/// A scan without an opinion: it is recorded, with its frame, and claims nothing.
fn blind(
    db: &Db,
    data: &DataDir,
    job: &Job<'_>,
    mut scan: Scan,
    look: Look,
    reason: String,
    clock: Stopwatch,
) -> anyhow::Result<Outcome> {
    scan.status = ScanStatus::NoOpinion;
    scan.message = reason;
    scan.stages = clock.0;
    let folder = match &look.frame {
        Some(frame) => artifacts::write(data, &scan.id, &Artifacts { frame: &frame_jpeg(frame)?, seen: None })?
            .display()
            .to_string(),
        None => String::new(),
    };
    scan.finished_at = (job.now)();
    db.write(|conn| scans::scan_record(conn, &scan, &[], &[], &job.belief).map(|_| ())).map_err(told)?;
    let report = look.frame.is_some().then_some(look.report);
    finish(data, Outcome { snapshot: report, ..outcome(&scan, folder, Vec::new(), Vec::new()) })
}

fn frame_jpeg(frame: &Frame) -> anyhow::Result<Vec<u8>> {
    frame.bytes.clone().map_or_else(|| artifacts::jpeg(&frame.image), Ok)
}

/// Files first, then the database in one transaction, then the summary.
#[expect(clippy::too_many_arguments, reason = "each is a different thing that the one caller has at hand")]
fn record(
    db: &Db,
    data: &DataDir,
    job: &Job<'_>,
    scan: &mut Scan,
    rack: &Rack,
    look: &Look,
    frame: &Frame,
    view: &View,
    detector: &Detector,
    lay: &Lay,
    mut clock: Stopwatch,
) -> anyhow::Result<Outcome> {
    let rows = results::rows(&view.readings);
    let seen = Seen { rectified: &view.rectified, annotated: &view.annotated, crops: &view.crops, rows: &rows };
    let folder = clock.time("files", || {
        artifacts::write(data, &scan.id, &Artifacts { frame: &frame_jpeg(frame)?, seen: Some(seen) })
    })?;

    let kept = Record {
        model: scan.model.clone(),
        layout: view.layout.clone(),
        shift: view.shift.as_ref().map(|shift| shift.map),
        readings: view.readings.clone(),
    };
    kept.write(&folder)?;

    let ends: Vec<SeenEnds> = view.readings.iter().map(seen_ends).collect();
    let counts: Vec<BinCount> = view.readings.iter().map(|reading| bin_count(reading, lay, detector)).collect();
    let read = counts.iter().filter(|count| count.count.is_some()).count();
    let blind = counts.len() - read;
    scan.message = match blind {
        _ if read == 0 => {
            scan.status = ScanStatus::NoOpinion;
            let first =
                counts.iter().find_map(|count| Some(format!("; {}: {}", count.bin, count.needs_look.as_ref()?)));
            format!("no bin of `{}` could be read{}", rack.facts.name, first.unwrap_or_default())
        }
        0 => format!("{read} bins of `{}` read", rack.facts.name),
        n => format!("{read} bins of `{}` read, {n} without an opinion", rack.facts.name),
    };
    if let Some(told) = view.shift.as_ref().and_then(|shift| reference::told(&shift.moved)) {
        scan.message = format!("{}; {told}", scan.message);
    }
    scan.stages.clone_from(&clock.0);
    scan.finished_at = (job.now)();
    let write = |conn: &mut Conn| scans::scan_record(conn, scan, &counts, &ends, &job.belief);
    let recorded = clock.time("compare", || db.write(write)).map_err(told)?;
    scan.stages = clock.0;

    let changed: Vec<Change> = recorded
        .changed
        .iter()
        .filter_map(|reading| {
            let seen = reading.count?;
            Some(Change {
                bin: reading.bin.clone(),
                expected: reading.expected,
                seen,
                difference: seen - reading.expected,
                confidence: (reading.confidence * 1000.0).round() / 1000.0,
                proposal: recorded
                    .proposals
                    .iter()
                    .find(|p| p.sides().iter().any(|side| side.bin == reading.bin))
                    .map(|p| p.id.clone()),
            })
        })
        .collect();
    let doubts = counts
        .into_iter()
        .filter(|count| count.count.is_none() && !changed.iter().any(|change| change.bin == count.bin))
        .map(|count| Doubt { bin: count.bin, reason: count.needs_look.unwrap_or_else(|| "no reason given".to_owned()) })
        .collect();
    scan.bins_read = i32::try_from(read).unwrap_or(i32::MAX);
    let told = outcome(scan, folder.display().to_string(), changed, doubts);
    finish(
        data,
        Outcome {
            snapshot: Some(look.report.clone()),
            shift: view.shift.as_ref().map(|shift| shift.moved.clone()),
            ..told
        },
    )
}

fn seen_ends(reading: &BinReading) -> SeenEnds {
    // A tenth of a pixel is as good as the whole number and takes a third of the room.
    let short = |v: f64| (v * 10.0).round() / 10.0;
    let ends = reading.ends.iter().map(|end| SeenEnd {
        x: short(end.x),
        y: short(end.y),
        r: short(end.r),
        confidence: (end.confidence * 1e3).round() / 1e3,
        looks: SeenEnd::pack(&end.signature),
    });
    SeenEnds { bin: BinId(reading.id.clone()), ends: ends.collect() }
}

fn bin_count(reading: &BinReading, lay: &Lay, detector: &Detector) -> BinCount {
    let bin = BinId(reading.id.clone());
    let change = detector.sure_of_change(reading, lay.get(&bin).map_or(&[][..], Vec::as_slice));
    // A bin that the picture does not show is not sure of anything (`Report::silence`).
    let shows = !reading.ends.is_empty() && reading.confidence > 0.0;
    BinCount {
        bin,
        count: reading.count.and_then(|n| i32::try_from(n).ok()),
        shown: shows.then(|| i32::try_from(reading.ends.len()).unwrap_or(i32::MAX)),
        confidence: reading.confidence,
        change,
        needs_look: reading.needs_look.clone(),
    }
}

fn outcome(scan: &Scan, folder: String, changed: Vec<Change>, no_opinion: Vec<Doubt>) -> Outcome {
    let message = match (scan.status, changed.len()) {
        (ScanStatus::Ok, 0) => format!("{}; the book agrees", scan.message),
        (ScanStatus::Ok, n) => format!("{}; {n} differ from the book", scan.message),
        _ => scan.message.clone(),
    };
    Outcome {
        scan: scan.id.clone(),
        status: scan.status,
        message,
        source: scan.source.clone(),
        model: scan.model.clone(),
        bins_read: usize::try_from(scan.bins_read).unwrap_or(0),
        shift: None,
        changed,
        no_opinion,
        stages: scan.stages.clone(),
        snapshot: None,
        folder,
    }
}

/// Writes the summary and the differences beside the latest results.
fn finish(data: &DataDir, outcome: Outcome) -> anyhow::Result<Outcome> {
    let out = data.results();
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let summary = serde_json::to_vec_pretty(&outcome)?;
    if !outcome.folder.is_empty() {
        atomic::write(&std::path::Path::new(&outcome.folder).join("run.json"), &summary)?;
    }
    atomic::put(&out.join("run.json"), &summary)?;
    if outcome.status == ScanStatus::Ok {
        let rows: Vec<DiffRow> = outcome.changed.iter().map(diff_row).collect();
        write_diff(&out, &rows)?;
    }
    atomic::sync_dir(&out)?;
    Ok(outcome)
}

fn diff_row(change: &Change) -> DiffRow {
    DiffRow {
        bin: change.bin.0.clone(),
        expected: change.expected,
        seen: change.seen,
        difference: change.difference,
        confidence: change.confidence,
    }
}

/// diff_only.csv and diff_only.json.
pub(crate) fn write_diff(folder: &std::path::Path, rows: &[DiffRow]) -> anyhow::Result<()> {
    atomic::put(&folder.join("diff_only.csv"), &results::to_csv(rows, results::DIFF_COLUMNS)?)?;
    atomic::write(
        &folder.join("diff_only.json"),
        &serde_json::to_vec_pretty(&results::Diff { total: rows.len(), rows })?,
    )
}

fn told(error: DbError) -> anyhow::Error {
    anyhow::Error::new(error).context("the scan's pictures are saved, but the database did not take the readings")
}
