//! The clean picture of a scan: light on, patience, measures of the frame and of every bin, light off.

use std::{collections::HashMap, path::PathBuf, time::Duration};

use anyhow::Context;
use image::RgbImage;
use models::ids::RackId;
use serde::{Deserialize, Serialize};
use vision::{
    capture::{Frame, Helper, Shots},
    clean::{self, Snapshot, View},
    detect::BinReading,
    geometry::Point,
    layout::Layout,
    quality::{BinQuality, FrameQuality, Grey, Outlines, assess_bins},
    shift::Shift,
    source::SourceSpec,
};

use super::{
    atomic, light,
    reference::{self, Seen},
    scan::frame_map,
};
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
    /// How the camera has moved; none where there is no reference to say so.
    pub(crate) shift: Option<Shift>,
    /// Why it is of no use; none for a clean picture.
    pub(crate) refusal: Option<String>,
}

impl Look {
    /// No picture, for this reason.
    pub(crate) fn refused(reason: String) -> Self {
        Self { frame: None, report: Report::default(), shift: None, refusal: Some(reason) }
    }
}

/// What a picture is held against.
#[derive(Default)]
pub(crate) struct Before {
    /// The outlines of the last good picture.
    pub(crate) last_good: Option<Outlines>,
    /// The file of the reference for the camera's shift.
    pub(crate) reference: PathBuf,
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
    /// Why the picture is of no use; none for a clean one.
    #[serde(default)]
    pub(crate) refusal: Option<String>,
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

/// Takes a clean picture of the rack, held against earlier ones. An error is of the settings; what the camera does is in the
/// [`Look`].
pub(crate) fn take(source: &SourceSpec, camera: &Camera, layout: &Layout, before: &Before) -> anyhow::Result<Look> {
    let (lit, trouble) = light::on(&camera.light)?;
    let mut judged = None;
    let judge = |snapshot: &Snapshot| {
        let seen = pose(snapshot, layout, before);
        // An error is told below; here it ends the tries.
        let view = seen.as_ref().map_or(View::Clear, Pose::view);
        judged = Some((snapshot.attempts, seen));
        view
    };
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
        return Ok(Look { refusal, ..Look::refused(String::new()) });
    };
    // The picture that was chosen need not be the last one that was judged.
    let Pose { bins, shift, .. } = match judged {
        Some((attempt, seen)) if attempt == snapshot.attempts => seen?,
        _ => pose(&snapshot, layout, before)?,
    };
    let Snapshot { frame, quality, frames, attempts, mut overcome, .. } = snapshot;
    overcome.extend(trouble);
    let report = Report { frames, attempts, overcome, refusal: refusal.clone(), frame: Some(quality), bins };
    Ok(Look { frame: Some(frame), report, shift, refusal })
}

/// What a picture says of the camera and of each bin.
#[derive(Default)]
struct Pose {
    shift: Option<Shift>,
    bins: Vec<BinQuality>,
    /// Why the camera's shift cannot be told.
    lost: Option<String>,
}

impl Pose {
    /// A camera that is lost is told before the bins that are then not where they were, unless it is because they are hidden.
    fn view(&self) -> View {
        match (&self.lost, view(&self.bins)) {
            (Some(reason), View::Hidden(hidden)) => View::Hidden(format!("{reason}. Or: {hidden}")),
            (Some(reason), _) => View::Hidden(reason.clone()),
            (None, view) => view,
        }
    }
}

/// The camera's shift first: a bin is compared with what was seen in it before, wherever in the frame it is now.
fn pose(snapshot: &Snapshot, layout: &Layout, before: &Before) -> anyhow::Result<Pose> {
    let image = &snapshot.frame.image;
    let (shift, lost) = match reference::since(&before.reference, layout, image)? {
        Seen::Missing => (None, None),
        Seen::Shifted(shift) => (Some(shift), None),
        Seen::Refused(reason) | Seen::Elsewhere(reason) => (None, Some(reason)),
    };
    let map = frame_map(layout, image, shift.as_ref().map(|shift| &shift.map))?;
    let last_good = before.last_good.as_ref();
    let bins = assess_bins(&Grey::of(image, CELLS), &snapshot.motion, last_good, layout, |place: Point| map.map(place));
    Ok(Pose { shift, bins, lost })
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
pub(crate) fn last_good(data: &DataDir, rack: &RackId) -> Option<Outlines> {
    serde_json::from_slice(&std::fs::read(data.last_good(rack)).ok()?).ok()
}

/// Keeps the outlines of the bins that were well seen, for the next scans.
pub(crate) fn remember(data: &DataDir, rack: &RackId, layout: &Layout, look: &Look) -> anyhow::Result<()> {
    let Some(frame) = &look.frame else { return Ok(()) };
    let newer = outlines(layout, &frame.image, look.shift.as_ref())?;
    let refused = |id: &str| look.report.bins.iter().any(|bin| bin.id == id && bin.refusal.is_some());
    keep(data, rack, &Outlines::renew(last_good(data, rack), newer, |id| !refused(id)))
}

/// Takes this picture's outlines as good, of all bins.
pub(crate) fn remember_all(data: &DataDir, rack: &RackId, layout: &Layout, look: &Look) -> anyhow::Result<()> {
    let frame = look.frame.as_ref().context("there is no picture")?;
    keep(data, rack, &outlines(layout, &frame.image, look.shift.as_ref())?)
}

fn outlines(layout: &Layout, image: &RgbImage, shift: Option<&Shift>) -> anyhow::Result<Outlines> {
    let map = frame_map(layout, image, shift.map(|shift| &shift.map))?;
    Ok(Outlines::of(&Grey::of(image, CELLS), layout, |place: Point| map.map(place)))
}

fn keep(data: &DataDir, rack: &RackId, outlines: &Outlines) -> anyhow::Result<()> {
    let folder = data.results();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    atomic::write(&data.last_good(rack), &serde_json::to_vec(outlines)?)
}

impl Report {
    /// A bin that cannot be seen gets no opinion, whatever was counted in it.
    pub(crate) fn silence(&self, readings: &mut [BinReading]) {
        let refused: HashMap<&str, &String> =
            self.bins.iter().filter_map(|bin| Some((bin.id.as_str(), bin.refusal.as_ref()?))).collect();
        for reading in readings {
            if let Some(reason) = refused.get(reading.id.as_str()) {
                reading.count = None;
                reading.confidence = 0.0;
                reading.needs_look = Some((*reason).clone());
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
