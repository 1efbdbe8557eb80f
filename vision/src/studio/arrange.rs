//! Arranges a whole set at random: rack, bottles, things that are no bottles, light, camera and darkroom.

use super::cast::{self, Kind, screen};
use super::clutter;
use super::develop::Process;
use super::grain::Dice;
use super::joinery::{self, Cell, Rack, Way};
use super::light::{Bulb, Lamp, Light};
use super::shot::{Camera, Set, SetBin};
use super::solid::{Block, Form, Solid};
use super::space::{Vec3, grey, v};
use super::stuff::Stuff;
use crate::geometry::{Point, bounds};
use crate::render::pack;
use crate::render::rng::Rng;

/// A set and how its picture is developed; the same for the same seed.
pub fn arrange(seed: u64) -> (Set, Process) {
    let mut dice = Dice::new(seed);
    let (wood, metal, dark) = (wood(&mut dice), metal(&mut dice), dark(&mut dice));
    let board = if dice.chance(0.65) { wood } else { paint(&mut dice) };
    let mut rack = match dice.int(0, 19) {
        0..=2 => joinery::pigeon_holes(false, board, &mut dice),
        3..=4 => joinery::pigeon_holes(true, board, &mut dice),
        // The most, since bins of several bottles are the hardest and such a rack has few of them.
        5..=12 => joinery::crossed(board, &mut dice),
        13 => joinery::on_its_point(board, &mut dice),
        14..=16 => joinery::shelves(board, metal, dark, &mut dice),
        17..=18 => joinery::pipes(board, wood, &mut dice),
        _ => joinery::bars(metal, &mut dice),
    };
    let mut solids = std::mem::take(&mut rack.solids);
    let mut bins = Vec::new();
    let habit = Habit::new(&rack, &mut dice);
    for (i, cell) in rack.cells.iter().enumerate() {
        let first = solids.len();
        habit.fill(cell, &mut solids, &mut dice);
        let bottles: Vec<usize> = (first..solids.len()).collect();
        clutter::around_bottles(&mut solids, &bottles, &mut dice);
        if bottles.is_empty() {
            clutter::in_empty(cell, rack.depth, &mut solids, &mut dice);
        }
        let id = format!("{:03}", i + 1);
        bins.push(SetBin { id, opening: outline(cell, &mut dice), bottles });
    }
    clutter::on_boards(&rack.cells, rack.size, &mut solids, &mut dice);
    backdrop(&rack, &mut solids, &mut dice);
    let light = light(rack.size, &mut dice);
    let camera = camera(&rack, &mut dice);
    (Set { solids, light, camera, bins, seed: dice.bits() }, process(&mut dice))
}

/// The same rack with the same bottles on another day: other light, another exposure, other noise, and a camera that
/// stands where it stood.
pub fn relight(set: &Set, seed: u64) -> (Set, Process) {
    let mut dice = Dice::new(seed);
    let corners = || set.bins.iter().flat_map(|bin| &bin.opening);
    let size = [corners().map(|p| p.x).fold(0.0, f32::max), corners().map(|p| -p.y).fold(0.0, f32::max)];
    let light = light(size, &mut dice);
    let fair = Process { blur: dice.range(0.0, 0.8), quality: dice.int(70, 95) as u8, ..process(&mut dice) };
    (Set { light, seed: dice.bits(), ..set.clone() }, fair)
}

/// The opening's corners in space, drawn as exactly as a person would.
fn outline(cell: &Cell, dice: &mut Dice) -> Vec<Vec3> {
    let [left, top, right, bottom] = bounds(&cell.outline);
    let slip = ((right - left).min(bottom - top) * 0.018) as f32;
    cell.outline.iter().map(|p| v(p[0] as f32 + dice.bell() * slip, -(p[1] as f32) + dice.bell() * slip, 0.0)).collect()
}

/// How this cellar's owner lays bottles.
struct Habit {
    kinds: Vec<Kind>,
    /// Share of bottles whose necks face the camera.
    necks: f32,
    alternate: bool,
    /// How far ends stand before the rack's front, and how much that differs.
    proud: [f32; 2],
    /// Share of bins without a bottle.
    empty: f32,
    /// Share of a bin's room that is used.
    full: f32,
    /// Sloppiness of directions.
    tilt: f32,
    depth: f32,
}

