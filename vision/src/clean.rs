//! Makes one calm frame of several: what moved or flickered for a moment drops out.

use image::RgbImage;
use rayon::prelude::*;

use crate::capture::Frame;

/// The median of each pixel over time, if three or more frames have the last one's size; else the last frame.
///
/// Without any frame the result is an empty picture, which the quality gate refuses.
pub fn clean(mut frames: Vec<Frame>) -> Frame {
    let Some(last) = frames.pop() else {
        return Frame { bytes: None, image: RgbImage::new(0, 0) };
    };
    frames.retain(|frame| frame.image.dimensions() == last.image.dimensions());
    if frames.len() < 2 {
        return last;
    }
    frames.push(last);
    let (width, height) = frames[0].image.dimensions();
    let planes: Vec<&[u8]> = frames.iter().map(|frame| frame.image.as_raw().as_slice()).collect();
    let mut image = RgbImage::new(width, height);
    let row = (width as usize * 3).max(1);
    image.as_mut().par_chunks_mut(row).enumerate().for_each(|(y, out)| {
        let mut values = vec![0u8; planes.len()];
        for (x, byte) in out.iter_mut().enumerate() {
            values.iter_mut().zip(&planes).for_each(|(v, plane)| *v = plane[y * row + x]);
            values.sort_unstable();
            *byte = values[values.len() / 2];
        }
    });
    Frame { bytes: None, image }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn grey(side: u32, level: u8) -> Frame {
        Frame { bytes: Some(vec![level]), image: RgbImage::from_pixel(side, side, Rgb([level; 3])) }
    }

    #[test]
    fn a_moment_drops_out() {
        let calm = clean(vec![grey(4, 100), grey(4, 250), grey(4, 101)]);
        assert_eq!((calm.image.get_pixel(1, 1)[0], calm.bytes), (101, None));
    }

    #[test]
    fn too_few_of_one_size_gives_the_last() {
        let last = clean(vec![grey(4, 1), grey(5, 2), grey(4, 3)]);
        assert_eq!((last.image.get_pixel(0, 0)[0], last.bytes), (3, Some(vec![3])));
        assert_eq!(clean(Vec::new()).image.dimensions(), (0, 0));
    }
}
