//! The picture turned, and made smaller.

use image::{GrayImage, Luma, imageops};

/// A copy whose longer side has at most `side` pixels.
pub(super) fn reduced(picture: &GrayImage, side: u32) -> GrayImage {
    let longest = picture.width().max(picture.height());
    if longest <= side {
        return picture.clone();
    }
    let part = |v: u32| (u64::from(v) * u64::from(side) / u64::from(longest)).max(1) as u32;
    imageops::resize(picture, part(picture.width()), part(picture.height()), imageops::FilterType::Triangle)
}

/// A copy turned by `degrees` about its middle, as large as it must be, white where the picture does not reach.
pub(super) fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let wide = (width * cos.abs() + height * sin.abs()).ceil();
    let high = (width * sin.abs() + height * cos.abs()).ceil();
    GrayImage::from_fn(wide as u32, high as u32, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - wide / 2.0, y as f32 + 0.5 - high / 2.0);
        Luma([sample(picture, dx * cos - dy * sin + width / 2.0 - 0.5, dx * sin + dy * cos + height / 2.0 - 0.5)])
    })
}

/// The brightness between four pixels.
fn sample(picture: &GrayImage, x: f32, y: f32) -> u8 {
    let at = |x: f32, y: f32| {
        let inside = x >= 0.0 && y >= 0.0 && x < picture.width() as f32 && y < picture.height() as f32;
        if inside { f32::from(picture.get_pixel(x as u32, y as u32)[0]) } else { 255.0 }
    };
    let (left, top) = (x.floor(), y.floor());
    let (right, low) = (x - left, y - top);
    let above = at(left, top) * (1.0 - right) + at(left + 1.0, top) * right;
    let below = at(left, top + 1.0) * (1.0 - right) + at(left + 1.0, top + 1.0) * right;
    (above * (1.0 - low) + below * low).round() as u8
}
