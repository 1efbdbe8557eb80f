//! Cuts one bin out of the straightened picture.

use image::{Rgb, RgbImage};

use crate::geometry::{bounds, contains};
use crate::layout::BinShape;

/// Left, top, right and bottom pixel (the last two exclusive) of a bin within a picture; none if it lies outside.
pub fn pixel_box(bin: &BinShape, width: u32, height: u32) -> Option<[u32; 4]> {
    let [left, top, right, bottom] = bounds(&bin.polygon);
    // Casting saturates, so that a polygon beyond the border simply ends there.
    let cut =
        [left.floor() as u32, top.floor() as u32, (right.ceil() as u32).min(width), (bottom.ceil() as u32).min(height)];
    (cut[0] < cut[2] && cut[1] < cut[3]).then_some(cut)
}

/// The bin's bounding box; what lies outside its polygon is black. A bin outside the picture gives one black pixel.
pub fn crop(rectified: &RgbImage, bin: &BinShape) -> RgbImage {
    let Some([left, top, right, bottom]) = pixel_box(bin, rectified.width(), rectified.height()) else {
        return RgbImage::new(1, 1);
    };
    RgbImage::from_fn(right - left, bottom - top, |x, y| {
        let (x, y) = (x + left, y + top);
        let inside = contains(&bin.polygon, [f64::from(x) + 0.5, f64::from(y) + 0.5]);
        if inside { *rectified.get_pixel(x, y) } else { Rgb([0; 3]) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_survives_the_border() {
        let image = RgbImage::from_pixel(20, 20, Rgb([200; 3]));
        let bin = |polygon: &[[f64; 2]]| BinShape { id: "a".into(), polygon: polygon.to_vec(), capacity: 0 };
        let diamond = crop(&image, &bin(&[[10.0, 2.0], [18.0, 10.0], [10.0, 18.0], [2.0, 10.0]]));
        assert_eq!(diamond.dimensions(), (16, 16));
        assert_eq!((diamond.get_pixel(0, 0), diamond.get_pixel(8, 8)), (&Rgb([0; 3]), &Rgb([200; 3])));
        assert_eq!(crop(&image, &bin(&[[-9.0, -9.0], [50.0, -9.0], [50.0, 50.0]])).dimensions(), (20, 20));
        assert_eq!(crop(&image, &bin(&[[30.0, 30.0], [50.0, 30.0], [50.0, 50.0]])).dimensions(), (1, 1));
    }
}
