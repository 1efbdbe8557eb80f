//! Builds racks of every kind: boards, wires and pipes, and the openings between them.

use super::grain::Dice;
use super::solid::{Block, Disc, Form, Pipe, Rod, Solid};
use super::space::{Vec3, v};
use super::stuff::Stuff;
use crate::geometry::Point;
use crate::render::racks::{crosses, grid, lattice};

/// An opening in the plane of the rack's front: x to the right, y down, in cm, as pictures count.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) outline: Vec<Point>,
    /// How bottles lie in it.
    pub(super) way: Way,
}

/// How bottles lie in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// Stacked as gravity wants.
    Stacked,
    /// One in the middle, held at a height above the cell's lowest point that the joiner has chosen.
    Held,
    /// Side by side in one row, so many cm above the cell's floor.
    Row(f32),
    /// Side by side on their bases.
    Standing,
}

/// A rack without bottles.
pub(super) struct Rack {
    pub(super) solids: Vec<Solid>,
    pub(super) cells: Vec<Cell>,
    /// Width and height.
    pub(super) size: [f32; 2],
    /// Depth of the boards.
    pub(super) depth: f32,
}

/// A board between two places of the front plane (y down), `thick` wide, from the front to `depth` behind it.
pub(super) fn board(a: [f32; 2], b: [f32; 2], thick: f32, z: [f32; 2], stuff: Stuff) -> Solid {
    let (dx, dy) = (b[0] - a[0], a[1] - b[1]);
    let long = dx.hypot(dy).max(1e-6);
    Solid::new(
        Form::Block(Block {
            middle: v((a[0] + b[0]) / 2.0, -(a[1] + b[1]) / 2.0, (z[0] + z[1]) / 2.0),
            half: v(long / 2.0, thick / 2.0, (z[0] - z[1]).abs() / 2.0),
            turn: [dx / long, dy / long],
        }),
        stuff,
    )
}

fn again(stuff: Stuff, dice: &mut Dice) -> Stuff {
    match stuff {
        Stuff::Wood { pale, dark, gloss, .. } => {
            let tone = dice.range(0.88, 1.12);
            Stuff::Wood { pale: pale * tone, dark: dark * tone, gloss, seed: dice.bits() }
        }
        Stuff::Plain { colour, gloss, mottle, size, .. } => {
            Stuff::Plain { colour, gloss, mottle, size, seed: dice.bits() }
        }
        other => other,
    }
}

fn frame(rack: &mut Rack, thick: f32, stuff: Stuff, dice: &mut Dice) {
    let [w, h] = rack.size;
    let z = [dice.range(-0.3, 1.5), -rack.depth];
    let o = thick / 2.0;
    for (a, b) in [
        ([-thick, -o], [w + thick, -o]),
        ([-thick, h + o], [w + thick, h + o]),
        ([-o, 0.0], [-o, h]),
        ([w + o, 0.0], [w + o, h]),
    ] {
        rack.solids.push(board(a, b, thick, z, again(stuff, dice)));
    }
}

fn back(rack: &mut Rack, stuff: Stuff) {
    let [w, h] = rack.size;
    let middle = v(w / 2.0, -h / 2.0, -rack.depth - 0.5);
    rack.solids
        .push(Solid::new(Form::Block(Block { middle, half: v(w / 2.0, h / 2.0, 0.4), turn: [1.0, 0.0] }), stuff));
}

fn cells(openings: Vec<crate::render::SceneBin>, way: Way) -> Vec<Cell> {
    openings.into_iter().map(|bin| Cell { outline: bin.opening, way }).collect()
}

/// Pigeon-holes, narrow ones for single bottles or wide ones for stacks.
pub(super) fn pigeon_holes(wide: bool, wood: Stuff, dice: &mut Dice) -> Rack {
    let (columns, rows) = if wide { (dice.int(1, 4), dice.int(1, 4)) } else { (dice.int(2, 6), dice.int(2, 6)) };
    let cell = if wide {
        [dice.range(18.0, 55.0), dice.range(16.0, 40.0)]
    } else {
        let side = dice.range(9.4, 12.5);
        [side, side * dice.range(0.92, 1.15)]
    };
    let thick = if wide { dice.range(1.2, 3.0) } else { dice.range(0.2, 2.2) };
    let size = [columns as f32 * cell[0], rows as f32 * cell[1]];
    let depth = dice.range(18.0, 34.0);
    let area = [0.0, 0.0, f64::from(size[0]), f64::from(size[1])];
    let openings = grid(area, columns, rows, f64::from(thick) / 2.0, 3.0);
    let mut rack = Rack { solids: Vec::new(), cells: cells(openings, Way::Stacked), size, depth };
    let step = dice.range(-0.4, 0.4);
    for i in 1..columns {
        let x = i as f32 * cell[0];
        rack.solids.push(board([x, 0.0], [x, size[1]], thick, [step.min(0.0), -depth], again(wood, dice)));
    }
    for j in 1..rows {
        let y = j as f32 * cell[1];
        rack.solids.push(board([0.0, y], [size[0], y], thick, [(-step).min(0.0), -depth], again(wood, dice)));
    }
    frame(&mut rack, thick.max(0.8) * dice.range(1.0, 2.0), wood, dice);
    if dice.chance(0.75) {
        back(&mut rack, again(wood, dice));
    }
    rack
}

