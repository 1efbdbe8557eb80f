//! Vectors and rays in space: x to the right, y up, z towards the camera, in centimetres. Colours are vectors too.

use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// A place, a direction, or the red, green and blue of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Vec3 {
    /// To the right; red.
    pub x: f32,
    /// Up; green.
    pub y: f32,
    /// Towards the camera; blue.
    pub z: f32,
}

/// Linear light, 0 to about 1 for surfaces, far above for lamps.
pub(super) type Colour = Vec3;

/// Short for a vector of three numbers.
pub(super) const fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

/// A grey.
pub(super) const fn grey(level: f32) -> Colour {
    v(level, level, level)
}

impl Vec3 {
    pub(super) fn dot(self, o: Self) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub(super) fn cross(self, o: Self) -> Self {
        v(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    pub(super) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The same direction, of length 1; a vector of no length stays as it is.
    pub(super) fn unit(self) -> Self {
        let length = self.length();
        if length > 1e-12 { self * (1.0 / length) } else { self }
    }

    /// Product of each part with its partner: light through a filter, light on a surface.
    pub(super) fn tint(self, o: Self) -> Self {
        v(self.x * o.x, self.y * o.y, self.z * o.z)
    }

    pub(super) fn map(self, f: impl Fn(f32) -> f32) -> Self {
        v(f(self.x), f(self.y), f(self.z))
    }

    pub(super) fn mix(self, o: Self, share: f32) -> Self {
        self + (o - self) * share.clamp(0.0, 1.0)
    }

    pub(super) fn mean(self) -> f32 {
        (self.x + self.y + self.z) / 3.0
    }

    /// A unit vector at a right angle to this one.
    pub(super) fn across(self) -> Self {
        let other = if self.y.abs() < 0.9 { v(0.0, 1.0, 0.0) } else { v(1.0, 0.0, 0.0) };
        other.cross(self).unit()
    }

    /// What a mirror with unit normal `n` makes of this direction.
    pub(super) fn mirror(self, n: Self) -> Self {
        self - n * (2.0 * self.dot(n))
    }
}

impl Add for Vec3 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        v(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl AddAssign for Vec3 {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}

impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        v(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for Vec3 {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        v(self.x * by, self.y * by, self.z * by)
    }
}

impl Neg for Vec3 {
    type Output = Self;
    fn neg(self) -> Self {
        self * -1.0
    }
}

/// A line of sight or of light.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ray {
    pub(super) from: Vec3,
    /// Of length 1.
    pub(super) along: Vec3,
}

impl Ray {
    pub(super) fn at(&self, far: f32) -> Vec3 {
        self.from + self.along * far
    }
}
