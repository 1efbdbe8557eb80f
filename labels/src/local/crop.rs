//! Cuts a line out of a picture and lays it straight.

use image::{Rgb, RgbImage};

use super::region::Region;

/// The region as a picture of that size, each pixel mixed from four.
pub(super) fn straighten(picture: &RgbImage, region: &Region, width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let place = |n: u32, of: u32| (2.0 * n as f32 + 1.0) / of as f32 - 1.0;
        let [px, py] = region.at(place(x, width), place(y, height));
        mixed(picture, px - 0.5, py - 0.5)
    })
}

/// The colour between four pixels; beyond the edge that of the edge.
pub(crate) fn mixed(picture: &RgbImage, x: f32, y: f32) -> Rgb<u8> {
    let (x, y) = (x.clamp(0.0, (picture.width() - 1) as f32), y.clamp(0.0, (picture.height() - 1) as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(picture.width() - 1), (top + 1).min(picture.height() - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let [a, b, c, d] =
        [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| picture.get_pixel(x, y).0);
    Rgb([0, 1, 2].map(|i| {
        let [a, b, c, d] = [a[i], b[i], c[i], d[i]].map(f32::from);
        ((a * (1.0 - fx) + b * fx) * (1.0 - fy) + (c * (1.0 - fx) + d * fx) * fy).round() as u8
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_lays_a_column_down() {
        // Two pixels wide, four high; the text would run upwards: the lowest pixel comes first.
        let picture = RgbImage::from_fn(2, 4, |_, y| Rgb([y as u8 * 10, 0, 0]));
        let region = Region { centre: [1.0, 2.0], along: [1.0, 0.0], half: [1.0, 2.0], curve: 0.0 };
        let laid = straighten(&picture, &region.quarter(), 4, 2);
        assert_eq!((0..4).map(|x| laid.get_pixel(x, 0).0[0]).collect::<Vec<_>>(), [30, 20, 10, 0]);
    }
}
