//! The outline of a bottle: what turns about its axis.

use super::space::Vec3;

/// The trade's common shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// High shoulders.
    Bordeaux,
    /// Sloping shoulders.
    Burgundy,
    /// Heavy and sloping, with a wide head under foil.
    Sparkling,
    /// Tall and slim.
    Flute,
}

/// Which part of a bottle one sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The underside with its punt.
    Base,
    /// Body and shoulder.
    Body,
    /// The neck's side, from where a capsule may cover it.
    Neck,
    /// The disc that closes the neck.
    Top,
}

/// A line of the outline with its outward normals at both ends, as (along the axis, away from it).
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) from: [f32; 2],
    pub(super) to: [f32; 2],
    pub(super) normals: [[f32; 2]; 2],
    pub(super) part: Part,
}

/// An outline from the middle of the base round to the middle of the top.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub(super) lines: Vec<Line>,
    /// Height in cm.
    pub(super) length: f32,
    /// Radius of the body in cm.
    pub(super) body: f32,
    /// Radius of the top in cm.
    pub(super) top: f32,
    /// Where along the axis the capsule begins, in cm from the base.
    pub(super) capsule_from: f32,
}

impl Profile {
    /// A bottle of `shape`; `size` 1 is 75 cl, `thick` about 1 widens the neck's head, `punt` is 0 (flat) to 1 (deep).
    pub(super) fn new(shape: Shape, size: f32, thick: f32, punt: f32) -> Self {
        let (length, body, shoulder, neck_at, neck): (f32, f32, f32, f32, f32) = match shape {
            Shape::Bordeaux => (30.2, 3.75, 18.6, 22.8, 1.42),
            Shape::Burgundy => (29.6, 4.15, 14.5, 23.0, 1.45),
            Shape::Sparkling => (32.0, 4.45, 14.5, 25.0, 1.6),
            Shape::Flute => (33.5, 3.8, 14.5, 25.5, 1.35),
        };
        let head = neck * if shape == Shape::Sparkling { 1.22 } else { 1.06 } * thick;
        let deep = 0.15 + 2.9 * punt;
        let mut points = vec![
            [deep, 0.0],
            [deep * 0.93, 0.14 * body],
            [deep * 0.62, 0.36 * body],
            [deep * 0.22, 0.56 * body],
            [0.0, 0.70 * body],
            [0.0, 0.80 * body],
            [0.16, 0.915 * body],
            [0.62, 0.985 * body],
            [1.1, body],
            [shoulder, body],
        ];
        let base = 8;
        for i in 1..=6 {
            let share = i as f32 / 6.0;
            let ease = match shape {
                Shape::Bordeaux => 1.0 - (1.0 - (1.0 - share).powi(2)).max(0.0).sqrt(),
                _ => share * share * (3.0 - 2.0 * share),
            };
            let ease = if shape == Shape::Bordeaux { ease.min(1.0) * 0.55 + 0.45 * share } else { ease };
            points.push([shoulder + (neck_at - shoulder) * share, body + (neck - body) * ease]);
        }
        let neck_line = points.len() - 1;
        let capsule_from = if shape == Shape::Sparkling { length - 10.5 } else { length - 5.6 };
        points.extend([
            [capsule_from.max(neck_at + 0.1), neck * 1.02],
            [length - 2.2, neck * 1.03],
            [length - 2.0, head],
            [length - 0.22, head],
            [length - 0.05, head * 0.94],
            [length, head * 0.86],
            [length, 0.0],
        ]);
        let last = points.len() - 2;
        let points: Vec<[f32; 2]> = points.iter().map(|p| [p[0] * size, p[1] * size]).collect();
        let normal = |i: usize| {
            let (dt, dr) = (points[i + 1][0] - points[i][0], points[i + 1][1] - points[i][1]);
            let long = dt.hypot(dr).max(1e-9);
            [-dr / long, dt / long]
        };
        let between = |i: usize, k: usize| {
            let (a, b) = (normal(i), normal(k));
            // An edge sharper than about 60 degrees stays one.
            if a[0] * b[0] + a[1] * b[1] < 0.5 {
                return a;
            }
            let (t, r) = (a[0] + b[0], a[1] + b[1]);
            let long = t.hypot(r);
            [t / long, r / long]
        };
        let lines = (0..points.len() - 1)
            .map(|i| Line {
                from: points[i],
                to: points[i + 1],
                normals: [between(i, i.saturating_sub(1)), between(i, (i + 1).min(last))],
                part: match i {
                    _ if i < base => Part::Base,
                    _ if i < neck_line => Part::Body,
                    _ if i < last => Part::Neck,
                    _ => Part::Top,
                },
            })
            .collect();
        Self { lines, length: length * size, body: body * size, top: head * size, capsule_from: capsule_from * size }
    }

    /// Where a ray first meets the outline's surface between `near` and `far`: distance, line, share along the line.
    ///
    /// `a` and `b` are origin and direction along the axis; `c` holds the squares of direction, of direction by origin
    /// and of origin, all across the axis.
    pub(super) fn meet(&self, a: f32, b: f32, c: [f32; 3], near: f32, far: f32) -> Option<(f32, usize, f32)> {
        let mut best: Option<(f32, usize, f32)> = None;
        let mut limit = far;
        for (i, line) in self.lines.iter().enumerate() {
            let ([t0, r0], [t1, r1]) = (line.from, line.to);
            let mut take = |s: f32, share: f32| {
                if s > near && s < limit {
                    limit = s;
                    best = Some((s, i, share));
                }
            };
            if (t1 - t0).abs() < 1e-4 {
                if b.abs() < 1e-9 {
                    continue;
                }
                let s = (t0 - a) / b;
                let r2 = (c[2] + 2.0 * c[1] * s + c[0] * s * s).max(0.0);
                let share = (r2.sqrt() - r0) / (r1 - r0);
                if (0.0..=1.0).contains(&share) {
                    take(s, share);
                }
                continue;
            }
            let k = (r1 - r0) / (t1 - t0);
            let (p, q) = (r0 + k * (a - t0), k * b);
            let (qa, qb, qc) = (c[0] - q * q, c[1] - p * q, c[2] - p * p);
            let root = qb * qb - qa * qc;
            if root < 0.0 || qa.abs() < 1e-12 {
                continue;
            }
            let root = root.sqrt();
            for s in [(-qb - root) / qa, (-qb + root) / qa] {
                let share = (a + b * s - t0) / (t1 - t0);
                if (0.0..=1.0).contains(&share) && p + q * s >= 0.0 {
                    take(s, share);
                }
            }
        }
        best
    }
}

impl Line {
    /// The outward normal in space at a share of the line, for a unit direction `away` from the axis.
    pub(super) fn normal(&self, share: f32, axis: Vec3, away: Vec3) -> Vec3 {
        let [a, b] = self.normals;
        let along = a[0] + (b[0] - a[0]) * share;
        let out = a[1] + (b[1] - a[1]) * share;
        (axis * along + away * out).unit()
    }
}
