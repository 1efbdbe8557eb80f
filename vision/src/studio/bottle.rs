//! A bottle: its outline, what closes it, what is stuck on it, and how all that looks.

use super::grain::{noise, rough_noise, share};
use super::profile::{Part, Profile};
use super::solid::Meeting;
use super::space::{Colour, Ray, Vec3, grey, v};
use super::stuff::Surface;

/// What closes a bottle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closure {
    /// Tin or plastic foil over the neck.
    Foil,
    /// Foil under a paper strip with print, stuck across the top.
    SealedFoil,
    /// A metal screw cap with a knurled side.
    Screw,
    /// Dripped wax.
    Wax,
    /// Bare glass and a cork.
    Cork,
    /// The wire cage and metal plate of a sparkling wine.
    Muselet,
}

/// How one kind of bottle looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// What a centimetre of the glass and wine lets through.
    pub through: Colour,
    /// What closes it.
    pub closure: Closure,
    /// The capsule's main colour.
    pub capsule: Colour,
    /// Its second colour: rings, emblems, seals, print.
    pub second: Colour,
    /// 0 for matt plastic, 1 for polished metal.
    pub shine: f32,
    /// The label's paper; none for a bottle without one.
    pub label: Option<[Colour; 2]>,
    /// Dust on its upper side, 0 to 1.
    pub dust: f32,
    /// Which of the many patterns.
    pub seed: u64,
}

/// One bottle in its place.
#[derive(Debug, Clone)]
pub struct Bottle {
    /// Middle of the base's plane.
    pub base: Vec3,
    /// From base to top, of length 1.
    pub axis: Vec3,
    /// The direction of the label's middle, at a right angle to the axis.
    pub front: Vec3,
    /// Its outline.
    pub(super) profile: Profile,
    /// Its look.
    pub look: Look,
    /// For the small differences between bottles of one kind.
    pub seed: u64,
}

impl Bottle {
    /// The end that faces a camera far along z: its middle, radius and whether it is the neck.
    pub fn end(&self) -> (Vec3, f32, bool) {
        if self.axis.z < -0.3 {
            return (self.base, self.profile.body * 0.96, false);
        }
        if self.axis.z > 0.3 {
            return (self.base + self.axis * self.profile.length, self.profile.top, true);
        }
        // Standing: the head of the neck, seen from its side.
        let head = self.profile.length - 1.6;
        (self.base + self.axis * head + v(0.0, 0.0, self.profile.top), self.profile.top * 1.1, true)
    }

    pub(super) fn meet(&self, ray: &Ray, near: f32, far: f32) -> Option<Meeting> {
        let o = ray.from - self.base;
        let (a, b) = (o.dot(self.axis), ray.along.dot(self.axis));
        let (op, dp) = (o - self.axis * a, ray.along - self.axis * b);
        let c = [dp.dot(dp), op.dot(dp), op.dot(op)];
        let body = self.profile.body;
        if c[0] > 1e-9 && c[1] * c[1] < c[0] * (c[2] - body * body) {
            return None;
        }
        let (s, line, at) = self.profile.meet(a, b, c, near, far)?;
        let out = op + dp * s;
        let away = out.unit();
        let angle = away.dot(self.axis.cross(self.front)).atan2(away.dot(self.front));
        let mut normal = self.profile.lines[line].normal(at, self.axis, away);
        normal = self.bumps(normal, away, angle, a + b * s, out.length(), line);
        Some(Meeting { far: s, normal, own: v(a + b * s, angle, out.length()), line })
    }

    /// Knurls of the base, ribs of a screw cap, waves of wax.
    fn bumps(&self, normal: Vec3, away: Vec3, angle: f32, t: f32, r: f32, line: usize) -> Vec3 {
        let sideways = self.axis.cross(away);
        match self.profile.lines[line].part {
            Part::Base if r > 0.74 * self.profile.body && share(self.look.seed, 3) > 0.35 => {
                let dots = (24.0 + 40.0 * share(self.look.seed, 4)).round();
                let near = 1.0 - ((r / self.profile.body - 0.86) / 0.1).abs();
                (normal + sideways * (0.8 * near.max(0.0) * (angle * dots).sin())).unit()
            }
            Part::Neck if self.look.closure == Closure::Screw && t > self.profile.length - 1.4 => {
                (normal + sideways * (0.5 * (angle * 50.0).sin())).unit()
            }
            Part::Neck | Part::Top if self.look.closure == Closure::Wax => {
                let p = (self.axis * t + away * r) * 0.9;
                let wave = v(noise(self.seed, p), noise(self.seed ^ 1, p), noise(self.seed ^ 2, p)) - grey(0.5);
                (normal + wave * 0.9).unit()
            }
            Part::Top | Part::Neck if self.look.closure == Closure::Foil => {
                let p = (self.axis * t + away * r) * 2.2;
                let crease = v(noise(self.seed, p), noise(self.seed ^ 1, p), noise(self.seed ^ 2, p)) - grey(0.5);
                (normal + crease * (0.3 * share(self.seed, 8))).unit()
            }
            _ => normal,
        }
    }

