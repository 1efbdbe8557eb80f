//! Numbers that look random, and textures made of them; the same for the same seed on every machine.

use super::space::Vec3;

/// A small counter-based generator (splitmix64, Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(stir(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        stir(self.0)
    }

    /// From 0 up to, but not including, 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn int(&mut self, low: u32, high: u32) -> u32 {
        low + ((self.unit() * (high - low + 1) as f32) as u32).min(high - low)
    }

    pub(super) fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    /// One of a list that is never empty.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[(self.unit() * list.len() as f32) as usize % list.len()]
    }

    /// Near enough to a bell curve of spread 1.
    pub(super) fn bell(&mut self) -> f32 {
        ((0..4).map(|_| self.unit()).sum::<f32>() - 2.0) * 1.732
    }
}

pub(super) fn stir(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A share from 0 to 1 that belongs to a seed and a number.
pub(super) fn share(seed: u64, which: u64) -> f32 {
    (stir(seed ^ which.wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 40) as f32 / (1u64 << 24) as f32
}

fn corner(seed: u64, x: i32, y: i32, z: i32) -> f32 {
    let key = (x as u32 as u64).wrapping_mul(0x8da6_b343_9e37_79b1)
        ^ (y as u32 as u64).wrapping_mul(0xd816_3841_c2b2_ae35)
        ^ (z as u32 as u64).wrapping_mul(0xcb1a_b31f_1656_67b1);
    (stir(seed ^ key) >> 40) as f32 / (1u64 << 24) as f32
}

/// Smooth noise from 0 to 1 with features about one unit wide.
pub(super) fn noise(seed: u64, p: Vec3) -> f32 {
    let base = p.map(f32::floor);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let f = (p - base).map(ease);
    let (x, y, z) = (base.x as i32, base.y as i32, base.z as i32);
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let row = |y, z| mix(corner(seed, x, y, z), corner(seed, x + 1, y, z), f.x);
    let sheet = |z| mix(row(y, z), row(y + 1, z), f.y);
    mix(sheet(z), sheet(z + 1), f.z)
}

/// Noise of three sizes, 0 to 1.
pub(super) fn rough_noise(seed: u64, p: Vec3) -> f32 {
    0.55 * noise(seed, p) + 0.3 * noise(seed ^ 1, p * 2.3) + 0.15 * noise(seed ^ 2, p * 5.1)
}
