//! What stands and hangs about in cellars and is no bottle.

use super::cast::screen;
use super::grain::Dice;
use super::joinery::Cell;
use super::solid::{Block, Disc, Form, Rod, Solid};
use super::space::{Colour, Vec3, grey, v};
use super::stuff::Stuff;
use crate::geometry::bounds;

fn paper(dice: &mut Dice) -> Stuff {
    let paper =
        dice.pick(&[screen(0.95, 0.94, 0.9), screen(0.9, 0.85, 0.7), screen(0.95, 0.85, 0.3), screen(0.9, 0.4, 0.3)]);
    Stuff::Print { paper, ink: grey(0.03), line: dice.range(0.35, 0.9), seed: dice.bits() }
}

fn coloured(dice: &mut Dice) -> Colour {
    let shade = v(dice.unit(), dice.unit(), dice.unit());
    shade.mix(grey(shade.mean()), dice.unit()) * 0.8
}

fn any(dice: &mut Dice) -> Stuff {
    match dice.int(0, 4) {
        0 => paper(dice),
        1 => Stuff::Metal { colour: coloured(dice), rough: dice.range(0.05, 0.4) },
        _ => Stuff::Plain {
            colour: coloured(dice),
            gloss: dice.range(0.0, 0.06),
            mottle: dice.range(0.0, 0.5),
            size: dice.range(0.5, 5.0),
            seed: dice.bits(),
        },
    }
}

fn block(middle: Vec3, half: Vec3, angle: f32, stuff: Stuff) -> Solid {
    Solid::new(Form::Block(Block { middle, half, turn: [angle.cos(), angle.sin()] }), stuff)
}

fn disc(middle: Vec3, normal: Vec3, inner: f32, radius: f32, stuff: Stuff) -> Solid {
    Solid::new(Form::Disc(Disc { middle, normal: normal.unit(), inner, radius }), stuff)
}

/// Tags on necks.
pub(super) fn around_bottles(solids: &mut Vec<Solid>, bottles: &[usize], dice: &mut Dice) {
    if bottles.is_empty() || !dice.chance(0.12) {
        return;
    }
    let often = dice.range(0.2, 1.0);
    let round = dice.chance(0.5);
    for &i in bottles {
        if !dice.chance(often) {
            continue;
        }
        let Form::Bottle(bottle) = &solids[i].form else { continue };
        let (end, radius, neck) = bottle.end();
        if !neck || bottle.axis.z < 0.3 {
            continue;
        }
        let at = end + v(dice.range(-1.0, 1.0), -radius - dice.range(1.5, 2.6), -dice.range(1.0, 4.0));
        let stuff = paper(dice);
        if round {
            let normal = v(dice.range(-0.3, 0.3), dice.range(-0.2, 0.5), 1.0);
            solids.push(disc(at, normal, 0.0, dice.range(1.2, 2.2), stuff));
        } else {
            solids.push(block(at, v(dice.range(0.9, 1.8), dice.range(1.0, 2.2), 0.05), dice.range(-0.3, 0.3), stuff));
        }
    }
}

/// Boxes, round lids, holes in the back, crumpled things in an empty bin.
pub(super) fn in_empty(cell: &Cell, depth: f32, solids: &mut Vec<Solid>, dice: &mut Dice) {
    if !dice.chance(0.35) {
        return;
    }
    let [left, top, right, bottom] = bounds(&cell.outline).map(|x| x as f32);
    let (w, h) = (right - left, bottom - top);
    let middle = v((left + right) / 2.0, -(top + bottom) / 2.0, 0.0);
    let aside = v(dice.range(-0.25, 0.25) * w, dice.range(-0.2, 0.2) * h, 0.0);
    match dice.int(0, 4) {
        0 => {
            // A hole for a cable, or a knot that fell out.
            let radius = dice.range(0.6, 3.0);
            let stuff =
                Stuff::Plain { colour: grey(dice.range(0.0, 0.03)), gloss: 0.0, mottle: 0.0, size: 1.0, seed: 0 };
            solids.push(disc(middle + aside + v(0.0, 0.0, -depth + 0.1), v(0.0, 0.0, 1.0), 0.0, radius, stuff));
        }
        1 => {
            let half = v(w * dice.range(0.1, 0.35), h * dice.range(0.08, 0.28), dice.range(2.0, 10.0));
            let at = v(middle.x + aside.x, -bottom + half.y + 0.2 * h, -half.z - dice.range(1.0, 8.0));
            solids.push(block(at, half, dice.range(-0.3, 0.3), any(dice)));
        }
        2 => {
            // A card that leans somewhere in the bin.
            let half = v(w * dice.range(0.1, 0.3), h * dice.range(0.08, 0.25), 0.05);
            let at = middle + aside + v(0.0, 0.0, -dice.range(1.0, depth * 0.8));
            solids.push(block(at, half, dice.range(-0.6, 0.6), paper(dice)));
        }
        3 => {
            // Twigs, straps, cables.
            for _ in 0..dice.int(1, 4) {
                let place = |dice: &mut Dice| {
                    middle + v(dice.range(-0.4, 0.4) * w, dice.range(-0.35, 0.35) * h, -dice.range(1.0, depth))
                };
                let (from, to) = (place(dice), place(dice));
                solids.push(Solid::new(Form::Rod(Rod { from, to, radius: dice.range(0.15, 0.8) }), any(dice)));
            }
        }
        _ => {
            let stuff = Stuff::Lamp { colour: v(1.0, 0.9, 0.7) * dice.range(0.5, 6.0) };
            let at = middle + aside + v(0.0, 0.0, -dice.range(1.0, depth));
            solids.push(disc(at, v(0.0, 0.0, 1.0), 0.0, dice.range(0.2, 0.6), stuff));
        }
    }
}

/// Screws, plugs, stickers and gauges on the boards' fronts.
pub(super) fn on_boards(cells: &[Cell], size: [f32; 2], solids: &mut Vec<Solid>, dice: &mut Dice) {
    let front = v(0.0, 0.0, 1.0);
    if dice.chance(0.3) {
        let radius = dice.range(0.25, 0.8);
        let stuff = if dice.chance(0.5) { Stuff::Metal { colour: grey(0.5), rough: 0.3 } } else { any(dice) };
        for cell in cells {
            for corner in &cell.outline {
                if dice.chance(0.5) {
                    let at =
                        v(corner[0] as f32 + dice.range(-0.8, 0.8), -(corner[1] as f32) + dice.range(-0.8, 0.8), 0.12);
                    solids.push(disc(at, front, 0.0, radius, stuff));
                }
            }
        }
    }
    if dice.chance(0.25) {
        for cell in cells {
            let [left, _, right, bottom] = bounds(&cell.outline).map(|x| x as f32);
            let wide = (right - left) * dice.range(0.08, 0.25);
            let at = v((left + right) / 2.0, -bottom - 0.3, 0.2);
            solids.push(block(at, v(wide.min(3.0), dice.range(0.5, 1.1), 0.05), 0.0, paper(dice)));
        }
    }
    if dice.chance(0.15) {
        let at = v(dice.range(0.0, size[0]), -dice.range(0.0, size[1]), dice.range(0.3, 2.0));
        let radius = dice.range(1.5, 4.0);
        solids.push(disc(at, front, 0.0, radius, any(dice)));
        solids.push(disc(at + front * 0.1, front, radius * 0.85, radius, any(dice)));
    }
}
