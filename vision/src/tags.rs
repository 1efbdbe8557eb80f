//! Finds AprilTags of the family 36h11 in a picture: squares that someone has printed and stuck to the rack.
//!
//! E. Olson, "AprilTag: a robust and flexible visual fiducial system", ICRA 2011; J. Wang and E. Olson, "AprilTag 2",
//! IROS 2016. Tags 0 to 39 are known, more than a rack needs; fewer names also mean fewer mistakes.

mod codes;
mod decode;
mod quads;
mod regions;

use image::GrayImage;

pub use codes::{KNOWN, code};

use crate::geometry::Point;
use crate::shift::field::Field;

/// A tag in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its number, 0 to 39.
    pub id: u32,
    /// The outer corners of its black border in pixels, in the order top left, top right, bottom right, bottom left of
    /// the printed tag, whichever way it is turned.
    pub corners: [Point; 4],
    /// Bits that had to be corrected, 0 to 2.
    pub corrected: u32,
}

/// All tags of a picture, by number. One that appears twice is left out: nobody knows which of the two is meant.
pub fn find(picture: &GrayImage) -> Vec<Tag> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width.min(height) < 16 {
        return Vec::new();
    }
    find_in(&Field::of_gray(picture, width, height))
}

pub(crate) fn find_in(field: &Field) -> Vec<Tag> {
    let mut tags: Vec<Tag> = regions::borders(field)
        .iter()
        .filter_map(|border| quads::quad(border))
        .filter_map(|quad| quads::refine(field, &quad))
        .filter_map(|quad| decode::decode(field, &quad))
        .collect();
    tags.sort_by_key(|tag| tag.id);
    let alone: Vec<bool> =
        (0..tags.len()).map(|i| tags.iter().filter(|tag| tag.id == tags[i].id).count() == 1).collect();
    let mut alone = alone.into_iter();
    tags.retain(|_| alone.next().unwrap_or(false));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Homography, rectangle};

    /// A picture of tags on a grey wall: each by its number and its border's corners. Blurred by averaging.
    fn picture(tags: &[(u32, [Point; 4])], blur: usize, noise: f32) -> GrayImage {
        const FINE: usize = 4;
        let maps: Vec<(u64, Homography)> = tags
            .iter()
            .map(|(id, corners)| {
                (code(*id).expect("known"), Homography::from_quads(corners, &rectangle(8.0, 8.0)).expect("a map"))
            })
            .collect();
        let shade = |p: Point| {
            for (code, map) in &maps {
                let [x, y] = map.map(p).map(|v| v.floor() as i64);
                if (-1..9).contains(&x) && (-1..9).contains(&y) {
                    let border = |v: i64| v == 0 || v == 7;
                    let quiet = |v: i64| v == -1 || v == 8;
                    let bit = || code >> (35 - ((y - 1) * 6 + x - 1)) & 1 == 1;
                    let white = quiet(x) || quiet(y) || (!border(x) && !border(y) && bit());
                    return if white { 200.0 } else { 40.0 };
                }
            }
            120.0 + 10.0 * (p[0] / 40.0).sin()
        };
        let (w, h) = (400usize, 300usize);
        let fine: Vec<f32> = (0..w * h * FINE * FINE)
            .map(|i| {
                let (x, y) = (i % (w * FINE), i / (w * FINE));
                shade([(x as f64 + 0.5) / FINE as f64, (y as f64 + 0.5) / FINE as f64]) as f32
            })
            .collect();
        let sharp = Field { width: w * FINE, height: h * FINE, data: fine }.resized(w, h);
        let reach = blur as isize;
        GrayImage::from_fn(w as u32, h as u32, |x, y| {
            let around = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)));
            let sum: f32 = around.map(|(dx, dy)| sharp.at(x as isize + dx, y as isize + dy)).sum();
            // A fixed scatter of values in place of chance.
            let grain = ((x * 7919 + y * 104_729 + x * y * 31) % 1000) as f32 / 500.0 - 1.0;
            let value = sum / ((2 * reach + 1) * (2 * reach + 1)) as f32 + noise * grain;
            image::Luma([value.clamp(0.0, 255.0) as u8])
        })
    }

    const UPRIGHT: [Point; 4] = [[40.3, 50.7], [92.1, 51.2], [91.8, 103.4], [39.9, 102.6]];
    const TURNED: [Point; 4] = [[300.2, 70.1], [331.0, 118.4], [280.5, 150.9], [249.8, 101.7]];
    const SLANTED: [Point; 4] = [[150.0, 180.5], [208.3, 195.1], [201.9, 262.2], [140.4, 232.8]];

    fn worst(found: &[Tag], tags: &[(u32, [Point; 4])]) -> f64 {
        assert_eq!(found.iter().map(|tag| tag.id).collect::<Vec<_>>(), tags.iter().map(|t| t.0).collect::<Vec<_>>());
        let pairs = found.iter().zip(tags).flat_map(|(tag, (_, corners))| tag.corners.iter().zip(corners));
        pairs.map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).fold(0.0, f64::max)
    }

    #[test]
    fn reads_tags_turned_slanted_noisy_and_blurred() {
        let tags = [(0, UPRIGHT), (17, TURNED), (39, SLANTED)];
        for (blur, noise, limit) in [(0, 0.0, 0.3), (1, 12.0, 0.5), (0, 25.0, 0.6)] {
            let found = find(&picture(&tags, blur, noise));
            let off = worst(&found, &tags);
            assert!(off < limit, "blur {blur}, noise {noise}: {off} px");
        }
    }

    #[test]
    fn a_speck_is_corrected_and_a_twin_is_passed_over() {
        let mut speck = picture(&[(5, UPRIGHT)], 0, 0.0);
        // One cell of the pattern is painted over.
        let map = Homography::from_quads(&rectangle(8.0, 8.0), &UPRIGHT).expect("a map");
        let flip = speck.get_pixel(map.map([3.5, 3.5])[0] as u32, map.map([3.5, 3.5])[1] as u32)[0] < 120;
        for i in 0..400 {
            let [x, y] = map.map([3.0 + f64::from(i % 20) / 20.0, 3.0 + f64::from(i / 20) / 20.0]);
            speck.put_pixel(x as u32, y as u32, image::Luma([if flip { 200 } else { 40 }]));
        }
        let found = find(&speck);
        assert_eq!(found.iter().map(|tag| (tag.id, tag.corrected)).collect::<Vec<_>>(), [(5, 1)]);
        assert!(find(&picture(&[(5, UPRIGHT), (5, SLANTED)], 0, 0.0)).is_empty());
    }

    #[test]
    fn sees_no_tag_where_there_is_none() {
        assert!(find(&picture(&[], 0, 40.0)).is_empty());
        assert!(find(&GrayImage::new(3, 300)).is_empty());
        let chess = GrayImage::from_fn(200, 200, |x, y| image::Luma([if (x / 9 + y / 9) % 2 == 0 { 30 } else { 220 }]));
        assert!(find(&chess).is_empty());
    }
}
