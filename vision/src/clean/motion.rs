//! What did not come to rest while a series of pictures was taken.

use image::RgbImage;

use crate::quality::Grey;

/// Cells on the longer side: so coarse that noise and the grain of JPEG average out.
const CELLS: u32 = 320;
/// A cell agrees with the median when it is this near: an absolute part for noise, a share for small changes of the light.
const NOISE: f32 = 0.02;
const SHARE: f32 = 0.08;
/// Darker cells say nothing about the light.
const LIT: f32 = 0.05;

/// Which parts of the picture moved for so long that the median over time does not remove it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Motion {
    width: usize,
    step: u32,
    /// Per cell whether more than a third of the pictures differ from the median.
    unsettled: Vec<bool>,
    /// Brightest picture by darkest; 1 for fewer than two.
    flicker: f64,
}

impl Motion {
    /// Compares pictures of one size. A single picture shows no motion.
    pub fn of(images: &[&RgbImage]) -> Self {
        let mut greys: Vec<Grey> = images.iter().map(|image| Grey::of(image, CELLS)).collect();
        let Some(first) = greys.first() else { return Self::default() };
        let (width, step, cells) = (first.width, first.step, first.values.len());
        let flicker = if greys.len() < 2 { 1.0 } else { even_out(&mut greys) };
        // A bare majority may be the sleeve and not the rack: who stands there while three of five pictures are taken.
        let most = greys.len() / 3;
        let unsettled = (0..cells).map(|at| {
            let median = median(&greys, at);
            greys.iter().filter(|grey| (grey.values[at] - median).abs() > NOISE + SHARE * median).count() > most
        });
        Self { width, step, unsettled: unsettled.collect(), flicker }
    }

    /// Share of the picture that did not come to rest, 0 to 1.
    pub fn share(&self) -> f64 {
        self.unsettled.iter().filter(|cell| **cell).count() as f64 / self.unsettled.len().max(1) as f64
    }

    /// Brightest picture by darkest, at least 1.
    pub fn flicker(&self) -> f64 {
        self.flicker.max(1.0)
    }

    /// Whether the place (in pixels of the picture) is within what did not come to rest.
    pub fn is_unsettled(&self, [x, y]: [f64; 2]) -> bool {
        let step = f64::from(self.step.max(1));
        let (x, y) = (x / step, y / step);
        // Also false for NaN and for places to the left or above.
        if !(x >= 0.0 && y >= 0.0 && x < self.width as f64) {
            return false;
        }
        self.unsettled.get(y as usize * self.width + x as usize).copied().unwrap_or(false)
    }
}

/// Brings all pictures to the same brightness; the ratio between brightest and darkest before.
fn even_out(greys: &mut [Grey]) -> f64 {
    let cells = greys[0].values.len();
    let medians: Vec<f32> = (0..cells).map(|at| median(greys, at)).collect();
    let (mut least, mut most) = (f32::MAX, f32::MIN);
    for grey in greys.iter_mut() {
        // The middle ratio: what moves through less than half of the picture does not count.
        let lit = grey.values.iter().zip(&medians).filter(|(value, median)| **median > LIT && **value > LIT / 4.0);
        let mut ratios: Vec<f32> = lit.map(|(value, median)| value / median).collect();
        let middle = ratios.len() / 2;
        let gain = if ratios.is_empty() { 1.0 } else { *ratios.select_nth_unstable_by(middle, f32::total_cmp).1 };
        grey.values.iter_mut().for_each(|value| *value /= gain);
        (least, most) = (least.min(gain), most.max(gain));
    }
    f64::from(most / least)
}

/// The middle value of a cell; of an even number the mean of the middle two.
fn median(greys: &[Grey], at: usize) -> f32 {
    let mut values: Vec<f32> = greys.iter().map(|grey| grey.values[at]).collect();
    values.sort_unstable_by(f32::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A striped rack, with a hand as a bright block at some columns.
    fn rack(light: f32, hand: Option<std::ops::Range<u32>>) -> RgbImage {
        RgbImage::from_fn(640, 480, |x, y| {
            let covered = hand.as_ref().is_some_and(|hand| hand.contains(&x));
            let value = if covered { 190.0 } else { 60.0 + f32::from((x / 40 % 2) as u8) * 60.0 + (y % 7) as f32 };
            Rgb([(value * light) as u8; 3])
        })
    }

    fn motion(images: &[RgbImage]) -> Motion {
        Motion::of(&images.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_hand_in_few_pictures_is_no_motion_and_in_many_it_is() {
        let passing = motion(&[rack(1.0, None), rack(1.0, Some(100..300)), rack(1.0, None)]);
        assert_eq!(passing.share(), 0.0);
        let moving =
            motion(&[rack(1.0, Some(0..160)), rack(1.0, Some(160..320)), rack(1.0, None), rack(1.0, Some(80..240))]);
        assert!(moving.is_unsettled([150.0, 200.0]) && !moving.is_unsettled([500.0, 200.0]), "{}", moving.share());
        let lingering = [Some(0..160), Some(80..240), Some(120..280), None, None].map(|hand| rack(1.0, hand));
        assert!(motion(&lingering).is_unsettled([140.0, 200.0]), "three of five show the hand");
        let two = motion(&[rack(1.0, None), rack(1.0, Some(0..64))]);
        assert!((two.share() - 0.1).abs() < 0.02, "{}", two.share());
    }

    #[test]
    fn a_change_of_light_is_flicker_and_not_motion() {
        let dimming = motion(&[rack(1.0, None), rack(0.8, None), rack(0.6, None)]);
        assert_eq!(dimming.share(), 0.0);
        assert!((dimming.flicker() - 1.0 / 0.6).abs() < 0.05, "{}", dimming.flicker());
        assert_eq!((motion(&[rack(1.0, None)]).share(), Motion::default().flicker()), (0.0, 1.0));
    }
}