impl Habit {
    fn new(rack: &Rack, dice: &mut Dice) -> Self {
        let many = dice.int(1, 6);
        Self {
            kinds: (0..many).map(|_| cast::kind(dice)).collect(),
            necks: dice.pick(&[0.0, 0.08, 0.5, 0.92, 1.0, 1.0]),
            alternate: dice.chance(0.25),
            proud: [dice.range(-7.0, 8.0), dice.range(0.2, 3.0)],
            empty: dice.pick(&[0.05, 0.15, 0.3, 0.6]),
            full: dice.range(0.3, 1.0),
            tilt: dice.range(0.004, 0.045),
            depth: rack.depth,
        }
    }

    fn fill(&self, cell: &Cell, solids: &mut Vec<Solid>, dice: &mut Dice) {
        if dice.chance(self.empty) {
            return;
        }
        let own = dice.pick(&self.kinds.iter().collect::<Vec<_>>()).clone();
        let mixed = dice.chance(0.4);
        let kind = |dice: &mut Dice| {
            if mixed { self.kinds[dice.int(0, self.kinds.len() as u32 - 1) as usize].clone() } else { own.clone() }
        };
        let [left, _, right, floor] = bounds(&cell.outline).map(|x| x as f32);
        match cell.way {
            Way::Stacked => {
                let r = own.radius();
                let mut rng = Rng::new(dice.bits());
                let room = pack::capacity(&cell.outline, f64::from(r) * 1.02);
                let wanted = if room <= 1 {
                    1
                } else {
                    ((room as f32 * (self.full + dice.range(-0.35, 0.35)).clamp(0.04, 1.0)).round() as usize)
                        .clamp(1, 40)
                };
                for (i, (at, _)) in
                    pack::stack(&cell.outline, f64::from(r) * 1.02, wanted, 0.01, &mut rng).into_iter().enumerate()
                {
                    // Of another kind of another size it would float or sink: only looks are mixed then.
                    let mut other = kind(dice);
                    if (other.radius() - r).abs() > 0.5 {
                        other = own.clone();
                    }
                    self.lay(&other, at, i, solids, dice);
                }
            }
            Way::Held => {
                let at = [
                    f64::from((left + right) / 2.0),
                    f64::from(floor - 0.3) - f64::from(own.radius()) - f64::from(dice.range(0.0, 1.0)),
                ];
                self.lay(&own, at, 0, solids, dice);
            }
            Way::Row(lift) => {
                let pitch = dice.range(7.9, 11.0).max(2.0 * own.radius());
                let slots = ((right - left) / pitch).floor().max(1.0);
                for i in 0..slots as usize {
                    if !dice.chance(self.full.max(0.35)) {
                        continue;
                    }
                    let kind = kind(dice);
                    let x = left + (i as f32 + 0.5) * (right - left) / slots + dice.range(-0.2, 0.2);
                    self.lay(&kind, [f64::from(x), f64::from(floor - lift - kind.radius())], i, solids, dice);
                }
            }
            Way::Standing => {
                let pitch = dice.range(8.2, 10.5);
                let slots = ((right - left) / pitch).floor().max(1.0);
                let z = -dice.range(3.0, 12.0);
                for i in 0..slots as usize {
                    if dice.chance(self.full.max(0.3)) {
                        let x = left + (i as f32 + 0.5) * (right - left) / slots;
                        let kind = kind(dice);
                        let mut bottle =
                            kind.bottle(v(x, -floor + 2.4, z + dice.range(-1.0, 1.0)), v(0.0, 1.0, 0.0), dice);
                        bottle.front = v(dice.range(-0.5, 0.5), 0.0, 1.0).unit();
                        solids.push(Solid::new(Form::Bottle(Box::new(bottle)), Stuff::Bottle));
                    }
                }
            }
        }
    }

    /// Lays one bottle with its body's middle line through a place of the front plane.
    fn lay(&self, kind: &Kind, at: Point, place: usize, solids: &mut Vec<Solid>, dice: &mut Dice) {
        let neck = if self.alternate { place.is_multiple_of(2) } else { dice.chance(self.necks) };
        let lean = v(dice.bell() * self.tilt, dice.bell() * self.tilt * 0.6, 1.0).unit();
        let mut proud = self.proud[0] + dice.bell() * self.proud[1];
        if !neck {
            // Bases seldom stand out as far as necks do.
            proud = proud.min(3.0) - 1.0;
        }
        let length = kind.length();
        proud = proud.max(length - self.depth.max(length) - 3.0);
        let (x, y) = (at[0] as f32, -at[1] as f32);
        // The body rests in the rack: it turns about its own middle, which lies 20 cm behind a neck.
        let bottle = if neck {
            let body = v(x, y, proud - length + 9.0);
            kind.bottle(body - lean * 9.0, lean, dice)
        } else {
            kind.bottle(v(x, y, proud), -lean, dice)
        };
        solids.push(Solid::new(Form::Bottle(Box::new(bottle)), Stuff::Bottle));
    }
}