/// Crossed boards: one X per box, or a lattice of diamonds.
pub(super) fn crossed(wood: Stuff, dice: &mut Dice) -> Rack {
    let thick = dice.range(1.2, 3.2);
    let depth = dice.range(22.0, 34.0);
    if dice.chance(0.5) {
        let (columns, rows) = (dice.int(1, 2), dice.int(1, 2));
        let cell = [dice.range(38.0, 75.0), dice.range(38.0, 70.0)];
        let size = [columns as f32 * cell[0], rows as f32 * cell[1]];
        let area = [0.0, 0.0, f64::from(size[0]), f64::from(size[1])];
        let openings = crosses(area, columns, rows, f64::from(thick) / 2.0, 3.0);
        let mut rack = Rack { solids: Vec::new(), cells: cells(openings, Way::Stacked), size, depth };
        for j in 0..rows {
            for i in 0..columns {
                let (x, y) = (i as f32 * cell[0], j as f32 * cell[1]);
                let (u, w) = (x + cell[0], y + cell[1]);
                let z = [-dice.range(0.0, 1.0), -depth];
                rack.solids.push(board([x, y], [u, w], thick, z, again(wood, dice)));
                rack.solids.push(board([x, w], [u, y], thick, z, again(wood, dice)));
            }
        }
        for i in 1..columns {
            let x = i as f32 * cell[0];
            rack.solids.push(board([x, 0.0], [x, size[1]], thick, [0.0, -depth], again(wood, dice)));
        }
        for j in 1..rows {
            let y = j as f32 * cell[1];
            rack.solids.push(board([0.0, y], [size[0], y], thick, [0.0, -depth], again(wood, dice)));
        }
        frame(&mut rack, thick * dice.range(1.0, 2.0), wood, dice);
        if dice.chance(0.8) {
            back(&mut rack, again(wood, dice));
        }
        return rack;
    }
    let (columns, rows) = (dice.int(1, 4), dice.int(1, 4));
    let wide = dice.chance(0.6);
    let across = if wide { dice.range(24.0, 52.0) } else { dice.range(13.0, 17.5) };
    let tall = across * dice.range(0.85, 1.2);
    let size = [columns as f32 * across, rows as f32 * tall];
    let area = [0.0, 0.0, f64::from(size[0]), f64::from(size[1])];
    let thick = if wide { thick } else { thick * 0.6 };
    let openings = lattice(area, columns, rows, f64::from(thick) / 2.0, 3.0);
    let mut rack = Rack { solids: Vec::new(), cells: cells(openings, Way::Stacked), size, depth };
    // Every line of the lattice, cut to the rack.
    let (w, h) = (across / 2.0, tall / 2.0);
    let (nx, ny) = (2 * columns as i32, 2 * rows as i32);
    for start in (-ny..nx + ny).filter(|k| k.rem_euclid(2) == 1) {
        for rising in [false, true] {
            // In steps of half a diamond: x = start + t, y = t (or ny - t).
            let (from, to) = (0.max(-start), ny.min(nx - start));
            if from < to {
                let place = |t: i32| {
                    let y = if rising { ny - t } else { t };
                    [(start + t) as f32 * w, y as f32 * h]
                };
                let z = [if rising { -0.1 } else { 0.0 } - dice.range(0.0, 0.3), -depth];
                rack.solids.push(board(place(from), place(to), thick, z, again(wood, dice)));
            }
        }
    }
    if dice.chance(0.85) {
        frame(&mut rack, thick * dice.range(1.0, 2.2), wood, dice);
    }
    if dice.chance(0.6) {
        back(&mut rack, again(wood, dice));
    }
    rack
}

