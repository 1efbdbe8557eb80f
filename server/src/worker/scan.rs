//! One scan, end to end: frame, quality gate, rectify, crop, count, compare with the book, proposals.

use std::time::{Duration, Instant};

use anyhow::Context;
use image::RgbImage;
use models::{
    bin::Rack,
    db::{Db, DbError, scans},
    ids::{BinId, ScanId},
    scan::{BinCount, Scan, ScanStatus, StageTime},
};
use vision::{
    annotate::annotate,
    capture::{self, Frame},
    clean, crop,
    detect::{BinReading, Detector},
    geometry::FrameMap,
    layout::Layout,
    quality, rectify,
    shift::{Moved, Shift},
    source::SourceSpec,
};

use super::{
    artifacts::{self, Artifacts, Seen},
    atomic, layout,
    outcome::{Change, Doubt, Outcome},
    reference::{self, Seen as Reference},
    results::{self, DiffRow},
};
use crate::config::{self, DataDir};

/// Wall times of the stages, in order.
#[derive(Default)]
struct Stopwatch(Vec<StageTime>);

impl Stopwatch {
    fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
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
    readings: Vec<BinReading>,
    shift: Option<Moved>,
}

/// Runs one scan. The caller holds the lock. A picture that cannot be had or trusted is an outcome, not an error.
pub(crate) fn run(db: &Db, data: &DataDir, source: &SourceSpec, deadline: Duration) -> anyhow::Result<Outcome> {
    let started_at = config::now();
    let (rack, layout) = layout::load(db)?;
    let id = ScanId(format!("{}-{:04x}", started_at.format("%Y%m%dT%H%M%SZ"), std::process::id() & 0xffff));
    let mut clock = Stopwatch::default();

    let detector = clock.time("model", Detector::builtin).context("the counting model does not run")?;
    let frame = clock.time("snapshot", || snapshot(source, deadline));
    let mut scan = Scan {
        id,
        rack_id: rack.id.clone(),
        started_at,
        finished_at: started_at,
        source: source.to_string(),
        status: ScanStatus::Ok,
        message: String::new(),
        model: detector.name().to_owned(),
        stages: Vec::new(),
        bins_read: 0,
        bins_changed: 0,
    };
    let frame = match frame {
        Ok(frame) => frame,
        Err(reason) => return blind(db, data, scan, None, reason, clock),
    };
    if let Some(reason) = quality::assess(&frame.image).refusal() {
        return blind(db, data, scan, Some(&frame), reason, clock);
    }
    let shift = match clock.time("shift", || reference::shift(data, &rack.id, &layout, &frame.image))? {
        Reference::Refused(reason) => return blind(db, data, scan, Some(&frame), reason, clock),
        Reference::Shifted(shift) => Some(shift),
        Reference::Missing => None,
    };
    let view = look(&mut clock, &frame, &layout, shift.as_ref(), &detector)?;
    let outcome = record(db, data, &mut scan, &rack, &frame, &view, clock)?;
    if shift.is_none() && outcome.bins_read > 0 {
        // The first picture that could be read shows the rack as it was calibrated: later ones are held against it.
        reference::keep(data, &rack.id, &layout, &frame.image)?;
    }
    Ok(outcome)
}

/// A clean frame, or why there is none.
fn snapshot(source: &SourceSpec, deadline: Duration) -> Result<Frame, String> {
    capture::capture(source, deadline).map(clean::clean).map_err(|error| error.to_string())
}

/// Rectify, crop, detect.
fn look(
    clock: &mut Stopwatch,
    frame: &Frame,
    layout: &Layout,
    shift: Option<&Shift>,
    detector: &Detector,
) -> anyhow::Result<View> {
    let map = frame_map(layout, &frame.image, shift)?;
    let rectified =
        clock.time("rectify", || rectify::rectify_by(&frame.image, layout.rectified, |place| map.map(place)));
    let crops =
        clock.time("crop", || layout.bins.iter().map(|bin| (bin.id.clone(), crop::crop(&rectified, bin))).collect());
    let readings = clock.time("detect", || detector.read(&rectified, &layout.bins));
    let annotated = clock.time("annotate", || annotate(&rectified, &layout.bins, &readings));
    Ok(View { rectified, annotated, crops, readings, shift: shift.map(|shift| shift.moved.clone()) })
}