fn wood(dice: &mut Dice) -> Stuff {
    let (pale, dark) = dice.pick(&[
        (screen(0.78, 0.60, 0.40), screen(0.58, 0.40, 0.24)),
        (screen(0.60, 0.40, 0.24), screen(0.36, 0.21, 0.12)),
        (screen(0.42, 0.24, 0.14), screen(0.20, 0.10, 0.06)),
        (screen(0.88, 0.76, 0.58), screen(0.72, 0.56, 0.38)),
        (screen(0.50, 0.22, 0.13), screen(0.28, 0.10, 0.06)),
        (screen(0.55, 0.50, 0.45), screen(0.36, 0.32, 0.28)),
        (screen(0.20, 0.15, 0.12), screen(0.09, 0.07, 0.06)),
    ]);
    let tone = dice.range(0.75, 1.2);
    let gloss = if dice.chance(0.6) { 0.0 } else { dice.range(0.02, 0.12) };
    Stuff::Wood { pale: pale * tone, dark: dark * tone, gloss, seed: dice.bits() }
}

fn paint(dice: &mut Dice) -> Stuff {
    let colour = dice.pick(&[
        screen(0.95, 0.95, 0.94),
        screen(0.85, 0.84, 0.80),
        screen(0.72, 0.70, 0.66),
        screen(0.45, 0.46, 0.48),
        screen(0.16, 0.16, 0.17),
        screen(0.08, 0.08, 0.08),
        screen(0.70, 0.40, 0.28),
        screen(0.62, 0.50, 0.36),
        screen(0.30, 0.38, 0.34),
    ]);
    let mottle = if dice.chance(0.6) { 0.04 } else { dice.range(0.05, 0.4) };
    Stuff::Plain { colour, gloss: dice.range(0.0, 0.05), mottle, size: dice.range(0.5, 12.0), seed: dice.bits() }
}

fn metal(dice: &mut Dice) -> Stuff {
    let colour = dice.pick(&[grey(0.75), grey(0.6), grey(0.04), grey(0.02), screen(0.8, 0.65, 0.4)]);
    Stuff::Metal { colour, rough: dice.range(0.02, 0.4) }
}

fn dark(dice: &mut Dice) -> Stuff {
    let colour = grey(dice.range(0.004, 0.08));
    Stuff::Plain { colour, gloss: 0.03, mottle: 0.1, size: 8.0, seed: dice.bits() }
}

/// What is behind the rack: a wall close by or far off, or nothing but the room.
fn backdrop(rack: &Rack, solids: &mut Vec<Solid>, dice: &mut Dice) {
    if dice.chance(0.15) {
        return;
    }
    let behind = if dice.chance(0.6) { 2.0 } else { dice.range(20.0, 150.0) };
    let stuff = if dice.chance(0.25) {
        let level = dice.range(0.75, 0.95);
        Stuff::Plain { colour: grey(level), gloss: 0.0, mottle: 0.01, size: 30.0, seed: dice.bits() }
    } else if dice.chance(0.3) {
        Stuff::Print {
            paper: grey(0.5),
            ink: grey(dice.range(0.05, 0.4)),
            line: dice.range(3.0, 20.0),
            seed: dice.bits(),
        }
    } else {
        paint(dice)
    };
    let [w, h] = rack.size;
    let middle = v(w / 2.0, -h / 2.0, -rack.depth - behind - 5.0);
    solids.push(Solid::new(Form::Block(Block { middle, half: v(600.0, 600.0, 2.0), turn: [1.0, 0.0] }), stuff));
}