/// A small rack of whole diamonds that stands on its points, open at the sides.
pub(super) fn on_its_point(wood: Stuff, dice: &mut Dice) -> Rack {
    let n = dice.int(2, 4) as i32;
    let side = dice.range(9.6, 12.5);
    let thick = dice.range(0.4, 1.4);
    let depth = dice.range(8.0, 22.0);
    let half = side / std::f32::consts::SQRT_2;
    let size = [2.0 * half * n as f32, 2.0 * half * n as f32];
    // Cell (i, j) has its upper corner at the crossing of two lines; rows of the diamond run both ways.
    let node = |i: f32, j: f32| [size[0] / 2.0 + (i - j) * half, (i + j) * half];
    let mut rack = Rack { solids: Vec::new(), cells: Vec::new(), size, depth };
    let missing = |i: i32, j: i32, dice: &mut Dice| (i + j < 1 || i + j > 2 * n - 3) && dice.chance(0.4);
    for i in 0..n {
        for j in 0..n {
            if missing(i, j, dice) {
                continue;
            }
            let (a, b) = (i as f32, j as f32);
            let inset = thick / 2.0 / side;
            let outline = [
                node(a + inset, b + inset),
                node(a + 1.0 - inset, b + inset),
                node(a + 1.0 - inset, b + 1.0 - inset),
                node(a + inset, b + 1.0 - inset),
            ];
            let outline = outline.map(|p| [f64::from(p[0]), f64::from(p[1])]).to_vec();
            rack.cells.push(Cell { outline, way: Way::Stacked });
        }
    }
    // Lower boards hold bottles; upper ones may be left out, which leaves open V shapes.
    let open = dice.chance(0.5);
    for k in 0..=n {
        if open && k == 0 {
            continue;
        }
        let z = [0.0, -depth];
        rack.solids.push(board(node(k as f32, 0.0), node(k as f32, n as f32), thick, z, again(wood, dice)));
        rack.solids.push(board(node(0.0, k as f32), node(n as f32, k as f32), thick, z, again(wood, dice)));
    }
    rack
}

/// Shelves with one row of bottles each: a cabinet behind glass, a cupboard, or slats.
pub(super) fn shelves(wood: Stuff, metal: Stuff, dark: Stuff, dice: &mut Dice) -> Rack {
    let rows = dice.int(2, 6);
    let width = dice.range(36.0, 90.0);
    let standing = dice.chance(0.12);
    let pitch = if standing { dice.range(36.0, 42.0) } else { dice.range(9.5, 15.0) };
    let size = [width, rows as f32 * pitch];
    let depth = dice.range(24.0, 50.0);
    let mut rack = Rack { solids: Vec::new(), cells: Vec::new(), size, depth };
    let kind = if standing { 2 } else { dice.int(0, 3) };
    let lip = dice.range(2.0, 4.5);
    for j in 0..rows {
        let (top, floor) = (j as f32 * pitch, (j + 1) as f32 * pitch);
        let lift = match kind {
            0 => wires(&mut rack, floor, metal, dice),
            1 => {
                // A wooden front that hides the lower part of what lies behind it.
                let z = dice.range(0.0, 1.5);
                rack.solids.push(board(
                    [0.0, floor - lip / 2.0],
                    [width, floor - lip / 2.0],
                    lip,
                    [z, z - 1.8],
                    again(wood, dice),
                ));
                rack.solids.push(board(
                    [0.0, floor - 0.6],
                    [width, floor - 0.6],
                    0.8,
                    [-2.0, -depth],
                    again(wood, dice),
                ));
                lip * dice.range(0.1, 0.5)
            }
            _ => {
                let thick = dice.range(0.8, 2.6);
                rack.solids.push(board(
                    [0.0, floor - thick / 2.0],
                    [width, floor - thick / 2.0],
                    thick,
                    [0.0, -depth],
                    again(wood, dice),
                ));
                thick
            }
        };
        let way = if standing { Way::Standing } else { Way::Row(lift) };
        let outline = [[0.0, top], [width, top], [width, floor], [0.0, floor]];
        rack.cells.push(Cell { outline: outline.map(|p| [f64::from(p[0]), f64::from(p[1])]).to_vec(), way });
    }
    let shell = if dice.chance(0.5) { dark } else { wood };
    back(&mut rack, again(shell, dice));
    frame(&mut rack, dice.range(1.5, 5.0), if dice.chance(0.4) { metal } else { shell }, dice);
    rack
}

/// A shelf of wires with waves for the bottles; gives the height at which bottles lie above the shelf's line.
fn wires(rack: &mut Rack, floor: f32, metal: Stuff, dice: &mut Dice) -> f32 {
    let (width, depth) = (rack.size[0], rack.depth);
    let thin = dice.range(0.18, 0.4);
    let mut rod = |from: Vec3, to: Vec3| {
        rack.solids.push(Solid::new(Form::Rod(Rod { from, to, radius: thin }), metal));
    };
    let wave = dice.range(0.0, 1.6);
    let period = dice.range(8.0, 12.5);
    for z in [-0.5, -depth * 0.45, -depth * 0.85] {
        let steps = (width / 1.6) as u32;
        let place = |k: u32| {
            let x = k as f32 * width / steps as f32;
            v(x, -floor + 1.0 + wave * (x / period * std::f32::consts::TAU).cos(), z)
        };
        for k in 0..steps {
            rod(place(k), place(k + 1));
        }
        if dice.chance(0.7) {
            rod(v(0.0, -floor + 0.4, z), v(width, -floor + 0.4, z));
        }
    }
    if dice.chance(0.6) {
        let gap = dice.range(2.2, 5.0);
        for k in 0..(width / gap) as u32 {
            let x = k as f32 * gap;
            rod(v(x, -floor + 0.6, -0.3), v(x, -floor + 0.6, -depth));
        }
    }
    1.0 + thin
}

