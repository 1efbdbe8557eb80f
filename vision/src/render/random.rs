//! Racks of every kind, in every light, for training: far more different than any one cellar.

use super::pack;
use super::racks::{Area, crosses, grid, lattice};
use super::rng::Rng;
use super::scene::{Bottle, Camera, Colour, Facing, Look, Scene, SceneBin, name_bins};

const GLASS: [Colour; 8] = [
    [0.10, 0.16, 0.07],
    [0.16, 0.24, 0.10],
    [0.06, 0.08, 0.05],
    [0.20, 0.12, 0.05],
    [0.30, 0.36, 0.16],
    [0.62, 0.68, 0.62],
    [0.07, 0.14, 0.16],
    [0.74, 0.66, 0.42],
];

const CAPSULES: [Colour; 12] = [
    [0.48, 0.06, 0.09],
    [0.07, 0.07, 0.08],
    [0.80, 0.65, 0.28],
    [0.80, 0.80, 0.80],
    [0.12, 0.18, 0.42],
    [0.10, 0.30, 0.18],
    [0.90, 0.88, 0.80],
    [0.35, 0.10, 0.28],
    [0.62, 0.32, 0.12],
    [0.26, 0.04, 0.06],
    [0.45, 0.45, 0.47],
    [0.78, 0.12, 0.12],
];

/// A bottle in some style, not yet in any place.
pub(super) fn bottle(rng: &mut Rng) -> Bottle {
    let tone = rng.range(0.75, 1.3);
    let glass = rng.pick(&GLASS).map(|c| c * (tone * rng.range(0.92, 1.08)) as f32);
    let tone = rng.range(0.75, 1.15);
    let capsule = rng.pick(&CAPSULES).map(|c| (c * tone as f32).min(1.0));
    Bottle {
        at: [0.0, 0.0],
        radius: 0.0,
        facing: Facing::Punt,
        glass,
        capsule,
        neck: rng.range(0.36, 0.48),
        shoulder: rng.range(0.1, 1.0) as f32,
        lean: [0.0, 0.0],
        seed: rng.bits(),
    }
}

/// Stacks `count` bottles; `necks` is the share of those that show the neck, `loose` how much radii differ.
pub(super) fn fill(bin: &mut SceneBin, r: f64, count: usize, loose: f64, necks: f64, style: &Bottle, rng: &mut Rng) {
    let places = pack::stack(&bin.opening, r, count, loose, rng);
    bin.bottles = places
        .into_iter()
        .map(|(at, radius)| {
            // A case of one wine looks alike, with a stranger among them now and then.
            let base = if rng.chance(0.7) { style.clone() } else { Bottle { lean: style.lean, ..bottle(rng) } };
            let facing = match (rng.chance(necks), rng.chance(0.12)) {
                (false, _) => Facing::Punt,
                (true, false) => Facing::Capsule,
                (true, true) => Facing::Cork,
            };
            Bottle { at, radius, facing, seed: rng.bits(), ..base }
        })
        .collect();
}

/// One row of bottles side by side with chance gaps, as on a cabinet's shelf.
fn fill_shelf(bin: &mut SceneBin, r: f64, share: f64, rng: &mut Rng, style: &Bottle) {
    let [left, _, right, bottom] = crate::geometry::bounds(&bin.opening);
    let pitch = r * rng.range(1.95, 2.6);
    let slots = ((right - left) / pitch).floor().max(1.0) as u32;
    let necks_first = rng.chance(0.5);
    let alternate = rng.chance(0.6);
    let fixed = rng.pick(&[0.0, 0.5, 1.0]);
    for i in 0..slots {
        if !rng.chance(share) {
            continue;
        }
        let neck = if alternate { (i % 2 == 0) == necks_first } else { rng.chance(fixed) };
        let base = if rng.chance(0.4) { style.clone() } else { Bottle { lean: style.lean, ..bottle(rng) } };
        let radius = r * rng.range(0.93, 1.0);
        let x = left + (f64::from(i) + 0.5) * (right - left) / f64::from(slots) + rng.range(-0.04, 0.04) * r;
        // A neck is thinner, but lies at the height of its body's axis; wire racks tilt it a little.
        let y = bottom - radius - rng.range(0.0, 0.1) * r;
        let facing = if neck { Facing::Capsule } else { Facing::Punt };
        bin.bottles.push(Bottle { at: [x, y], radius, facing, seed: rng.bits(), ..base });
    }
    bin.capacity = slots;
}

