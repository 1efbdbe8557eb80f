//! The clean picture of a scan: light on, patience, measures of the frame and of every bin, light off.

use std::time::Duration;

use anyhow::Context;
use image::RgbImage;
use serde::{Deserialize, Serialize};
use vision::{
    capture::{Frame, Helper, Shots},
    clean::{self, Snapshot, View},
    detect::BinReading,
    geometry::{Homography, Point, rectangle},
    layout::Layout,
    quality::{BinQuality, FrameQuality, Grey, Outlines, assess_bins},
    source::SourceSpec,
};

use super::{atomic, light};
use crate::{cli::Camera, config::DataDir};

/// Pictures in a series, and the time between two.
const FRAMES: usize = 5;
const SPACING: Duration = Duration::from_millis(250);
/// Bins are measured on this many cells on the frame's longer side.
const CELLS: u32 = 1280;
/// With a larger share of bins refused, the picture as a whole is.
const MOST_REFUSED: f64 = 0.7;
/// With a larger share of bins hidden, something large stands in front, or the camera looks elsewhere.
const MOST_HIDDEN: f64 = 0.5;

/// The picture, or why there is none.
pub(crate) struct Look {
    /// The picture; also one that was refused.
    pub(crate) frame: Option<Frame>,
    /// How it came about.
    pub(crate) report: Report,
    /// Why it is of no use; none for a clean picture.
    pub(crate) refusal: Option<String>,
}

/// How a picture came about and how good it is, for the summary and for `stock snapshot`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Pictures in the median.
    pub(crate) frames: usize,
    /// Series that were taken until it was clean.
    pub(crate) attempts: u32,
    /// What went wrong and was overcome: the camera's faults, the light.
    pub(crate) overcome: Vec<String>,
    /// Measures of the whole frame.
    pub(crate) frame: Option<FrameQuality>,
    /// Measures of each bin, with the reason of those that get no opinion.
    pub(crate) bins: Vec<BinQuality>,
}

/// How this program takes pictures.
pub(crate) fn shots() -> Shots {
    let args = vec!["stock".into(), "grab".into()];
    Shots { frames: FRAMES, spacing: SPACING, helper: Some(Helper { program: "/proc/self/exe".into(), args }) }
}

/// Takes a clean picture of the rack, compared with the outlines of the last good one, if any. An error is of the settings; what the
/// camera does is in the [`Look`].
pub(crate) fn take(
    source: &SourceSpec,
    camera: &Camera,
    layout: &Layout,
    last_good: Option<&Outlines>,
) -> anyhow::Result<Look> {
    let (lit, trouble) = light::on(&camera.light)?;
    let judge = |snapshot: &Snapshot| view(&bins(snapshot, layout, last_good));
    let taken = clean::snapshot(source, &shots(), Duration::from_secs(camera.deadline), judge);
    drop(lit);
    let (snapshot, refusal) = match taken {
        Ok(snapshot) => (Some(snapshot), None),
        Err(refused) => (refused.seen.map(|seen| *seen), Some(refused.reason)),
    };
    let refusal = refusal.map(|reason| match &trouble {
        Some(trouble) => format!("{reason} {trouble}"),
        None => reason,
    });
    let Some(snapshot) = snapshot else {
        return Ok(Look { frame: None, report: Report::default(), refusal });
    };
    let bins = bins(&snapshot, layout, last_good);
    let Snapshot { frame, quality, frames, attempts, mut overcome, .. } = snapshot;
    overcome.extend(trouble);
    let report = Report { frames, attempts, overcome, frame: Some(quality), bins };
    Ok(Look { frame: Some(frame), report, refusal })
}

/// From the straightened picture to the frame; nowhere if the calibration spans no area, as `rectify` will say.
fn map(layout: &Layout, image: &RgbImage) -> impl Fn(Point) -> Point + Sync {
    let [width, height] = layout.rectified.map(f64::from);
    let corners = layout.corners_for(image.width(), image.height());
    let map = Homography::from_quads(&rectangle(width, height), &corners);
    move |point| map.map_or([f64::NAN; 2], |map| map.map(point))
}

