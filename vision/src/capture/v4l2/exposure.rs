//! Has the camera found its exposure?

/// Pictures that must agree.
const STEADY: usize = 4;
/// They agree when their brightness lies within this share of their mean.
const TOLERANCE: f32 = 0.03;
/// Smaller differences, 0 to 1, are noise.
const NOISE: f32 = 0.005;
/// The first pictures of a stream are often old, or all alike before the control sets in.
const FIRST: usize = 5;

/// Follows the brightness of the pictures.
#[derive(Debug, Default)]
pub(super) struct Exposure {
    recent: [f32; STEADY],
    seen: usize,
}

impl Exposure {
    /// Takes the next picture's brightness (0 to 1); whether the last few agree.
    pub(super) fn settles(&mut self, brightness: f32) -> bool {
        self.recent[self.seen % STEADY] = brightness;
        self.seen += 1;
        let most = self.recent.iter().copied().fold(f32::MIN, f32::max);
        let least = self.recent.iter().copied().fold(f32::MAX, f32::min);
        self.seen >= FIRST.max(STEADY) && most - least <= (TOLERANCE * most).max(NOISE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled_after(brightness: impl Iterator<Item = f32>) -> Option<usize> {
        let mut exposure = Exposure::default();
        brightness.map(|value| exposure.settles(value)).position(|settled| settled).map(|at| at + 1)
    }

    #[test]
    fn waits_for_the_control_to_come_to_rest() {
        assert_eq!(settled_after([0.4; 20].into_iter()), Some(FIRST));
        let rising = (0..40).map(|n| 0.5 * (1.0 - (-f32::from(n as u8) / 4.0).exp()));
        assert!(settled_after(rising).is_some_and(|n| (10..25).contains(&n)));
        let flicker = (0..60).map(|n| if n % 2 == 0 { 0.3 } else { 0.5 });
        assert_eq!(settled_after(flicker), None);
        let darkness = (0..20).map(|n| if n % 2 == 0 { 0.001 } else { 0.004 });
        assert_eq!(settled_after(darkness), Some(FIRST));
    }
}
