//! The demonstration's rack with bottles that somebody chose: for a cellar that changes from day to day.

use super::demo::{RADIUS, lean};
use super::pack;
use super::random::bottle;
use super::rng::{Rng, mix};
use super::scene::{Bottle, Facing, Scene};

/// How close together bottles lie: radii differ by up to this share.
const LOOSE: f64 = 0.05;

/// How the bottles of a wine look; each bottle of it is a copy with a seed of its own. Nearly half of all wines are laid
/// with the neck to the camera.
pub fn wine(seed: u64) -> Bottle {
    let mut rng = Rng::new(seed);
    let facing = match (rng.chance(0.45), rng.chance(0.12)) {
        (false, _) => Facing::Punt,
        (true, false) => Facing::Capsule,
        (true, true) => Facing::Cork,
    };
    Bottle { facing, ..bottle(&mut rng) }
}

impl Scene {
    /// Lays these bottles into the bin of that number, lowest first, in place of what lay there. Whoever takes one from below
    /// sees the others roll down. What finds no room is left out.
    pub fn lay(&mut self, bin: usize, bottles: &[Bottle]) {
        let Some(hole) = self.bins.get_mut(bin) else { return };
        let mut rng = Rng::new(mix(self.seed) ^ bin as u64);
        let places = pack::stack(&hole.opening, RADIUS, bottles.len(), LOOSE, &mut rng);
        hole.bottles = bottles
            .iter()
            .zip(places)
            .map(|(bottle, (at, radius))| {
                let mut laid = Bottle { at, radius, ..bottle.clone() };
                lean(&mut laid);
                laid
            })
            .collect();
    }

    /// Carries the uppermost bottle of a bin into another one; false where there is none, or no room for it.
    pub fn carry(&mut self, from: &str, to: &str) -> bool {
        let place = |bin: &str| self.bins.iter().position(|hole| hole.id == bin);
        let (Some(from), Some(to)) = (place(from), place(to)) else { return false };
        let Some(bottle) = self.bins[from].bottles.pop() else { return false };
        let mut together = self.bins[to].bottles.clone();
        together.push(bottle);
        self.lay(to, &together);
        self.bins[to].bottles.len() == together.len()
    }
}