fn bins(snapshot: &Snapshot, layout: &Layout, last_good: Option<&Outlines>) -> Vec<BinQuality> {
    let image = &snapshot.frame.image;
    assess_bins(&Grey::of(image, CELLS), &snapshot.motion, last_good, layout, map(layout, image))
}

/// What the bins say of the picture as a whole.
fn view(bins: &[BinQuality]) -> View {
    let total = bins.len().max(1) as f64;
    let hidden = bins.iter().filter(|bin| bin.is_hidden()).count();
    let refused: Vec<&BinQuality> = bins.iter().filter(|bin| bin.refusal.is_some()).collect();
    let Some(first) = refused.first() else { return View::Clear };
    if hidden as f64 > MOST_HIDDEN * total {
        return View::Hidden(format!(
            "{hidden} of {} bins are hidden: something large stands in front, or the camera was turned. If the rack itself was changed: \
             winecellar stock snapshot --as-good.",
            bins.len()
        ));
    }
    if refused.len() as f64 > MOST_REFUSED * total {
        let reason = first.refusal.as_deref().unwrap_or_default();
        return View::Hidden(format!(
            "{} of {} bins cannot be read; {}: {reason}.",
            refused.len(),
            bins.len(),
            first.id
        ));
    }
    View::Partly(refused.len())
}

/// The outlines of the last good picture; without a readable file nothing is compared.
pub(crate) fn last_good(data: &DataDir) -> Option<Outlines> {
    serde_json::from_slice(&std::fs::read(data.last_good()).ok()?).ok()
}

/// Keeps the outlines of the bins that were well seen, for the next scans.
pub(crate) fn remember(data: &DataDir, layout: &Layout, look: &Look) -> anyhow::Result<()> {
    let Some(frame) = &look.frame else { return Ok(()) };
    let newer = outlines(layout, &frame.image);
    let refused = |id: &str| look.report.bins.iter().any(|bin| bin.id == id && bin.refusal.is_some());
    let kept = match last_good(data) {
        Some(mut kept) => {
            kept.renew(newer, |id| !refused(id));
            kept
        }
        None => newer,
    };
    keep(data, &kept)
}

/// Takes this picture's outlines as good, of all bins.
pub(crate) fn remember_all(data: &DataDir, layout: &Layout, image: &RgbImage) -> anyhow::Result<()> {
    keep(data, &outlines(layout, image))
}

fn outlines(layout: &Layout, image: &RgbImage) -> Outlines {
    Outlines::of(&Grey::of(image, CELLS), layout, map(layout, image))
}

fn keep(data: &DataDir, outlines: &Outlines) -> anyhow::Result<()> {
    let folder = data.results();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    atomic::write(&data.last_good(), &serde_json::to_vec(outlines)?)
}

impl Report {
    /// A bin that cannot be seen gets no opinion, whatever was counted in it.
    pub(crate) fn silence(&self, readings: &mut [BinReading]) {
        for bin in &self.bins {
            let Some(reason) = &bin.refusal else { continue };
            for reading in readings.iter_mut().filter(|reading| reading.id == bin.id) {
                reading.count = None;
                reading.confidence = 0.0;
                reading.needs_look = Some(reason.clone());
            }
        }
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} picture(s) in the median, series {}", self.frames, self.attempts)?;
        if let Some(frame) = &self.frame {
            write!(
                f,
                "; bright {:.2}, contrast {:.2}, sharp {:.2}, glare {:.2}, moving {:.2}",
                frame.brightness, frame.contrast, frame.sharpness, frame.glare, frame.moving
            )?;
        }
        for fault in &self.overcome {
            write!(f, "\novercome: {fault}")?;
        }
        for bin in &self.bins {
            let Some(reason) = &bin.refusal else { continue };
            write!(f, "\n{}: no opinion, {reason}", bin.id)?;
        }
        Ok(())
    }
}
