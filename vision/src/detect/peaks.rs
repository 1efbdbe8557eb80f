//! From the network's heat map to bottle ends in the straightened picture.

use super::End;
use super::network::GRID;
use super::tiles::{CANVAS, Tile};

/// Peaks below this probability are not even doubts.
const FLOOR: f64 = 0.08;
/// The network speaks of radii as multiples of this many canvas pixels.
const RADIUS_UNIT: f64 = 8.0;

/// All peaks of one tile's answer, doubtful ones included.
pub(super) fn peaks(answer: &[f32], tile: &Tile) -> Vec<End> {
    let plane = GRID * GRID;
    let cell = CANVAS as f64 / GRID as f64;
    let mut ends = Vec::new();
    for y in 0..GRID {
        for x in 0..GRID {
            let i = y * GRID + x;
            let confidence = sigmoid(f64::from(answer[i]));
            if confidence < FLOOR || !is_peak(&answer[..plane], x, y) {
                continue;
            }
            let shift = |p: usize| f64::from(answer[p * plane + i]).clamp(-1.5, 1.5);
            let radius = f64::from(answer[plane + i]).clamp(-3.0, 2.3).exp() * RADIUS_UNIT;
            ends.push(End {
                x: tile.left + (x as f64 + 0.5 + shift(2)) * cell * tile.scale(),
                y: tile.top + (y as f64 + 0.5 + shift(3)) * cell * tile.scale(),
                r: radius * tile.scale(),
                confidence,
            });
        }
    }
    ends
}

fn is_peak(heat: &[f32], x: usize, y: usize) -> bool {
    let here = y * GRID + x;
    for ny in y.saturating_sub(1)..(y + 2).min(GRID) {
        for nx in x.saturating_sub(1)..(x + 2).min(GRID) {
            let there = ny * GRID + nx;
            // Of two equal neighbours the first one counts.
            if heat[there] > heat[here] || (heat[there] == heat[here] && there < here) {
                return false;
            }
        }
    }
    true
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Keeps of ends that cover each other only the surest. The result begins with the surest.
pub(super) fn suppress(mut ends: Vec<End>) -> Vec<End> {
    ends.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<End> = Vec::new();
    for end in ends {
        let covered = |k: &End| (k.x - end.x).hypot(k.y - end.y) < 0.62 * k.r.max(end.r);
        if !kept.iter().any(covered) {
            kept.push(end);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places_and_drops_doubles() {
        let mut answer = vec![-9.0; 4 * GRID * GRID];
        answer[GRID * GRID..].fill(0.0);
        answer[5 * GRID + 9] = 3.0;
        answer[5 * GRID + 10] = 2.0;
        let tile = Tile { left: 100.0, top: 50.0, side: 256.0 };
        let ends = peaks(&answer, &tile);
        assert_eq!(ends.len(), 1);
        assert!((ends[0].x - 176.0).abs() < 1e-9 && (ends[0].y - 94.0).abs() < 1e-9 && (ends[0].r - 16.0).abs() < 1e-9);
        let twin = End { x: 180.0, confidence: 0.5, ..ends[0].clone() };
        assert_eq!(suppress(vec![twin, ends[0].clone()]), ends);
    }
}