fn light([w, h]: [f32; 2], dice: &mut Dice) -> Light {
    let warm = dice.range(-0.12, 0.3);
    let tint = v(1.0 + warm, 1.0, 1.0 - 1.3 * warm.max(-0.2));
    let gloom = dice.range(0.0, 1.0);
    let room = 0.06 + 0.9 * (1.0 - gloom).powi(2);
    let upper = tint * (room * dice.range(0.7, 1.5));
    let lower = tint * (room * dice.range(0.2, 0.9));
    let mut light = Light {
        room: [upper, lower],
        clutter: dice.range(0.0, 1.0),
        lamps: Vec::new(),
        bulbs: Vec::new(),
        seed: dice.bits(),
    };
    for _ in 0..dice.int(0, 3) {
        // Before and above the rack, at any side.
        let towards = v(dice.range(-1.3, 1.3), dice.range(-0.2, 1.6), dice.range(0.25, 1.2)).unit();
        let size = [dice.range(0.04, 0.5), dice.range(0.04, 0.5)];
        let total = dice.range(0.15, 1.6);
        let brightness = (total / (4.0 * size[0] * size[1])).min(60.0);
        let lamp = v(1.0 + dice.range(-0.1, 0.25), 1.0, 1.0 - dice.range(-0.1, 0.3)) * brightness;
        light.lamps.push(Lamp { towards, size, colour: lamp });
    }
    if dice.chance(0.25) {
        // An LED strip under the upper edge or down a side, inside or before the front.
        let z = dice.range(-6.0, 6.0);
        let (from, to) =
            if dice.chance(0.7) { (v(0.0, -0.8, z), v(w, -0.8, z)) } else { (v(0.6, 0.0, z), v(0.6, -h, z)) };
        let strength = dice.range(0.03, 0.35);
        light.bulbs.push(Bulb { from, to, colour: tint * strength });
    }
    if light.lamps.is_empty() && light.bulbs.is_empty() || dice.chance(0.18) {
        // A bulb in the cellar, or the camera's flash.
        let at = v(w / 2.0 + dice.range(-80.0, 80.0), -h / 2.0 + dice.range(-30.0, 90.0), dice.range(60.0, 220.0));
        light.bulbs.push(Bulb { from: at, to: at, colour: tint * dice.range(0.3, 3.0) });
    }
    light
}

fn camera(rack: &Rack, dice: &mut Dice) -> Camera {
    let [w, h] = rack.size;
    let body = 9.0 * (dice.unit() * 5.2_f32.ln()).exp();
    // Pixels per cm at the front plane; a body has a radius of about 3.9 cm.
    let mut scale = body / 3.9;
    let mut view = [w * dice.range(1.0, 1.25), h * dice.range(1.0, 1.25)];
    let most = 620.0;
    for side in &mut view {
        if *side * scale > most {
            *side = most / scale;
        }
    }
    let smallest = smallest_side(rack).map(|side| 1.25 * side);
    for (side, least) in view.iter_mut().zip([smallest[0], smallest[1]]) {
        *side = side.max(least);
    }
    scale = scale.min(760.0 / view[0]).min(760.0 / view[1]);
    let aim = v(
        w / 2.0 + dice.range(-0.5, 0.5) * (w - view[0]).max(0.0),
        -h / 2.0 + dice.range(-0.5, 0.5) * (h - view[1]).max(0.0),
        0.0,
    );
    let far = view[0].max(view[1]) * dice.range(0.9, 3.2) + 25.0;
    let (yaw, pitch) = if dice.chance(0.45) {
        (dice.range(-0.12, 0.12), dice.range(-0.1, 0.15))
    } else {
        (dice.range(-0.65, 0.65), dice.range(-0.3, 0.5))
    };
    let at = aim + v(yaw.sin() * pitch.cos(), pitch.sin(), yaw.cos() * pitch.cos()) * far;
    Camera {
        at,
        aim,
        roll: dice.bell() * 0.025,
        focal: scale * far,
        size: view.map(|side| (side * scale).clamp(64.0, 760.0) as u32),
        barrel: if dice.chance(0.3) { dice.range(-0.08, 0.08) } else { 0.0 },
    }
}

/// Width and height of the largest cell: at least that much must be in the picture.
fn smallest_side(rack: &Rack) -> [f32; 2] {
    let mut side = [0.0f32; 2];
    for cell in &rack.cells {
        let [left, top, right, bottom] = bounds(&cell.outline).map(|x| x as f32);
        side = [side[0].max(right - left), side[1].max(bottom - top)];
    }
    side
}

fn process(dice: &mut Dice) -> Process {
    let web = dice.chance(0.4);
    Process {
        exposure: 0.07 + 0.33 * dice.unit() * dice.range(0.4, 1.0),
        cast: v(dice.range(0.88, 1.14), 1.0, dice.range(0.85, 1.14)),
        saturation: dice.range(0.35, 1.45),
        contrast: dice.range(0.9, 1.75),
        lift: if dice.chance(0.7) { 0.0 } else { dice.range(0.0, 0.09) },
        vignette: dice.range(0.0, 0.6),
        veil: if dice.chance(0.8) { 0.0 } else { dice.range(0.02, 0.3) },
        blur: if dice.chance(0.4) { 0.0 } else { dice.range(0.3, 1.5) },
        sharpen: if web { dice.range(0.3, 1.5) } else { dice.range(0.0, 0.4) },
        noise: dice.unit() * dice.unit() * 0.07,
        spot: dice.range(0.8, 3.0),
        quality: dice.int(28, 96) as u8,
        seed: dice.bits(),
    }
}
