//! The shift by AprilTags that are stuck to the rack.

use super::{
    Refusal,
    field::Field,
    fit::{self, Freedom, Match},
    pieces::{Compared, Units},
};
use crate::geometry::{FrameMap, Homography, Point, bounds};
use crate::layout::Layout;
use crate::tags;

/// Tags must span this much of the rack, as a share of its diagonal: beyond them the map is a guess.
const LEAST_SPAN: f64 = 0.4;

/// How exactly a tag's corner is found, in pixels of the fields.
const EXACT: f64 = 0.15;

/// The map by the tags that are in both fields; none where there are fewer than two, or they are too near each other.
pub(super) fn compare(before: &Field, now: &Field, layout: &Layout) -> Result<Option<Compared>, Refusal> {
    let was = tags::find_in(before);
    if was.len() < 2 {
        return Ok(None);
    }
    let is = tags::find_in(now);
    let map = FrameMap::new(layout, [before.width as u32, before.height as u32])?;
    let units = Units::new(layout);
    let place = |p: Point| units.of(map.to_ideal(p));
    let mut common = 0;
    let mut matches = Vec::new();
    for tag in &was {
        if let Some(twin) = is.iter().find(|other| other.id == tag.id) {
            common += 1;
            let corners = tag.corners.iter().zip(twin.corners);
            matches.extend(corners.map(|(a, b)| Match { from: place(*a), to: place(b), weight: [1.0, 0.0, 1.0] }));
        }
    }
    let places: Vec<Point> = matches.iter().map(|m| m.from).collect();
    let diagonal = |box_: [f64; 4]| (box_[2] - box_[0]).hypot(box_[3] - box_[1]);
    let rack: Vec<Point> = layout.corners_for(before.width as u32, before.height as u32).map(place).to_vec();
    if common < 2 || diagonal(bounds(&places)) < LEAST_SPAN * diagonal(bounds(&rack)) {
        return Ok(None);
    }
    let tolerance = EXACT * f64::from(layout.frame[0]) / before.width as f64 / units.unit;
    // A plane's view is determined by three tags; two give displacement, turn and size.
    let fitted = fit::fit(&matches, &Homography::IDENTITY, Freedom::Similarity, tolerance).and_then(|similar| {
        if common >= 3 { fit::fit(&matches, &similar.map, Freedom::Full, tolerance) } else { Some(similar) }
    });
    Ok(fitted.map(|fit| {
        let found = matches.iter().zip(&fit.agree).filter(|(_, agree)| **agree).map(|(m, _)| m.from).collect();
        Compared { fit, units, found, sought: matches.len() as u32 }
    }))
}
