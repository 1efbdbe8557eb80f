//! Makes one calm picture of several: what moved or flickered for a moment drops out, and noise shrinks.

use image::RgbImage;
use rayon::prelude::*;

/// The median of each value over time. All pictures have the size of the first; without any the result is empty.
pub(super) fn over_time(images: &[&RgbImage]) -> RgbImage {
    let Some(first) = images.first() else { return RgbImage::new(0, 0) };
    let mut out = RgbImage::new(first.width(), first.height());
    let planes: Vec<&[u8]> = images.iter().map(|image| image.as_raw().as_slice()).collect();
    let row = (first.width() as usize * 3).max(1);
    out.as_mut().par_chunks_mut(row).enumerate().for_each(|(y, out)| {
        let rows: Vec<&[u8]> = planes.iter().map(|plane| &plane[y * row..(y + 1) * row]).collect();
        match rows.as_slice() {
            [a, b, c] => out.iter_mut().enumerate().for_each(|(x, byte)| *byte = of_three(a[x], b[x], c[x])),
            _ => {
                let mut values = vec![0u8; rows.len()];
                for (x, byte) in out.iter_mut().enumerate() {
                    values.iter_mut().zip(&rows).for_each(|(value, row)| *value = row[x]);
                    values.sort_unstable();
                    *byte = values[values.len() / 2];
                }
            }
        }
    });
    out
}

fn of_three(a: u8, b: u8, c: u8) -> u8 {
    a.min(b).max(a.max(b).min(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use proptest::prelude::*;

    fn of(levels: &[u8]) -> u8 {
        let images: Vec<RgbImage> = levels.iter().map(|level| RgbImage::from_pixel(3, 2, Rgb([*level; 3]))).collect();
        over_time(&images.iter().collect::<Vec<_>>()).get_pixel(2, 1)[0]
    }

    proptest! {
        #[test]
        fn it_is_the_middle_value(mut levels in proptest::collection::vec(any::<u8>(), 1..8)) {
            let median = of(&levels);
            levels.sort_unstable();
            prop_assert_eq!(median, levels[levels.len() / 2]);
        }
    }
}
