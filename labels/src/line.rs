//! What a reader has seen: lines of text, each with its place.

use serde::{Deserialize, Serialize};

/// Most lines of a picture; a back label has 40.
pub(crate) const MOST_LINES: usize = 80;

/// A line of text on a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The text as read, not empty.
    pub text: String,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
    /// The corners in pixels of the picture that was read, clockwise from the text's top left.
    pub corners: [[f32; 2]; 4],
}

impl Line {
    /// Height of the letters in pixels: the shorter side of the box.
    #[must_use]
    pub fn height(&self) -> f32 {
        let side = |a: usize, b: usize| {
            let (dx, dy) = (self.corners[a][0] - self.corners[b][0], self.corners[a][1] - self.corners[b][1]);
            dx.hypot(dy)
        };
        side(0, 3).min(side(0, 1))
    }

    /// How far down its middle lies, in pixels.
    #[must_use]
    pub fn middle(&self) -> f32 {
        self.corners.iter().map(|corner| corner[1]).sum::<f32>() / 4.0
    }
}

/// From top to bottom, by where they begin.
pub(crate) fn top_down(lines: &mut [Line]) {
    let top = |line: &Line| line.corners.iter().map(|corner| corner[1]).fold(f32::INFINITY, f32::min);
    lines.sort_by(|a, b| top(a).total_cmp(&top(b)));
}

/// One shot and its lines, from top to bottom.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Width of the picture that was read, in pixels.
    pub width: u32,
    /// Height of the picture that was read, in pixels.
    pub height: u32,
    /// The lines.
    pub lines: Vec<Line>,
}
