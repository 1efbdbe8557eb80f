//! What stands in the studio, and where a ray meets it.

use super::bottle::Bottle;
use super::space::{Ray, Vec3, v};
use super::stuff::Stuff;

/// A board or any other box, turned about the line of sight only.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its middle.
    pub middle: Vec3,
    /// Half of its width, height and depth.
    pub half: Vec3,
    /// Direction of its width: cosine and sine of its turn.
    pub turn: [f32; 2],
}

/// A round rod, open at its ends.
#[derive(Debug, Clone, Copy)]
pub struct Rod {
    /// One end.
    pub from: Vec3,
    /// The other end.
    pub to: Vec3,
    /// Radius.
    pub radius: f32,
}

/// A pipe towards the camera: one sees its inner side and the ring of its wall.
#[derive(Debug, Clone, Copy)]
pub struct Pipe {
    /// Middle of its front opening.
    pub middle: Vec3,
    /// Inner radius.
    pub radius: f32,
    /// Thickness of the wall.
    pub wall: f32,
    /// Depth.
    pub depth: f32,
}

/// A flat ring or disc that faces the camera, tilted by its normal.
#[derive(Debug, Clone, Copy)]
pub struct Disc {
    /// Its middle.
    pub middle: Vec3,
    /// Unit normal.
    pub normal: Vec3,
    /// Radius of its hole, 0 for a full disc.
    pub inner: f32,
    /// Its radius.
    pub radius: f32,
}

/// One thing's form.
#[derive(Debug, Clone)]
pub enum Form {
    /// A bottle.
    Bottle(Box<Bottle>),
    /// A board.
    Block(Block),
    /// A rod.
    Rod(Rod),
    /// A pipe.
    Pipe(Pipe),
    /// A disc.
    Disc(Disc),
}

/// One thing: its form and what it is made of (a bottle knows that itself).
#[derive(Debug, Clone)]
pub struct Solid {
    /// Its form.
    pub form: Form,
    /// Its material.
    pub stuff: Stuff,
}

/// Where a ray meets a solid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meeting {
    pub(super) far: f32,
    /// Unit normal, outwards.
    pub(super) normal: Vec3,
    /// The place in the solid's own directions (a block's width, height, depth; a bottle's axis, angle, radius).
    pub(super) own: Vec3,
    /// The line of a bottle's outline.
    pub(super) line: usize,
}

impl Solid {
    /// Puts a thing into the studio.
    pub fn new(form: Form, stuff: Stuff) -> Self {
        Self { form, stuff }
    }

    /// A box that holds it: lowest and highest corner.
    pub(super) fn bounds(&self) -> [Vec3; 2] {
        let around = |middle: Vec3, half: Vec3| [middle - half, middle + half];
        let between = |a: Vec3, b: Vec3, r: f32| {
            let (half, reach) = ((b - a) * 0.5, v(r, r, r));
            around(a + half, half.map(f32::abs) + reach)
        };
        match &self.form {
            Form::Bottle(b) => between(b.base, b.base + b.axis * b.profile.length, b.profile.body),
            Form::Block(b) => {
                let [c, s] = b.turn.map(f32::abs);
                around(b.middle, v(b.half.x * c + b.half.y * s, b.half.x * s + b.half.y * c, b.half.z))
            }
            Form::Rod(r) => between(r.from, r.to, r.radius),
            Form::Pipe(p) => {
                let r = p.radius + p.wall;
                around(p.middle - v(0.0, 0.0, p.depth / 2.0), v(r, r, p.depth / 2.0 + 0.01))
            }
            Form::Disc(d) => around(d.middle, v(d.radius, d.radius, d.radius)),
        }
    }

    /// The first meeting between `near` and `far`.
    pub(super) fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        match &self.form {
            Form::Bottle(bottle) => bottle.meet(ray, near, far),
            Form::Block(block) => block.meet(ray, near, far),
            Form::Rod(rod) => rod.meet(ray, near, far),
            Form::Pipe(pipe) => pipe.meet(ray, near, far),
            Form::Disc(disc) => disc.meet(ray, near, far),
        }
    }
}