/// A rack that nobody has seen before; the same for the same seed.
pub fn random_scene(seed: u64) -> Scene {
    let mut rng = Rng::new(seed);
    let width = rng.range(420.0, 1000.0).round();
    let height = (width * rng.range(0.55, 1.1)).round();
    let border = width * rng.range(0.005, 0.04);
    let area: Area = [border, border, width - 2.0 * border, height - 2.0 * border];
    let kind = rng.int(0, 6);
    let (columns, rows) = (rng.int(1, 5), rng.int(1, 5));
    let half_board = area[2] / f64::from(columns) * rng.range(0.005, 0.05);
    let cell = (area[2] / f64::from(columns)).min(area[3] / f64::from(rows));
    // How many bottles lie side by side in a cell decides the scale.
    let abreast = rng.pick(&[1.0, 1.0, 2.0, 2.5, 3.0, 4.0]);
    let (mut bins, r) = match kind {
        0 | 1 => {
            let r = (cell / std::f64::consts::SQRT_2 - 2.0 * half_board) / abreast / 2.0 * rng.range(0.8, 0.98);
            (lattice(area, columns.min(4), rows.min(4), half_board, r), r)
        }
        2 => {
            let r = (cell - 2.0 * half_board) * 0.2 / (0.5 + abreast / 2.5);
            (crosses(area, columns.min(3), rows.min(3), half_board, r), r)
        }
        3 => {
            let rows = rng.int(2, 7);
            let r = (area[3] / f64::from(rows) - 2.0 * half_board) / 2.0 * rng.range(0.55, 0.95);
            (grid(area, 1, rows, half_board.min(area[3] / f64::from(rows) * 0.12), r), r)
        }
        _ => {
            let r = (cell - 2.0 * half_board) / abreast / 2.0 * rng.range(0.75, 0.98);
            (grid(area, columns, rows, half_board, r), r)
        }
    };
    name_bins(&mut bins, area[3] / 16.0);
    let necks = rng.pick(&[0.0, 0.1, 0.5, 0.9, 1.0]);
    let fullness = rng.range(0.2, 1.0);
    let lean = if rng.chance(0.5) { [0.0; 2] } else { [rng.range(-0.7, 0.7), rng.range(-0.5, 0.5)] };
    let lip = if kind == 3 && rng.chance(0.5) { rng.range(0.05, 0.3) } else { 0.0 };
    let holes = kind >= 4 && abreast == 1.0 && rng.chance(0.4);
    for bin in &mut bins {
        let mut style = bottle(&mut rng);
        style.lean = lean;
        bin.lip = lip;
        if holes {
            bin.hole = r * rng.range(1.02, 1.12);
        }
        let empty = rng.chance(0.22);
        if empty {
            continue;
        }
        if kind == 3 {
            fill_shelf(bin, r, fullness.max(0.4), &mut rng, &style);
        } else if holes {
            bin.capacity = 1;
            if rng.chance(fullness) {
                fill(bin, r, 1, 0.1, necks, &style, &mut rng);
                let at = crate::geometry::middle(&bin.opening);
                bin.bottles.iter_mut().for_each(|b| b.at = [at[0], at[1] + rng.range(-0.05, 0.1) * r]);
            }
        } else {
            let count = f64::from(bin.capacity) * (fullness + rng.range(-0.3, 0.3)).clamp(0.1, 1.0);
            fill(bin, r, count.ceil() as usize, 0.1, necks, &style, &mut rng);
        }
    }
    scene(seed, [width, height], bins, &mut rng)
}

fn scene(seed: u64, [width, height]: [f64; 2], bins: Vec<SceneBin>, rng: &mut Rng) -> Scene {
    let zoom = rng.range(0.55, 1.15);
    let frame = [width * zoom * 1.2, height * zoom * 1.2].map(f64::round);
    let skew = width * zoom * 0.08;
    let corner = |u: f64, v: f64, rng: &mut Rng| {
        let shift = [rng.range(-skew, skew), rng.range(-skew, skew)];
        [frame[0] * (0.5 + (u - 0.5) / 1.2) + shift[0], frame[1] * (0.5 + (v - 0.5) / 1.2) + shift[1]]
    };
    let corners = [corner(0.0, 0.0, rng), corner(1.0, 0.0, rng), corner(1.0, 1.0, rng), corner(0.0, 1.0, rng)];
    let wood = [[0.55, 0.36, 0.20], [0.72, 0.54, 0.34], [0.34, 0.20, 0.12], [0.80, 0.68, 0.50], [0.45, 0.25, 0.14]];
    let paint = [[0.10, 0.10, 0.11], [0.86, 0.86, 0.84], [0.50, 0.51, 0.53], [0.25, 0.22, 0.20], [0.65, 0.66, 0.68]];
    let wooden = rng.chance(0.65);
    let board = if wooden { rng.pick(&wood) } else { rng.pick(&paint) }.map(|c| c * rng.range(0.8, 1.2) as f32);
    let open = rng.chance(0.35);
    let grey = rng.range(0.25, 0.9) as f32;
    let wall = [grey, grey * rng.range(0.85, 1.05) as f32, grey * rng.range(0.75, 1.1) as f32];
    let dark = rng.range(0.05, 0.5) as f32;
    let warm = rng.range(-0.15, 0.15) as f32;
    Scene {
        seed,
        frame: [frame[0] as u32, frame[1] as u32],
        corners,
        rectified: [width as u32, height as u32],
        look: Look {
            board,
            grain: if wooden { rng.range(0.2, 1.0) as f32 } else { 0.0 },
            inside: if open { wall } else { board.map(|c| c * dark) },
            clutter: if open || rng.chance(0.3) { rng.range(0.2, 1.0) as f32 } else { 0.0 },
            wall,
        },
        camera: Camera {
            gain: rng.range(0.5, 1.35) as f32,
            tint: [1.0 + warm, 1.0, 1.0 - warm],
            falloff: rng.range(0.0, 0.6) as f32,
            vignette: rng.range(0.0, 0.5) as f32,
            strip: rng.chance(0.3),
            barrel: rng.range(-0.03, 0.03),
            blur: rng.range(0.0, 1.8),
            noise: (rng.unit() * rng.unit() * 0.07) as f32,
            noise_seed: rng.bits(),
        },
        bins,
    }
}
