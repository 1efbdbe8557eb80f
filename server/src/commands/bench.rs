//! `winecellar vision bench`: the reading of one picture, measured as `scripts/bench-vision.sh` compares it.

use std::{fs, time::Instant};

use anyhow::Context;
use serde::Deserialize;
use serde_json::json;
use vision::{
    capture,
    detect::{canvas, framing},
    geometry::{Homography, Point, rectangle},
    layout::BinShape,
};

use crate::cli::{Bench, Place};
use crate::out;

/// The layout that the comparison script reads.
#[derive(Deserialize)]
struct Layout {
    corners: [Point; 4],
    rectified: [u32; 2],
    bins: Vec<BinShape>,
}

/// Prints one line: bins, median milliseconds of decode, sample and infer, of loading the model, and peak memory.
pub(super) fn run(place: &Place, args: &Bench) -> anyhow::Result<()> {
    let start = Instant::now();
    let text = fs::read(&args.layout).with_context(|| format!("cannot read {}", args.layout.display()))?;
    let layout: Layout = serde_json::from_slice(&text).with_context(|| args.layout.display().to_string())?;
    let picture = fs::read(&args.image).with_context(|| format!("cannot read {}", args.image.display()))?;
    let [width, height] = layout.rectified.map(f64::from);
    let map = Homography::from_quads(&rectangle(width, height), &layout.corners).context("corners: span no area")?;
    let map = move |place: Point| map.map(place);
    let decoded = || {
        let before = Instant::now();
        let frame = capture::decode(&picture).with_context(|| args.image.display().to_string())?;
        Ok::<_, anyhow::Error>((frame, ms(before)))
    };
    // The model is loaded beside the first picture: neither needs the other.
    let (loaded, first) = rayon::join(
        || {
            let before = Instant::now();
            place.detector().map(|detector| (detector, ms(before)))
        },
        decoded,
    );
    let ((detector, load), mut first) = (loaded?, Some(first?));
    let (mut decode, mut read) = (Vec::new(), Vec::new());
    let mut counted = 0;
    for _ in 0..args.runs {
        let (frame, took) = match first.take() {
            Some(first) => first,
            None => decoded()?,
        };
        decode.push(took);
        let before = Instant::now();
        let readings = detector.read_through(&frame, &map, &layout.bins);
        read.push(ms(before));
        counted = readings.iter().filter_map(|reading| reading.count).sum();
    }
    // Taken before the part that only measuring needs.
    let (peak, process) = (peak_mb(), ms(start));
    let sampled = if args.sampling { Some(sampling(&picture, &map, &layout.bins)?) } else { None };
    let report = json!({
        "bins": layout.bins.len(),
        "counted": counted,
        "model": detector.name(),
        "engine": detector.engine(),
        "ms": {"decode": median(decode), "read": median(read)},
        "sampling_1_thread_ms": sampled,
        "load_ms": round(load),
        "process_ms": round(process),
        "peak_rss_mb": peak,
    });
    out::line(report)
}

/// Milliseconds for cutting all bins out, which reading does on all processors and between counting.
fn sampling(picture: &[u8], map: &(impl Fn(Point) -> Point + Sync), bins: &[BinShape]) -> anyhow::Result<f64> {
    let frame = capture::decode(picture)?;
    let before = Instant::now();
    for bin in bins {
        let framing =
            framing::Framing::new(&bin.polygon, framing::budget(bin.capacity), canvas::detail(map, &bin.polygon));
        std::hint::black_box(canvas::draw(&frame, [0.0, 0.0], map, &bin.polygon, framing));
    }
    Ok(round(ms(before)))
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn round(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    round(values.get(values.len() / 2).copied().unwrap_or(0.0))
}

/// The most memory the process has held so far, in MB; 0 where the system does not tell.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok()).unwrap_or(0.0);
    round(kb / 1024.0)
}