/// Pipes of clay, cardboard or metal, in staggered rows.
pub(super) fn pipes(stuff: Stuff, wood: Stuff, dice: &mut Dice) -> Rack {
    let (columns, rows) = (dice.int(2, 5), dice.int(2, 5));
    let radius = dice.range(4.7, 6.2);
    let wall = dice.range(0.15, 1.3);
    let pitch = 2.0 * (radius + wall);
    let staggered = dice.chance(0.6);
    let down = if staggered { pitch * 0.866 } else { pitch };
    let size = [pitch * (columns as f32 + if staggered { 0.5 } else { 0.0 }), down * (rows as f32 - 1.0) + pitch];
    let depth = dice.range(20.0, 34.0);
    let mut rack = Rack { solids: Vec::new(), cells: Vec::new(), size, depth };
    let hexagon = dice.chance(0.5);
    for j in 0..rows {
        for i in 0..columns {
            let shift = if staggered && j % 2 == 1 { 0.5 } else { 0.0 };
            let (x, y) = ((i as f32 + 0.5 + shift) * pitch, down * j as f32 + pitch / 2.0);
            let middle = v(x, -y, 0.0);
            rack.solids.push(Solid::new(Form::Pipe(Pipe { middle, radius, wall, depth }), again(stuff, dice)));
            let corners = if hexagon { 6 } else { 12 };
            let reach = if hexagon { (radius + wall) / 0.866 } else { radius };
            let outline = (0..corners)
                .map(|k| {
                    let angle = (k as f32 + 0.5) * std::f32::consts::TAU / corners as f32;
                    [f64::from(x + reach * angle.cos()), f64::from(y + reach * angle.sin())]
                })
                .collect();
            rack.cells.push(Cell { outline, way: Way::Held });
        }
    }
    if dice.chance(0.7) {
        // Between the pipes one sees a dark back or a board.
        let z = if dice.chance(0.5) { -0.4 } else { -depth };
        if z < -1.0 {
            back(&mut rack, again(wood, dice));
        }
    }
    if dice.chance(0.5) {
        frame(&mut rack, dice.range(1.0, 3.0), wood, dice);
    }
    rack
}

/// Bottles held by their necks in rings or between bars of metal.
pub(super) fn bars(metal: Stuff, dice: &mut Dice) -> Rack {
    let (columns, rows) = (dice.int(1, 5), dice.int(2, 6));
    let pitch = [dice.range(9.5, 13.0), dice.range(9.5, 14.0)];
    let size = [columns as f32 * pitch[0], rows as f32 * pitch[1]];
    let depth = dice.range(12.0, 24.0);
    let thin = dice.range(0.25, 0.9);
    let mut rack = Rack { solids: Vec::new(), cells: Vec::new(), size, depth };
    let rings = dice.chance(0.35);
    for z in [0.0, -depth] {
        for j in 0..rows {
            let y = (j as f32 + 1.0) * pitch[1] - 1.0;
            rack.solids
                .push(Solid::new(Form::Rod(Rod { from: v(0.0, -y, z), to: v(size[0], -y, z), radius: thin }), metal));
        }
        for i in 0..=columns {
            let x = i as f32 * pitch[0];
            rack.solids
                .push(Solid::new(Form::Rod(Rod { from: v(x, 0.0, z), to: v(x, -size[1], z), radius: thin }), metal));
        }
    }
    for j in 0..rows {
        for i in 0..columns {
            let corner = [i as f32 * pitch[0], j as f32 * pitch[1]];
            if rings {
                let middle = v(corner[0] + pitch[0] / 2.0, -corner[1] - pitch[1] / 2.0, -2.0);
                let radius = dice.range(4.3, 4.6);
                let disc = Disc { middle, normal: v(0.0, 0.0, 1.0), inner: radius - 2.0 * thin.min(0.4), radius };
                rack.solids.push(Solid::new(Form::Disc(disc), metal));
            }
            let outline = [[0.0, 0.0], [pitch[0], 0.0], [pitch[0], pitch[1]], [0.0, pitch[1]]]
                .map(|p| [f64::from(p[0] + corner[0]), f64::from(p[1] + corner[1])])
                .to_vec();
            rack.cells.push(Cell { outline, way: Way::Held });
        }
    }
    rack
}
