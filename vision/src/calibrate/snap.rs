//! From where a finger tapped to the corner or edge it meant.
//!
//! Corners by the smaller eigenvalue of the structure tensor (Shi and Tomasi, *Good features to track*, 1994), placed to a
//! fraction of a pixel where the edges around it meet (Förstner and Gülch, 1987).

use image::RgbImage;

use crate::{geometry::Point, shift::field::Field};

/// What was found near a tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Two edges that meet.
    Corner,
    /// One edge.
    Edge,
    /// Nothing: the place is the tapped one.
    Nothing,
}

/// A step of fewer grey levels is nothing to hold on to.
const LEAST: f64 = 6.0;
/// Half the window in which edges meet, in pixels.
const HALF: isize = 4;

/// The strongest corner within `reach` pixels (2 to 64) of a place of the picture, else the strongest edge.
pub fn snap(image: &RgbImage, [x, y]: Point, reach: f64) -> (Point, Found) {
    let reach = reach.clamp(2.0, 64.0);
    let margin = reach + 2.0 * HALF as f64;
    let low = [x, y].map(|v| (v - margin).max(0.0) as u32);
    let high = [(x + margin).min(f64::from(image.width())) as u32, (y + margin).min(f64::from(image.height())) as u32];
    if !(x.is_finite() && y.is_finite()) || high[0] < low[0].saturating_add(8) || high[1] < low[1].saturating_add(8) {
        return ([x, y], Found::Nothing);
    }
    let size = [high[0] - low[0], high[1] - low[1]];
    let part = image::imageops::crop_imm(image, low[0], low[1], size[0], size[1]).to_image();
    let field = Field::of_rgb(&part, size[0] as usize, size[1] as usize);
    let slopes = field.slopes();
    let tap = [x - f64::from(low[0]), y - f64::from(low[1])];
    let (place, found) = strongest(&field, &slopes, tap, reach);
    ([place[0] + f64::from(low[0]), place[1] + f64::from(low[1])], found)
}

fn strongest(field: &Field, slopes: &[[f32; 2]], tap: Point, reach: f64) -> (Point, Found) {
    let (mut corner, mut edge) = ((LEAST * LEAST, None), (LEAST, None));
    for y in 0..field.height {
        for x in 0..field.width {
            let p = [x as f64 + 0.5, y as f64 + 0.5];
            let away = (p[0] - tap[0]).hypot(p[1] - tap[1]) / reach;
            if away > 1.0 {
                continue;
            }
            // Of two that are as strong the nearer one was meant.
            let near = 1.0 - 0.5 * away * away;
            let g = slopes[y * field.width + x];
            let size = near * f64::from(g[0].hypot(g[1]));
            if size > edge.0 {
                edge = (size, Some(p));
            }
            let [a, b, c] = tensor(field, slopes, x as isize, y as isize).0;
            let least = near * ((a + c) / 2.0 - (((a - c) / 2.0).powi(2) + b * b).sqrt());
            if least > corner.0 {
                corner = (least, Some((x, y)));
            }
        }
    }
    if let Some((x, y)) = corner.1 {
        let p = [x as f64 + 0.5, y as f64 + 0.5];
        let ([a, b, c], [u, v]) = tensor(field, slopes, x as isize, y as isize);
        let det = a * c - b * b;
        let meet = [(c * u - b * v) / det, (a * v - b * u) / det];
        let place =
            if meet[0].abs().max(meet[1].abs()) <= HALF as f64 + 1.0 { [p[0] + meet[0], p[1] + meet[1]] } else { p };
        return (place, Found::Corner);
    }
    edge.1.map_or((tap, Found::Nothing), |p| (p, Found::Edge))
}

/// The mean structure tensor of a window, and its product with the places relative to the middle.
fn tensor(field: &Field, slopes: &[[f32; 2]], x: isize, y: isize) -> ([f64; 3], [f64; 2]) {
    let (mut t, mut at) = ([0.0; 3], [0.0; 2]);
    for dy in -HALF..=HALF {
        for dx in -HALF..=HALF {
            let (i, j) = (x + dx, y + dy);
            if i < 0 || j < 0 || i >= field.width as isize || j >= field.height as isize {
                continue;
            }
            let [gx, gy] = slopes[j as usize * field.width + i as usize].map(f64::from);
            let (xx, xy, yy) = (gx * gx, gx * gy, gy * gy);
            t = [t[0] + xx, t[1] + xy, t[2] + yy];
            at = [at[0] + xx * dx as f64 + xy * dy as f64, at[1] + xy * dx as f64 + yy * dy as f64];
        }
    }
    let n = ((2 * HALF + 1) * (2 * HALF + 1)) as f64;
    (t.map(|v| v / n), at.map(|v| v / n))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A light square whose corner lies at 60, 40, softened as a lens does.
    fn square() -> RgbImage {
        let soft = |d: f64| (0.5 + d / 2.0).clamp(0.0, 1.0);
        RgbImage::from_fn(160, 120, |x, y| {
            let inside = soft(f64::from(x) + 0.5 - 60.0) * soft(f64::from(y) + 0.5 - 40.0);
            Rgb([(40.0 + 150.0 * inside) as u8; 3])
        })
    }

    #[test]
    fn a_tap_beside_a_corner_means_the_corner() {
        for tap in [[60.0, 40.0], [66.0, 45.0], [53.0, 36.0]] {
            let (place, found) = snap(&square(), tap, 12.0);
            assert_eq!(found, Found::Corner);
            assert!((place[0] - 60.0).hypot(place[1] - 40.0) < 0.7, "{tap:?} {place:?}");
        }
    }

    #[test]
    fn else_the_edge_else_nothing() {
        let (place, found) = snap(&square(), [100.0, 44.0], 10.0);
        assert_eq!(found, Found::Edge);
        assert!((place[1] - 40.0).abs() < 1.1, "{place:?}");
        assert_eq!(snap(&square(), [110.0, 90.0], 10.0), ([110.0, 90.0], Found::Nothing));
        assert_eq!(snap(&square(), [-50.0, f64::NAN], 10.0).1, Found::Nothing);
        assert_eq!(snap(&RgbImage::new(3, 3), [1.0, 1.0], 10.0).1, Found::Nothing);
    }
}