/// Where the straightened rack is seen in this frame, of a camera that may have moved.
pub(crate) fn frame_map(layout: &Layout, frame: &RgbImage, shift: Option<&Shift>) -> anyhow::Result<FrameMap> {
    layout.validate().context("the calibration is unusable")?;
    let map = FrameMap::new(layout, [frame.width(), frame.height()])?;
    match shift {
        Some(shift) => map.shifted(&shift.map).context("the camera's shift leaves nothing of the rack in view"),
        None => Ok(map),
    }
}

/// A scan without an opinion: it is recorded, with its frame, and claims nothing.
fn blind(
    db: &Db,
    data: &DataDir,
    mut scan: Scan,
    frame: Option<&Frame>,
    reason: String,
    clock: Stopwatch,
) -> anyhow::Result<Outcome> {
    scan.status = ScanStatus::NoOpinion;
    scan.message = reason;
    scan.stages = clock.0;
    let folder = match frame {
        Some(frame) => artifacts::write(data, &scan.id, &Artifacts { frame: &frame_jpeg(frame)?, seen: None })?
            .display()
            .to_string(),
        None => String::new(),
    };
    scan.finished_at = config::now();
    db.write(|conn| scans::scan_record(conn, &scan, &[]).map(|_| ())).map_err(told)?;
    finish(data, outcome(&scan, folder, Vec::new(), Vec::new()))
}

fn frame_jpeg(frame: &Frame) -> anyhow::Result<Vec<u8>> {
    frame.bytes.clone().map_or_else(|| artifacts::jpeg(&frame.image), Ok)
}

/// Files first, then the database in one transaction, then the summary.
fn record(
    db: &Db,
    data: &DataDir,
    scan: &mut Scan,
    rack: &Rack,
    frame: &Frame,
    view: &View,
    mut clock: Stopwatch,
) -> anyhow::Result<Outcome> {
    let rows = results::rows(&view.readings);
    let seen = Seen { rectified: &view.rectified, annotated: &view.annotated, crops: &view.crops, rows: &rows };
    let folder = clock.time("files", || {
        artifacts::write(data, &scan.id, &Artifacts { frame: &frame_jpeg(frame)?, seen: Some(seen) })
    })?;

    let counts: Vec<BinCount> = view.readings.iter().map(bin_count).collect();
    let read = counts.iter().filter(|count| count.count.is_some()).count();
    let blind = counts.len() - read;
    scan.message = match blind {
        0 => format!("{read} bins of `{}` read", rack.facts.name),
        n => format!("{read} bins of `{}` read, {n} without an opinion", rack.facts.name),
    };
    if let Some(told) = view.shift.as_ref().and_then(reference::told) {
        scan.message = format!("{}; {told}", scan.message);
    }
    scan.stages.clone_from(&clock.0);
    scan.finished_at = config::now();
    let recorded = clock.time("compare", || db.write(|conn| scans::scan_record(conn, scan, &counts))).map_err(told)?;
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
                proposal: recorded.proposals.iter().find(|p| p.bin == reading.bin).map(|p| p.id.clone()),
            })
        })
        .collect();
    let doubts = counts
        .into_iter()
        .filter(|count| count.count.is_none())
        .map(|count| Doubt { bin: count.bin, reason: count.needs_look.unwrap_or_else(|| "no reason given".to_owned()) })
        .collect();
    scan.bins_read = i32::try_from(read).unwrap_or(i32::MAX);
    let outcome = outcome(scan, folder.display().to_string(), changed, doubts);
    finish(data, Outcome { shift: view.shift.clone(), ..outcome })
}

fn bin_count(reading: &BinReading) -> BinCount {
    BinCount {
        bin: BinId(reading.id.clone()),
        count: reading.count.and_then(|n| i32::try_from(n).ok()),
        confidence: reading.confidence,
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
