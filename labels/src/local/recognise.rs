//! Reads one line: the network says for each narrow strip which letter it shows, or none.

use std::path::Path;

use image::RgbImage;

use super::{
    alphabet, crop,
    detect::planes,
    network::{self, Network},
    region::Region,
};
use crate::{line::Line, reader::ReadError};

/// Height of a line as the network wants it.
const HEIGHT: u32 = 48;
/// Widths that it is asked with: each costs a plan, so there are few.
const WIDTHS: [u32; 5] = [96, 192, 320, 512, 960];
/// A line that is read with less is tried upside down.
const DOUBT: f32 = 0.75;

/// The network that reads lines.
pub(super) struct Recogniser {
    network: Network,
    /// By class; the first is none.
    letters: Vec<String>,
}

impl Recogniser {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let mut model = network::open(path)?;
        let letters = alphabet::narrow(&mut model)?;
        Ok(Self { network: Network::new(&model)?, letters })
    }

    /// The line in a region, whichever way up it stands; none where there are no letters.
    pub(super) fn read(&self, picture: &RgbImage, region: &Region) -> Result<Option<Line>, ReadError> {
        let tall = region.half[1] > 1.5 * region.half[0];
        let first = if tall { region.quarter() } else { *region };
        let mut best = self.read_so(picture, &first)?;
        if best.as_ref().is_none_or(|line| line.confidence < DOUBT) {
            let other = self.read_so(picture, &first.upside_down())?;
            let surer = |line: &Option<Line>| line.as_ref().map_or(0.0, |line| line.confidence);
            if surer(&other) > surer(&best) {
                best = other;
            }
        }
        Ok(best)
    }

    fn read_so(&self, picture: &RgbImage, region: &Region) -> Result<Option<Line>, ReadError> {
        let ratio = region.half[0] / region.half[1].max(0.5);
        let wanted = ((HEIGHT as f32 * ratio).ceil() as u32).max(16);
        let widest = WIDTHS[WIDTHS.len() - 1];
        let width = WIDTHS.into_iter().find(|width| *width >= wanted).unwrap_or(widest);
        let straight = crop::straighten(picture, region, wanted.min(width), HEIGHT);
        // The rest stays grey, as in training.
        let mut input = vec![0.0; (3 * HEIGHT * width) as usize];
        let rows = input.chunks_exact_mut(width as usize);
        for (row, strip) in rows.zip(planes(&straight).chunks_exact(straight.width() as usize)) {
            row[..strip.len()].copy_from_slice(strip);
        }
        let (shape, values) = self.network.run([1, 3, HEIGHT as usize, width as usize], &input)?;
        if shape.len() != 3 || shape[2] != self.letters.len() {
            return Err(ReadError::Model(format!("the recogniser answers {shape:?}")));
        }
        let (text, confidence) = decode(&values, &self.letters);
        let text = text.trim().to_owned();
        Ok((!text.is_empty()).then(|| Line { text, confidence, corners: region.corners() }))
    }
}

/// The best letter of each strip, repeated ones once, none left out ("Connectionist Temporal Classification", Graves et
/// al., 2006, best path); and how sure the letters are on average.
fn decode(values: &[f32], letters: &[String]) -> (String, f32) {
    let (mut text, mut sum, mut count, mut before) = (String::new(), 0.0, 0u16, 0);
    for strip in values.chunks_exact(letters.len()) {
        let best = strip.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((class, sure)) = best else { continue };
        if class != 0 && class != before {
            text.push_str(&letters[class]);
            sum += sure;
            count += 1;
        }
        before = class;
    }
    (text, sum / f32::from(count.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_letters_are_one_unless_a_blank_parts_them() {
        let letters = ["", "a", "é"].map(str::to_owned);
        let strips = [[0.1, 0.9, 0.0], [0.2, 0.8, 0.0], [0.9, 0.1, 0.0], [0.3, 0.7, 0.0], [0.0, 0.0, 1.0]];
        let (text, sure) = decode(&strips.concat(), &letters);
        assert_eq!(text, "aaé");
        assert!((sure - (0.9 + 0.7 + 1.0) / 3.0).abs() < 1e-5);
        assert_eq!(decode(&[], &letters), (String::new(), 0.0));
    }
}
