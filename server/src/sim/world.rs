//! What is really there: bottles of wines in the bins of the rendered rack, and where the others are.

use image::RgbImage;
use vision::render::{self, Bottle, Painter, Rng, Scene};

/// Where a bottle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// In the bin of that number.
    Bin(usize),
    /// In the house, in no bin.
    Table,
    /// Empty, or given away.
    Gone,
}

/// One bottle.
#[derive(Debug, Clone)]
pub(super) struct Real {
    /// Which wine, by its place in the list.
    pub(super) wine: usize,
    /// Where it is.
    pub(super) spot: Spot,
    looks: Bottle,
}

/// The rack, its bottles and the camera before it.
pub(super) struct World {
    /// The rendered rack.
    pub(super) scene: Scene,
    /// All bottles there ever were.
    pub(super) bottles: Vec<Real>,
    /// The bottles of each bin, lowest first.
    pub(super) bins: Vec<Vec<usize>>,
    wines: Vec<Bottle>,
    painter: Painter,
}

/// Wines of the cellar: as many as the demonstration has names for.
const WINES: usize = 16;

impl World {
    /// The demonstration's rack, two thirds full.
    pub(super) fn new(dice: &mut Rng, scale: f64) -> Self {
        let mut scene = render::demo_rack();
        scene.frame = scene.frame.map(|side| (f64::from(side) * scale) as u32);
        scene.corners = scene.corners.map(|corner| corner.map(|side| side * scale));
        let wines = (0..WINES).map(|_| render::wine(dice.bits())).collect();
        let bins = vec![Vec::new(); scene.bins.len()];
        let mut world = Self { scene, bottles: Vec::new(), bins, wines, painter: Painter::default() };
        for bin in 0..world.bins.len() {
            let main = dice.int(0, WINES as u32 - 1) as usize;
            for _ in 0..(world.room(bin) as f64 * dice.range(0.3, 1.0)) as usize {
                // Mostly of one wine, as in a real rack; every fourth is a guest.
                let wine = if dice.chance(0.75) { main } else { dice.int(0, WINES as u32 - 1) as usize };
                world.add(wine, Spot::Bin(bin), dice);
            }
        }
        world
    }

    /// The rack as the calibration of the cellar has it: straightened at half the size it is drawn in, which is enough.
    pub(super) fn calibration(&self) -> Scene {
        let mut scene = self.scene.clone();
        scene.rectified = scene.rectified.map(|side| side / 2);
        for bin in &mut scene.bins {
            bin.opening.iter_mut().for_each(|corner| *corner = corner.map(|side| side / 2.0));
        }
        scene
    }

    /// How many wines there are.
    pub(super) fn wines(&self) -> usize {
        self.wines.len()
    }

    /// The bin's name.
    pub(super) fn name(&self, bin: usize) -> &str {
        &self.scene.bins[bin].id
    }

    /// How many more bottles the bin takes.
    pub(super) fn room(&self, bin: usize) -> usize {
        (self.scene.bins[bin].capacity as usize).saturating_sub(self.bins[bin].len())
    }

    /// A new bottle of a wine; its number.
    pub(super) fn add(&mut self, wine: usize, spot: Spot, dice: &mut Rng) -> usize {
        let looks = Bottle { seed: dice.bits(), ..self.wines[wine].clone() };
        self.bottles.push(Real { wine, spot: Spot::Table, looks });
        self.put(self.bottles.len() - 1, spot);
        self.bottles.len() - 1
    }

    /// Carries a bottle somewhere.
    pub(super) fn put(&mut self, bottle: usize, spot: Spot) {
        if let Spot::Bin(bin) = self.bottles[bottle].spot {
            self.bins[bin].retain(|other| *other != bottle);
        }
        if let Spot::Bin(bin) = spot {
            self.bins[bin].push(bottle);
        }
        self.bottles[bottle].spot = spot;
    }

    /// Two bottles lie where the other lay.
    pub(super) fn exchange(&mut self, a: usize, b: usize) {
        let place = |world: &Self, bottle: usize| match world.bottles[bottle].spot {
            Spot::Bin(bin) => world.bins[bin].iter().position(|one| *one == bottle).map(|at| (bin, at)),
            _ => None,
        };
        if let (Some((bin_a, at_a)), Some((bin_b, at_b))) = (place(self, a), place(self, b)) {
            (self.bins[bin_a][at_a], self.bins[bin_b][at_b]) = (b, a);
            (self.bottles[a].spot, self.bottles[b].spot) = (Spot::Bin(bin_b), Spot::Bin(bin_a));
        }
    }

    /// Photographs the rack as it is, so many times right after another.
    pub(super) fn photograph(&mut self, pictures: u64) -> Vec<RgbImage> {
        for (bin, held) in self.bins.iter().enumerate() {
            let bottles: Vec<Bottle> = held.iter().map(|bottle| self.bottles[*bottle].looks.clone()).collect();
            self.scene.lay(bin, &bottles);
        }
        let burst = self.painter.burst(&self.scene, pictures);
        // The next ones have noise of their own.
        self.scene.camera.noise_seed = self.scene.camera.noise_seed.wrapping_add(pictures);
        burst
    }
}
