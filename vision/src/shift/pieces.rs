//! From two fields to one map: guess, then pieces on ever finer levels.

use rayon::prelude::*;

use super::{
    Refusal,
    coarse::{self, Guess},
    field::Field,
    fit::{self, Fit, Freedom, Match},
    patch::{self, Expected},
    structure::{self, Mask, Place},
};
use crate::geometry::{FrameMap, Homography, Point, rectangle};
use crate::layout::Layout;

/// Longest side on which the first guess is made, in pixels.
const COARSE: usize = 200;

/// How far the first guess looks, as a share of the diagonal.
const REACH: f64 = 0.08;

/// Pieces that are looked for on each level.
const PIECES: usize = 400;

/// How good two fits must differ in found pieces for the better one to be believed.
const CLEARLY: f64 = 0.85;

/// What came of it.
pub(super) struct Compared {
    pub(super) fit: Fit,
    pub(super) units: Units,
    pub(super) found: Vec<Point>,
    pub(super) sought: u32,
}

/// Places of the ideal picture in numbers around 1, for arithmetic that does not drown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    centre: Point,
    pub(super) unit: f64,
}

impl Units {
    pub(super) fn new(layout: &Layout) -> Self {
        let half = layout.frame.map(|side| f64::from(side) / 2.0);
        Self { centre: half, unit: half[0].hypot(half[1]) }
    }

    /// A place in pixels of the ideal picture in these units.
    pub(super) fn of(&self, p: Point) -> Point {
        [0, 1].map(|i| (p[i] - self.centre[i]) / self.unit)
    }

    fn pixels(&self, p: Point) -> Point {
        [0, 1].map(|i| p[i] * self.unit + self.centre[i])
    }

    /// A map of these units as one of pixels.
    pub(super) fn in_pixels(&self, map: &Homography) -> Option<Homography> {
        let [x, y] = self.centre;
        let into = Homography::from_matrix([1.0, 0.0, -x, 0.0, 1.0, -y, 0.0, 0.0, self.unit])?;
        let out = Homography::from_matrix([self.unit, 0.0, x, 0.0, self.unit, y, 0.0, 0.0, 1.0])?;
        Some(into.then(map).then(&out))
    }
}

/// One level of the pyramid.
struct Level {
    before: Field,
    now: Field,
    map: FrameMap,
    mask: Mask,
    places: Vec<Place>,
}

impl Level {
    fn new(before: Field, now: Field, layout: &Layout, most: usize, corners: bool) -> Result<Self, Refusal> {
        let map = FrameMap::new(layout, [before.width as u32, before.height as u32])?;
        let mask = Mask::new(layout, &map, before.width, before.height);
        let places = structure::places(&before, &mask, most, corners);
        Ok(Self { before, now, map, mask, places })
    }

    /// Where a place of this level's reference is seen in its frame, by a map of units.
    fn seen(&self, units: &Units, by: &Homography, p: Point) -> Point {
        self.map.from_ideal(units.pixels(by.map(units.of(self.map.to_ideal(p)))))
    }

    /// The pieces that are found again within `most` pixels of where `by` says.
    fn matches(&self, units: &Units, by: &Homography, most: f64) -> Vec<Match> {
        let found = self.places.par_iter().filter_map(|place| {
            let from = [place.x as f64 + 0.5, place.y as f64 + 0.5];
            let at = self.seen(units, by, from);
            let step = |dx: f64, dy: f64| {
                let to = self.seen(units, by, [from[0] + dx, from[1] + dy]);
                [to[0] - at[0], to[1] - at[1]]
            };
            let expected = Expected { at, across: step(1.0, 0.0), down: step(0.0, 1.0) };
            let found = patch::find(&self.before, &self.mask, place, &self.now, &expected, most)?;
            let to = self.map.to_ideal([at[0] + found.by[0], at[1] + found.by[1]]);
            Some(Match { from: units.of(self.map.to_ideal(from)), to: units.of(to), weight: found.weight })
        });
        found.collect()
    }

    /// One pixel of this level in units.
    fn pixel(&self, layout: &Layout, units: &Units) -> f64 {
        f64::from(layout.frame[0]) / self.before.width as f64 / units.unit
    }
}

