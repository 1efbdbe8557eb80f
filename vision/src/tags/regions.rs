//! Borders between dark and light: black where a pixel is darker than the middle of what is around it.

use crate::geometry::Point;
use crate::shift::field::Field;

/// Side in pixels of the squares over which dark and light are found.
const TILE: usize = 4;

/// Less difference between dark and light than that is a plain wall, in values of 0 to 255.
const CONTRAST: f32 = 25.0;

/// Fewest and most pixels along a tag's border that are looked at.
const LEAST: usize = 40;
const MOST: usize = 6000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shade {
    Plain,
    Dark,
    Light,
}

/// The outlines of dark regions on light ground: for each, the places between a dark and a light pixel.
pub(super) fn borders(field: &Field) -> Vec<Vec<Point>> {
    let shades = shades(field);
    let mut regions = Regions::new(&shades, field.width);
    let mut clusters: std::collections::HashMap<(u32, u32), Vec<Point>> = std::collections::HashMap::new();
    for y in 0..field.height {
        for x in 0..field.width {
            let i = y * field.width + x;
            let right = (x + 1 < field.width).then_some((i + 1, [x as f64 + 1.0, y as f64 + 0.5]));
            let below = (y + 1 < field.height).then_some((i + field.width, [x as f64 + 0.5, y as f64 + 1.0]));
            for (j, place) in [right, below].into_iter().flatten() {
                let (dark, light) = match (shades[i], shades[j]) {
                    (Shade::Dark, Shade::Light) => (i, j),
                    (Shade::Light, Shade::Dark) => (j, i),
                    _ => continue,
                };
                clusters.entry((regions.root(dark), regions.root(light))).or_default().push(place);
            }
        }
    }
    let mut borders: Vec<Vec<Point>> =
        clusters.into_values().filter(|places| (LEAST..=MOST).contains(&places.len())).collect();
    // Maps have no order of their own; results shall.
    borders.sort_by(|a, b| a[0][1].total_cmp(&b[0][1]).then(a[0][0].total_cmp(&b[0][0])));
    borders
}

fn shades(field: &Field) -> Vec<Shade> {
    let (across, down) = (field.width.div_ceil(TILE), field.height.div_ceil(TILE));
    let mut tiles = vec![[f32::INFINITY, f32::NEG_INFINITY]; across * down];
    for (y, line) in field.data.chunks_exact(field.width).enumerate() {
        for (x, value) in line.iter().enumerate() {
            let tile = &mut tiles[y / TILE * across + x / TILE];
            *tile = [tile[0].min(*value), tile[1].max(*value)];
        }
    }
    let wide: Vec<[f32; 2]> = (0..tiles.len())
        .map(|i| {
            let (tx, ty) = (i % across, i / across);
            let mut all = [f32::INFINITY, f32::NEG_INFINITY];
            for y in ty.saturating_sub(1)..(ty + 2).min(down) {
                for [low, high] in &tiles[y * across + tx.saturating_sub(1)..y * across + (tx + 2).min(across)] {
                    all = [all[0].min(*low), all[1].max(*high)];
                }
            }
            all
        })
        .collect();
    let shade = |i: usize| {
        let (x, y) = (i % field.width, i / field.width);
        let [low, high] = wide[y / TILE * across + x / TILE];
        match field.data[i] {
            _ if high - low < CONTRAST => Shade::Plain,
            value if value > (low + high) / 2.0 => Shade::Light,
            _ => Shade::Dark,
        }
    };
    (0..field.data.len()).map(shade).collect()
}

/// Pixels of one shade that hang together, as trees (union–find).
struct Regions {
    parent: Vec<u32>,
}

impl Regions {
    fn new(shades: &[Shade], width: usize) -> Self {
        let mut regions = Self { parent: (0..shades.len() as u32).collect() };
        for i in 0..shades.len() {
            if shades[i] == Shade::Plain {
                continue;
            }
            let (x, same) = (i % width, |j: usize| shades[j] == shades[i]);
            if x > 0 && same(i - 1) {
                regions.join(i, i - 1);
            }
            if i < width {
                continue;
            }
            if same(i - width) {
                regions.join(i, i - width);
            }
            // Light also hangs together at corners, so that a border one pixel thin does not part the ground around it.
            if shades[i] == Shade::Light {
                if x > 0 && same(i - width - 1) {
                    regions.join(i, i - width - 1);
                }
                if x + 1 < width && same(i - width + 1) {
                    regions.join(i, i - width + 1);
                }
            }
        }
        regions
    }

    fn root(&mut self, i: usize) -> u32 {
        let mut i = i as u32;
        while self.parent[i as usize] != i {
            let up = self.parent[self.parent[i as usize] as usize];
            self.parent[i as usize] = up;
            i = up;
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }
}