    /// The surface at a meeting: `own` is height, angle and radius.
    pub(super) fn surface(&self, meeting: &Meeting) -> Surface {
        let (t, angle, r) = (meeting.own.x, meeting.own.y, meeting.own.z);
        let look = &self.look;
        let part = self.profile.lines[meeting.line].part;
        let mut surface = match part {
            Part::Top => self.top(angle, r),
            Part::Neck if self.on_strip(t, angle) => self.strip(t, angle),
            Part::Neck if t > self.profile.capsule_from => self.neck(t),
            Part::Body => self.body(t, angle),
            _ => self.glass(),
        };
        if look.dust > 0.0 {
            let up = meeting.normal.y.max(0.0) * 0.7 + 0.3;
            let patch = rough_noise(self.seed ^ 77, v(t, angle * 2.0, r) * 0.7);
            let layer = (look.dust * up * (0.3 + 1.2 * patch)).clamp(0.0, 0.95);
            surface.albedo = surface.albedo.mix(v(0.42, 0.40, 0.36), layer);
            surface.mirror = surface.mirror * (1.0 - layer);
            surface.rough += 0.15 * layer;
            if layer > 0.6 {
                surface.through = None;
            }
        }
        surface
    }

    fn glass(&self) -> Surface {
        Surface { through: Some(self.look.through), ..Surface::glossy(self.look.through * 0.02, 0.045, 0.015) }
    }

    fn body(&self, t: f32, angle: f32) -> Surface {
        let Some([paper, ink]) = self.look.label else { return self.glass() };
        let (low, high) = (2.0 + 1.5 * share(self.look.seed, 20), 9.0 + 3.5 * share(self.look.seed, 21));
        let reach = 1.0 + 1.1 * share(self.look.seed, 22);
        let back = angle.abs() > std::f32::consts::PI - reach * 0.7;
        let x = angle * self.profile.body;
        let on = (t > low && t < high && angle.abs() < reach) || (back && t > low && t < high * 0.8);
        if !on {
            return self.glass();
        }
        let row = ((t - low) / 1.1).floor();
        let letters = noise(self.look.seed, v(x * 2.2, row * 5.7, 0.5));
        let emblem = rough_noise(self.look.seed ^ 9, v(x * 0.5, t * 0.5, 0.0));
        let print = (letters > 0.55 && (t - low) / 1.1 - row > 0.35) || emblem > 0.66;
        Surface::glossy(if print { ink } else { paper }, 0.02, 0.25)
    }

    fn foil(&self, colour: Colour) -> Surface {
        let shine = self.look.shine;
        Surface {
            mirror: grey(0.04).mix(colour, shine),
            rough: 0.3 - 0.22 * shine,
            ..Surface::dull(colour * (1.0 - 0.75 * shine))
        }
    }

    fn neck(&self, t: f32) -> Surface {
        let look = &self.look;
        let up = (t - self.profile.capsule_from) / (self.profile.length - self.profile.capsule_from);
        match look.closure {
            Closure::Cork => {
                // The bare lip, a little paler.
                self.glass()
            }
            Closure::Muselet if up > 0.88 => {
                Surface { mirror: look.second, rough: 0.15, ..Surface::dull(look.second * 0.3) }
            }
            _ => {
                let ring = share(look.seed, 31);
                let band = ring > 0.5 && (up - ring * 0.6).abs() < 0.06 * (1.0 + share(look.seed, 32));
                let lower = share(look.seed, 33) > 0.7 && up < 0.4;
                self.foil(if band || lower { look.second } else { look.capsule })
            }
        }
    }

    /// Whether a paper strip is stuck across the top, as states and regions seal their wines: some foils have one too.
    fn is_sealed(&self) -> bool {
        let some = self.look.closure == Closure::Foil && share(self.look.seed, 71) < 0.18;
        some || self.look.closure == Closure::SealedFoil
    }

    /// Whether the strip of a sealed top runs there: down one side of the neck or both, past the capsule at times.
    fn on_strip(&self, t: f32, angle: f32) -> bool {
        let seed = self.look.seed;
        let aside = if share(seed, 72) < 0.4 { angle.abs() } else { strip(angle) };
        let reach = 2.5 + 6.5 * share(seed, 73);
        self.is_sealed() && aside < 0.35 + 0.35 * share(seed, 30) && t > self.profile.length - reach
    }

    fn strip(&self, t: f32, angle: f32) -> Surface {
        let seed = self.look.seed;
        let print = rough_noise(seed ^ 41, v(t * 1.6, angle * 2.0, 0.0)) > 0.58;
        // Its end is often of another colour, with the number or the arms.
        let foot = share(seed, 74) < 0.4 && t < self.profile.length - 1.5 - 5.0 * share(seed, 73);
        let paper = if foot { self.look.second } else { self.paper() };
        Surface::glossy(if print { self.look.second * 0.6 } else { paper }, 0.02, 0.3)
    }

