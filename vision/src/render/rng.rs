//! Numbers that look random and are the same for the same seed on every machine.

/// A small counter-based generator (splitmix64).
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// From 0 up to, but not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `low` up to, but not including, `high`.
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included.
    pub fn int(&mut self, low: u32, high: u32) -> u32 {
        low + (self.unit() * f64::from(high - low + 1)) as u32
    }

    /// True in that share of cases.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of a list that is never empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[(self.unit() * list.len() as f64) as usize]
    }
}

pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A value from 0 to 1 for each point of a lattice.
pub(crate) fn lattice(seed: u64, x: i64, y: i64) -> f32 {
    let key = mix(seed ^ (x as u64).wrapping_mul(0x8da6_b343) ^ (y as u64).wrapping_mul(0xd816_3841_0000_0001));
    (key >> 40) as f32 / (1u64 << 24) as f32
}

/// Smooth noise from 0 to 1 with features about one unit wide.
pub(crate) fn noise(seed: u64, x: f64, y: f64) -> f32 {
    let (ix, iy) = (x.floor(), y.floor());
    let (fx, fy) = ((x - ix) as f32, (y - iy) as f32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (ix, iy) = (ix as i64, iy as i64);
    let row = |y: i64| {
        let (a, b) = (lattice(seed, ix, y), lattice(seed, ix + 1, y));
        a + (b - a) * ease(fx)
    };
    let (upper, lower) = (row(iy), row(iy + 1));
    upper + (lower - upper) * ease(fy)
}
