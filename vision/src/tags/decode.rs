//! Reads the pattern within a square.

use super::{Tag, codes};
use crate::geometry::{Homography, Point, rectangle};
use crate::shift::field::Field;

/// Cells along a side: six of the pattern and the black border.
const CELLS: usize = 8;

/// Least difference between white and black, in values of 0 to 255.
const CONTRAST: f32 = 20.0;

/// The tag whose border has these corners, clockwise from any; none where there is no tag.
pub(super) fn decode(field: &Field, quad: &[Point; 4]) -> Option<Tag> {
    let side = CELLS as f64;
    let map = Homography::from_quads(&rectangle(side, side), quad)?;
    let at = |x: f64, y: f64| field.sample(map.map([x, y]));
    // Brightness of the white ground around and of the black border, along each side.
    let ring = |depth: f64| -> Option<Vec<f32>> {
        let along = (0..CELLS).map(|i| i as f64 + 0.5);
        let places = along.flat_map(|t| [[t, depth], [t, side - depth], [depth, t], [side - depth, t]]);
        places.map(|[x, y]| at(x, y)).collect()
    };
    let (white, black) = (ring(-0.5)?, ring(0.5)?);
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    let (light, dark) = (mean(&white), mean(&black));
    let middle = (light + dark) / 2.0;
    let astray = white.iter().filter(|v| **v < middle).count() + black.iter().filter(|v| **v > middle).count();
    if light - dark < CONTRAST || astray > (white.len() + black.len()) / 16 {
        return None;
    }
    let mut bits = 0u64;
    for i in 0..36 {
        let (x, y) = ((i % 6) as f64 + 1.5, (i / 6) as f64 + 1.5);
        // Five places of the cell, so that noise on one does not decide.
        let spots = [[0.0, 0.0], [0.2, 0.2], [-0.2, 0.2], [0.2, -0.2], [-0.2, -0.2]];
        let values = spots.iter().map(|[dx, dy]| at(x + dx, y + dy)).collect::<Option<Vec<_>>>()?;
        bits = bits << 1 | u64::from(mean(&values) > middle);
    }
    let (id, turn, corrected) = codes::name(bits)?;
    // Each quarter turn of the tag moves its top left corner one further, clockwise.
    let corners = [0, 1, 2, 3].map(|i| quad[(i + turn) % 4]);
    Some(Tag { id, corners, corrected })
}
