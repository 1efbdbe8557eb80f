//! A flat picture of a label, seen on a bottle: what a reader does with curved lines is measured so, with the truth of the flat one.

use image::{Rgb, RgbImage};

use crate::local::mixed;

/// The sine of how far above the label's middle the camera stands: some 15 degrees, as a person holds it over a bottle on a table.
const ABOVE: f32 = 0.26;

/// The picture laid around an upright bottle that it spans by `degrees` to both sides (0 to 80): lines sag towards the middle, and
/// letters at the sides become narrow.
pub(super) fn bend(picture: &RgbImage, degrees: f32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let (half, most) = (width as f32 / 2.0, degrees.clamp(0.0, 80.0).to_radians());
    if most < 0.01 {
        return picture.clone();
    }
    let radius = half / most.sin();
    // As deep as the sides rise: what was at the top there must still be seen.
    let rise = ABOVE * radius * (1.0 - most.cos());
    RgbImage::from_fn(width, height + rise.ceil() as u32, |x, y| {
        let angle = ((x as f32 + 0.5 - half) / radius).asin();
        let from = [half + half * angle / most, y as f32 + 0.5 - ABOVE * radius * (angle.cos() - most.cos())];
        match from[1] >= 0.0 && from[1] <= height as f32 {
            true => mixed(picture, from[0] - 0.5, from[1] - 0.5),
            false => Rgb([128; 3]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_sags_in_the_middle_and_sides_become_narrow() {
        // A black line across, and black columns of ten pixels at the left edge and in the middle.
        let flat = RgbImage::from_fn(400, 200, |x, y| {
            Rgb([if (95..105).contains(&y) || x < 10 || (195..205).contains(&x) { 0 } else { 255 }; 3])
        });
        let bent = bend(&flat, 60.0);
        let black = |x: u32, y: u32| bent.get_pixel(x, y).0[0] < 128;
        let top = |x: u32| (20..bent.height()).find(|y| black(x, *y) && black(x, y + 5)).expect("the line");
        assert!(top(150) > top(50) + 10, "{} {}", top(150), top(50));
        let wide = |from: u32, to: u32| (from..to).filter(|x| black(*x, 60)).count();
        assert!(wide(0, 50) <= 6 && wide(150, 250) >= 11, "{} {}", wide(0, 50), wide(150, 250));
        assert_eq!(bend(&flat, 0.0), flat);
    }
}