/// Compares the fields of reference and frame, which have the same size.
pub(super) fn compare(before: &Field, now: &Field, layout: &Layout) -> Result<Compared, Refusal> {
    let units = Units::new(layout);
    let mut fields = vec![(before.clone(), now.clone())];
    while let Some((before, now)) = fields.last().filter(|(f, _)| f.width.max(f.height) > 2 * COARSE) {
        let halved = (before.halved(), now.halved());
        fields.push(halved);
    }
    // The guess is made on a field of its own size, the pieces from the coarsest level on.
    let (small, small_now) = (shrunk(before), shrunk(now));
    let small = Level::new(small, small_now, layout, 500, false)?;
    if small.places.len() < 30 {
        return Err(Refusal::NoStructure);
    }
    let diagonal = (small.before.width as f64).hypot(small.before.height as f64);
    let directions = coarse::directions(&small.now);
    let guesses = coarse::search(&small.now, &directions, &small.places, (REACH * diagonal).ceil() as usize);
    let levels = fields
        .into_iter()
        .rev()
        .map(|(before, now)| Level::new(before, now, layout, PIECES, true))
        .collect::<Result<Vec<_>, _>>()?;
    let best = guesses.first().map_or(0.0, |guess| guess.score);
    let mut tried: Vec<Compared> = guesses
        .iter()
        .filter(|guess| f64::from(guess.score) >= CLEARLY * f64::from(best))
        .filter_map(|guess| refine(&levels, layout, &units, &small.guess(&units, guess)))
        .collect();
    tried.sort_by_key(|compared| std::cmp::Reverse(compared.found.len()));
    let sought = levels.last().map_or(0, |level| level.places.len()) as u32;
    let mut tried = tried.into_iter();
    let Some(first) = tried.next() else { return Err(Refusal::TooFew { found: 0, sought }) };
    let rival = tried.find(|other| far_apart(&first, other, layout));
    match rival {
        Some(rival) if rival.found.len() as f64 > CLEARLY * first.found.len() as f64 => {
            Err(Refusal::Unclear("it fits in two places, for the rack repeats itself".to_owned()))
        }
        _ => Ok(first),
    }
}

impl Level {
    /// A guess on this level as a map of units.
    fn guess(&self, units: &Units, guess: &Guess) -> Homography {
        let middle = [self.before.width as f64 / 2.0, self.before.height as f64 / 2.0];
        let (sin, cos) = guess.turn.sin_cos();
        let seen = |[x, y]: Point| {
            let (dx, dy) = (x - middle[0], y - middle[1]);
            [middle[0] + cos * dx - sin * dy + guess.by[0], middle[1] + sin * dx + cos * dy + guess.by[1]]
        };
        // A square around the middle carries the whole guess; the lens is nearly straight there.
        let around = rectangle(middle[0], middle[1]).map(|[x, y]| [x + middle[0] / 2.0, y + middle[1] / 2.0]);
        let unit = |p: Point| units.of(self.map.to_ideal(p));
        Homography::from_quads(&around.map(unit), &around.map(|p| unit(seen(p)))).unwrap_or(Homography::IDENTITY)
    }
}

fn shrunk(field: &Field) -> Field {
    let share = (COARSE as f64 / field.width.max(field.height) as f64).min(1.0);
    let size = |side: usize| ((side as f64 * share).round() as usize).max(8);
    field.resized(size(field.width), size(field.height))
}

/// Follows one guess through all levels. Where noise or blur hides the detail of a finer level, the coarser one stands.
fn refine(levels: &[Level], layout: &Layout, units: &Units, guess: &Homography) -> Option<Compared> {
    const FIRST: &[(Freedom, f64)] = &[(Freedom::Similarity, 5.0), (Freedom::Similarity, 3.0), (Freedom::Full, 2.0)];
    const FINER: &[(Freedom, f64)] = &[(Freedom::Full, 3.0)];
    let mut best: Option<Compared> = None;
    for (i, level) in levels.iter().enumerate() {
        let mut map = best.as_ref().map_or(*guess, |best| best.fit.map);
        let mut here = None;
        for (freedom, most) in if i == 0 { FIRST } else { FINER } {
            let matches = level.matches(units, &map, *most);
            let Some(fit) = fit::fit(&matches, &map, *freedom, 0.15 * level.pixel(layout, units)) else { break };
            map = fit.map;
            let found = matches.iter().zip(&fit.agree).filter(|(_, agree)| **agree).map(|(m, _)| m.from).collect();
            here = Some(Compared { fit, units: *units, found, sought: level.places.len() as u32 });
        }
        let share = |c: &Compared| c.found.len() as f64 / f64::from(c.sought.max(1));
        match (here, &best) {
            (Some(here), Some(before)) if share(&here) < 0.5 * share(before) => break,
            (Some(here), _) => best = Some(here),
            (None, _) => break,
        }
    }
    best
}

/// Whether two fits put the rack's corners clearly apart.
fn far_apart(a: &Compared, b: &Compared, layout: &Layout) -> bool {
    let limit = 0.01;
    layout.corners.iter().any(|corner| {
        let p = a.units.of(*corner);
        let (p, q) = (a.fit.map.map(p), b.fit.map.map(p));
        (p[0] - q[0]).hypot(p[1] - q[1]) > limit
    })
}
