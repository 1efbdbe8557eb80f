//! One bin: a first look, a closer one where it is crowded, and the mirror image where there is doubt.

use image::RgbImage;

use super::canvas::{Canvas, INSIDE, PixelMap, detail, draw};
use super::engine::ModelError;
use super::framing::{CLOSE, CROWD, Framing, SMALL, budget};
use super::head::Head;
use super::judge::{self, DOUBT};
use super::network::{Network, Word};
use super::peaks::{HeatMap, Peak, log_odds};
use super::sidecar::Fit;
use super::signature::{Light, signature};
use super::{BinReading, End};
use crate::geometry::{Point, area};
use crate::layout::BinShape;

/// A bin of which the frame shows less than this share gets no opinion: what is cut off may hold a bottle. Outlines drawn
/// a little beyond the frame stay readable.
pub(super) const LEAST_SHOWN: f64 = 0.9;

/// Where a bin is looked at.
pub(super) struct Scene<'a> {
    /// The frame.
    pub(super) picture: &'a RgbImage,
    /// Where its first pixel lies.
    pub(super) origin: Point,
    /// From straightened pixels to the frame's.
    pub(super) map: &'a dyn PixelMap,
}

/// What was seen in a bin.
pub(super) struct Seen {
    canvas: Canvas,
    map: Option<HeatMap>,
    class: Option<(u32, f64)>,
    /// The bin's own peaks, surest first, corrected by the head.
    pub(super) peaks: Vec<Peak>,
    /// Share of the bin that the frame shows.
    pub(super) shown: f64,
}

/// Slope and shift of the confidence.
pub(super) fn calibration(network: &Network, head: Option<&Head>) -> [f64; 2] {
    head.map_or(network.sidecar.calibration, |head| head.calibration)
}

/// Looks at a bin.
pub(super) fn look(
    network: &Network,
    head: Option<&Head>,
    scene: &Scene<'_>,
    bin: &BinShape,
) -> Result<Seen, ModelError> {
    let input = &network.sidecar.input;
    let finer = detail(scene.map, &bin.polygon);
    let first = match input.size {
        Some(size) => Framing::fixed(&bin.polygon, size, input.margin, input.fit == Fit::Stretch),
        None => Framing::new(&bin.polygon, budget(bin.capacity), finer),
    };
    let seen = glance(network, head, scene, bin, first)?;
    if input.size.is_none() && crowded(&seen) && seen.canvas.framing.can_come_closer(&bin.polygon, finer) {
        return from_close(network, head, scene, bin, finer);
    }
    settled(network, head, bin, seen)
}

/// Looks at a bin with more of the pixels that the frame has; none where the first look showed them all.
pub(super) fn closer(
    network: &Network,
    head: Option<&Head>,
    scene: &Scene<'_>,
    bin: &BinShape,
) -> Result<Option<Seen>, ModelError> {
    let finer = detail(scene.map, &bin.polygon);
    let first = Framing::new(&bin.polygon, budget(bin.capacity), finer);
    if network.sidecar.input.size.is_some() || !first.can_come_closer(&bin.polygon, finer) {
        return Ok(None);
    }
    from_close(network, head, scene, bin, finer).map(Some)
}

fn from_close(
    network: &Network,
    head: Option<&Head>,
    scene: &Scene<'_>,
    bin: &BinShape,
    finer: f64,
) -> Result<Seen, ModelError> {
    let seen = glance(network, head, scene, bin, Framing::new(&bin.polygon, CLOSE, finer))?;
    settled(network, head, bin, seen)
}

/// Where there is doubt, the mirror image has a say.
fn settled(network: &Network, head: Option<&Head>, bin: &BinShape, seen: Seen) -> Result<Seen, ModelError> {
    let doubtful = seen.map.is_some() && judge::odds(&seen.peaks) < DOUBT;
    if doubtful { from_both_sides(network, head, bin, seen) } else { Ok(seen) }
}

/// Draws the bin and asks the network once.
fn glance(
    network: &Network,
    head: Option<&Head>,
    scene: &Scene<'_>,
    bin: &BinShape,
    framing: Framing,
) -> Result<Seen, ModelError> {
    let canvas = draw(scene.picture, scene.origin, scene.map, &bin.polygon, framing);
    let inside = canvas.mask.iter().filter(|m| **m == INSIDE).count() as f64;
    let shown = inside / (area(&bin.polygon) * framing.zoom[0] * framing.zoom[1]).max(1.0);
    let mut seen = Seen { canvas, map: None, class: None, peaks: Vec::new(), shown };
    if shown < LEAST_SHOWN {
        return Ok(seen);
    }
    match network.ask(&seen.canvas, false)? {
        Word::Class(count, p) => seen.class = Some((count, p)),
        Word::Boxes(peaks) => seen.peaks = judge::within(bin, peaks),
        Word::Heat(map) => {
            seen.peaks = corrected(head, bin, map.peaks(&seen.canvas.framing));
            seen.map = Some(map);
        }
    }
    Ok(seen)
}

fn from_both_sides(network: &Network, head: Option<&Head>, bin: &BinShape, mut seen: Seen) -> Result<Seen, ModelError> {
    if let (Some(map), Word::Heat(other)) = (seen.map.take(), network.ask(&seen.canvas, true)?) {
        let both = map.with_mirrored(&other);
        seen.peaks = corrected(head, bin, both.peaks(&seen.canvas.framing));
        seen.map = Some(both);
    }
    Ok(seen)
}

fn corrected(head: Option<&Head>, bin: &BinShape, peaks: Vec<Peak>) -> Vec<Peak> {
    let mut peaks = judge::within(bin, peaks);
    if let Some(head) = head {
        peaks.iter_mut().for_each(|peak| head.apply(peak));
        peaks.sort_by(|a, b| b.logit.total_cmp(&a.logit));
    }
    peaks
}

fn crowded(seen: &Seen) -> bool {
    let scale = seen.canvas.framing.scale();
    let mut count = 0;
    judge::accepted(&seen.peaks).any(|peak| {
        count += 1;
        count > CROWD || peak.end.r * scale < SMALL
    })
}

impl Seen {
    /// The bin's reading, each counted end with its signature.
    pub(super) fn reading(&self, bin: &BinShape, calibration: [f64; 2]) -> BinReading {
        if let Some((count, p)) = self.class {
            return judge::judge_class(bin, count, log_odds(p), calibration);
        }
        let mut reading = judge::judge(bin, &self.peaks, calibration);
        if !reading.ends.is_empty() {
            let light = Light::of(&self.canvas);
            reading.ends.iter_mut().for_each(|end| end.signature = self.looks(end, &light));
        }
        reading
    }

    fn looks(&self, end: &End, light: &Light) -> Vec<f32> {
        let framing = &self.canvas.framing;
        signature(&self.canvas, light, self.map.as_ref(), framing.inwards([end.x, end.y]), end.r * framing.scale())
    }
}