    /// What seals and stickers are printed on.
    fn paper(&self) -> Colour {
        let dyes =
            [v(0.85, 0.82, 0.76), v(0.83, 0.70, 0.25), v(0.80, 0.45, 0.50), v(0.45, 0.65, 0.50), v(0.40, 0.55, 0.75)];
        let dye = dyes[(share(self.look.seed, 75) * 4.99) as usize];
        dyes[0].mix(dye, share(self.look.seed, 76))
    }

    /// What a shop or an owner has stuck on the end: a price, a barcode, a coloured dot.
    fn sticker(&self, x: f32, y: f32) -> Option<Surface> {
        let kind = share(self.look.seed, 77);
        if kind > 0.2 || matches!(self.look.closure, Closure::Wax | Closure::Muselet) || share(self.seed, 78) < 0.1 {
            return None;
        }
        // Nobody sticks two of them alike.
        let (s, c) = (share(self.seed, 79) * std::f32::consts::TAU).sin_cos();
        let (x, y) = (x - 0.5 * (share(self.seed, 80) - 0.5), y - 0.5 * (share(self.seed, 81) - 0.5));
        let (x, y) = (x * c + y * s, y * c - x * s);
        let half = 0.4 + 0.45 * share(self.look.seed, 82);
        let dot = kind < 0.06;
        let on = if dot {
            x.hypot(y) < half
        } else {
            x.abs() < half && y.abs() < half * (0.5 + 0.5 * share(self.look.seed, 83))
        };
        let ink = noise(self.seed ^ 84, v(x * 7.0, (y * 6.0).floor() * 3.1, 0.5)) > if dot { 0.72 } else { 0.55 };
        let paper = if dot { self.look.second } else { self.paper() };
        let print = v(0.05, 0.05, 0.06).mix(v(0.5, 0.15, 0.12), share(self.look.seed, 85));
        on.then(|| Surface::glossy(if ink { print } else { paper }, 0.02, 0.3))
    }

    fn top(&self, angle: f32, r: f32) -> Surface {
        let look = &self.look;
        let u = r / self.profile.top;
        let (x, y) = (u * angle.cos(), u * angle.sin());
        if let Some(sticker) = self.sticker(x, y) {
            return sticker;
        }
        match look.closure {
            Closure::Cork => {
                if u > 0.7 {
                    return self.glass();
                }
                let speck = noise(self.seed ^ 5, v(x * 6.0, y * 6.0, 1.5));
                let tone = if speck > 0.72 { 0.45 } else { 0.85 + 0.3 * speck };
                let wine = share(self.seed, 6) > 0.7;
                let cork = if wine { v(0.42, 0.20, 0.20) } else { v(0.68, 0.50, 0.33) };
                Surface::dull(cork * tone)
            }
            _ if self.is_sealed() => {
                let wide = 0.55 + 0.4 * share(look.seed, 50);
                if x.abs() < wide && share(look.seed, 51) > 0.2 {
                    let cell = noise(look.seed ^ 52, v(x * 5.0, y * 5.0, 0.5));
                    let paper = self.paper();
                    let ink = look.second.mix(v(0.55, 0.25, 0.22), share(look.seed, 53));
                    return Surface::glossy(if cell > 0.55 { ink } else { paper }, 0.02, 0.3);
                }
                self.foil(look.capsule)
            }
            Closure::Muselet => {
                let rim = u > 0.86;
                let emblem = rough_noise(look.seed ^ 55, v(x * 2.5, y * 2.5, 0.5)) > 0.55;
                self.foil(if rim || (emblem && u < 0.6) { look.second } else { look.capsule })
            }
            _ => {
                let kind = share(look.seed, 60);
                let ring_at = 0.45 + 0.4 * share(look.seed, 61);
                let second = if kind < 0.35 {
                    false
                } else if kind < 0.55 {
                    (u - ring_at).abs() < 0.07
                } else if kind < 0.7 {
                    u < ring_at
                } else if kind < 0.9 {
                    u < 0.7 && rough_noise(look.seed ^ 62, v(x * 3.0, y * 3.0, 0.5)) > 0.56
                } else {
                    // Air holes, as tin capsules have them.
                    (u - 0.45).abs() < 0.12 && (angle * 3.0).cos() > 0.9
                };
                let mut surface = self.foil(if second { look.second } else { look.capsule });
                let fold = 1.0 - 0.35 * (-((u - 0.93) / 0.05).powi(2)).exp();
                surface.albedo = surface.albedo * fold;
                surface
            }
        }
    }
}

/// How far an angle lies from the line of a strip that runs over the top, front and back alike.
fn strip(angle: f32) -> f32 {
    let folded = angle.abs();
    folded.min(std::f32::consts::PI - folded)
}