impl Block {
    fn own(&self, p: Vec3) -> Vec3 {
        let [c, s] = self.turn;
        v(p.x * c + p.y * s, p.y * c - p.x * s, p.z)
    }

    fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        let (o, d) = (self.own(ray.from - self.middle), self.own(ray.along));
        let (mut first, mut last) = (f32::NEG_INFINITY, f32::INFINITY);
        let mut side = (0, 1.0);
        for (i, (o, d, h)) in
            [(o.x, d.x, self.half.x), (o.y, d.y, self.half.y), (o.z, d.z, self.half.z)].into_iter().enumerate()
        {
            if d.abs() < 1e-9 {
                if o.abs() > h {
                    return None;
                }
                continue;
            }
            let (a, b) = ((-h - o) / d, (h - o) / d);
            if a.min(b) > first {
                first = a.min(b);
                side = (i, -d.signum());
            }
            last = last.min(a.max(b));
        }
        if first > last || first <= near || first >= far {
            return None;
        }
        let [c, s] = self.turn;
        let normal = match side {
            (0, sign) => v(c, s, 0.0) * sign,
            (1, sign) => v(-s, c, 0.0) * sign,
            (_, sign) => v(0.0, 0.0, sign),
        };
        Some(Meeting { far: first, normal, own: o + d * first, line: side.0 })
    }
}

impl Rod {
    fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        let span = self.to - self.from;
        let long = span.length();
        let axis = span.unit();
        let o = ray.from - self.from;
        let (a, b) = (o.dot(axis), ray.along.dot(axis));
        let (op, dp) = (o - axis * a, ray.along - axis * b);
        let (qa, qb, qc) = (dp.dot(dp), op.dot(dp), op.dot(op) - self.radius * self.radius);
        let root = qb * qb - qa * qc;
        if root < 0.0 || qa < 1e-9 {
            return None;
        }
        let s = (-qb - root.sqrt()) / qa;
        let t = a + b * s;
        if s <= near || s >= far || t < 0.0 || t > long {
            return None;
        }
        let normal = (op + dp * s).unit();
        Some(Meeting { far: s, normal, own: v(t, 0.0, self.radius), line: 0 })
    }
}

impl Pipe {
    fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        let o = ray.from - self.middle;
        let d = ray.along;
        let mut best: Option<Meeting> = None;
        if d.z.abs() > 1e-9 {
            // The ring of the wall, in the plane of the opening.
            let s = -o.z / d.z;
            let r = (o.x + d.x * s).hypot(o.y + d.y * s);
            if s > near && s < far && r >= self.radius && r <= self.radius + self.wall {
                best = Some(Meeting { far: s, normal: v(0.0, 0.0, 1.0), own: o + d * s, line: 0 });
            }
        }
        let (qa, qb, qc) = (d.x * d.x + d.y * d.y, o.x * d.x + o.y * d.y, o.x * o.x + o.y * o.y);
        let limit = best.map_or(far, |m| m.far);
        let root = qb * qb - qa * (qc - self.radius * self.radius);
        if root > 0.0 && qa > 1e-9 {
            for s in [(-qb - root.sqrt()) / qa, (-qb + root.sqrt()) / qa] {
                let z = o.z + d.z * s;
                if s > near && s < limit && z <= 0.0 && z >= -self.depth {
                    let p = o + d * s;
                    best = Some(Meeting { far: s, normal: v(-p.x, -p.y, 0.0).unit(), own: p, line: 1 });
                    break;
                }
            }
        }
        best
    }
}

impl Disc {
    fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        let slope = ray.along.dot(self.normal);
        if slope.abs() < 1e-9 {
            return None;
        }
        let s = (self.middle - ray.from).dot(self.normal) / slope;
        let p = ray.at(s) - self.middle;
        let r2 = p.dot(p);
        if s <= near || s >= far || r2 > self.radius * self.radius || r2 < self.inner * self.inner {
            return None;
        }
        Some(Meeting { far: s, normal: self.normal * -slope.signum(), own: p, line: 0 })
    }
}
