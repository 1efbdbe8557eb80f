//! Bins from a picture on which somebody has painted blue lines over the boards, as the system before this one wanted it.

use image::RgbImage;
use plan::{layout::BinShape, polygon::area};

use super::Unsure;
use crate::geometry::{Point, bounds, distance_to_segment, middle};

/// A field smaller than this share of the picture is a gap in the paint.
const LEAST_FIELD: f64 = 0.0008;
/// An outline may pass its pixels' border by so many pixels.
const SLACK: f64 = 1.6;
/// Most corners of an outline: more is no bin.
const MOST_CORNERS: usize = 64;

const NO_LINES: Unsure = Unsure(
    "no blue lines that enclose a bin were found: paint them in clear blue (0, 0, 255) over the boards, without gaps, on the straightened picture",
);

/// The fields between the lines, row by row from the top left, named `RR_CC`. Their outlines go to the middle of the line.
pub fn bins(picture: &RgbImage) -> Result<Vec<BinShape>, Unsure> {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let blue: Vec<bool> = picture.pixels().map(|p| is_blue(p.0)).collect();
    if w < 16 || h < 16 || blue.iter().filter(|b| **b).count() < w + h {
        return Err(NO_LINES);
    }
    let half_line = thickness(&blue, w) / 2.0;
    let mut label = vec![0u32; w * h];
    let mut found: Vec<Vec<Point>> = Vec::new();
    let mut next = 0;
    for start in 0..w * h {
        if blue[start] || label[start] != 0 {
            continue;
        }
        next += 1;
        let size = flood(&blue, &mut label, w, h, start, next);
        if (size as f64) < LEAST_FIELD * (w * h) as f64 {
            continue;
        }
        let outline = simplify(&border(&label, w, h, start, next), SLACK);
        if (3..=MOST_CORNERS).contains(&outline.len()) {
            found.push(grow(&outline, half_line, [w as f64, h as f64]));
        }
    }
    // One field that is nearly everything is a picture without closed lines.
    found.retain(|outline| area(outline) < 0.9 * (w * h) as f64);
    if found.is_empty() {
        return Err(NO_LINES);
    }
    Ok(name_rows(found))
}

/// Blue as paint is, also after a JPEG: clearly more than red and green.
fn is_blue([r, g, b]: [u8; 3]) -> bool {
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    b > 110 && b - r > 60 && b - g > 60
}

/// How thick the lines usually are: the median run of blue along the rows, as an upright line shows it.
fn thickness(blue: &[bool], w: usize) -> f64 {
    let mut runs = Vec::new();
    for row in blue.chunks_exact(w) {
        let mut run = 0;
        for is in row.iter().chain([&false]) {
            if *is {
                run += 1;
            } else if run > 0 {
                runs.push(run);
                run = 0;
            }
        }
    }
    let at = runs.len() / 2;
    if runs.is_empty() { 1.0 } else { f64::from(*runs.select_nth_unstable(at).1) }
}

/// Marks all that is joined to `start`, and says how many pixels that are.
fn flood(blue: &[bool], label: &mut [u32], w: usize, h: usize, start: usize, id: u32) -> usize {
    let mut queue = vec![start];
    label[start] = id;
    let mut size = 0;
    while let Some(i) = queue.pop() {
        size += 1;
        let (x, y) = (i % w, i / w);
        let around =
            [(x > 0).then(|| i - 1), (x + 1 < w).then(|| i + 1), (y > 0).then(|| i - w), (y + 1 < h).then(|| i + w)];
        for j in around.into_iter().flatten() {
            if !blue[j] && label[j] == 0 {
                label[j] = id;
                queue.push(j);
            }
        }
    }
    size
}

/// The outer border of a field, along the cracks between its pixels and others, clockwise. `start` is its first pixel in
/// reading order, so its upper side is border.
fn border(label: &[u32], w: usize, h: usize, start: usize, id: u32) -> Vec<Point> {
    let inside =
        |x: i64, y: i64| x >= 0 && y >= 0 && x < w as i64 && y < h as i64 && label[y as usize * w + x as usize] == id;
    let begin = ((start % w) as i64, (start / w) as i64);
    let (mut at, mut way) = (begin, (1i64, 0i64));
    let mut points = vec![[at.0 as f64, at.1 as f64]];
    // Every crack is walked once each way at the most.
    for _ in 0..4 * w * h + 4 {
        at = (at.0 + way.0, at.1 + way.1);
        if at == begin {
            break;
        }
        points.push([at.0 as f64, at.1 as f64]);
        // The field lies to the right of the way: of the two pixels ahead, which belong to it?
        let pixel = |side: i64| {
            let (fx, fy) = (way.0, way.1);
            let (rx, ry) = (-fy * side, fx * side);
            ((2 * at.0 + fx + rx - 1) / 2, (2 * at.1 + fy + ry - 1) / 2)
        };
        let (right, left) = (pixel(1), pixel(-1));
        way = if !inside(right.0, right.1) {
            (-way.1, way.0)
        } else if inside(left.0, left.1) {
            (way.1, -way.0)
        } else {
            way
        };
    }
    points
}

/// Fewer corners (Douglas and Peucker, 1973), beginning at the two points that are furthest apart.
fn simplify(points: &[Point], slack: f64) -> Vec<Point> {
    let m = middle(points);
    let far = |from: Point| {
        let away = |i: &usize| (points[*i][0] - from[0]).hypot(points[*i][1] - from[1]);
        (0..points.len()).max_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
    };
    let a = far(m);
    let b = far(points[a]);
    let (low, high) = (a.min(b), a.max(b));
    let round: Vec<Point> = points[high..].iter().chain(&points[..=low]).copied().collect();
    let mut kept = halve(&points[low..=high], slack);
    kept.pop();
    kept.extend(halve(&round, slack));
    kept.pop();
    kept
}

fn halve(points: &[Point], slack: f64) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return Vec::new() };
    let mut keep = vec![false; points.len()];
    let mut open = vec![(0, points.len() - 1)];
    let mut corners = 0;
    while let Some((from, to)) = open.pop() {
        // A comb or a spiral of a million points: no bin has so many corners, and it is passed over.
        if corners > MOST_CORNERS {
            break;
        }
        let off = |i: &usize| distance_to_segment(points[*i], points[from], points[to]);
        let worst = (from + 1..to).max_by(|a, b| off(a).total_cmp(&off(b))).filter(|i| off(i) > slack);
        if let Some(i) = worst {
            keep[i] = true;
            corners += 1;
            open.extend([(from, i), (i, to)]);
        }
    }
    let inner = points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p);
    [first].into_iter().chain(inner).chain([last]).collect()
}

/// Every side moved outwards, but not out of the picture.
fn grow(outline: &[Point], by: f64, size: [f64; 2]) -> Vec<Point> {
    let n = outline.len();
    let grown = (0..n).map(|i| {
        let [a, b, c] = [outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n]];
        let normal = |p: Point, q: Point| {
            let d = (q[0] - p[0]).hypot(q[1] - p[1]).max(1e-9);
            [(q[1] - p[1]) / d, (p[0] - q[0]) / d]
        };
        let (u, v) = (normal(a, b), normal(b, c));
        let dot = 1.0 + u[0] * v[0] + u[1] * v[1];
        // Where the outline turns back on itself the corner would fly away.
        let reach = by / dot.max(0.4);
        [0, 1].map(|k| (b[k] + reach * (u[k] + v[k])).clamp(0.0, size[k]))
    });
    grown.collect()
}

/// Fields whose middles lie on one level are a row.
fn name_rows(mut found: Vec<Vec<Point>>) -> Vec<BinShape> {
    found.sort_by(|a, b| middle(a)[1].total_cmp(&middle(b)[1]));
    let mut heights: Vec<f64> = found.iter().map(|o| bounds(o)[3] - bounds(o)[1]).collect();
    let at = heights.len() / 2;
    let usual = *heights.select_nth_unstable_by(at, f64::total_cmp).1;
    let mut rows: Vec<(f64, Vec<Vec<Point>>)> = Vec::new();
    for outline in found {
        let y = middle(&outline)[1];
        match rows.last_mut() {
            // Rows of diamonds follow each other at half their height.
            Some((level, row)) if y - *level < 0.3 * usual => row.push(outline),
            _ => rows.push((y, vec![outline])),
        }
    }
    let mut bins = Vec::new();
    for (i, (_, mut row)) in rows.into_iter().enumerate() {
        row.sort_by(|a, b| middle(a)[0].total_cmp(&middle(b)[0]));
        bins.extend(row.into_iter().enumerate().map(|(j, polygon)| BinShape {
            id: format!("{:02}_{:02}", i + 1, j + 1),
            polygon,
            capacity: 0,
        }));
    }
    bins
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use plan::{
        lattice::{Lattice, Pattern},
        polygon::{area, edges, overlap},
    };

    use super::*;

    /// A picture with the boards of a lattice painted blue.
    fn painted(lattice: &Lattice, half: f64, jpeg: bool) -> RgbImage {
        let cells = Lattice { board: 0.0, ..*lattice }.cells().expect("cells");
        let picture = RgbImage::from_fn(lattice.width as u32, lattice.height as u32, |x, y| {
            let p = [f64::from(x) + 0.5, f64::from(y) + 0.5];
            let on = cells.iter().any(|c| edges(&c.outline).any(|(a, b)| distance_to_segment(p, a, b) < half));
            if on { Rgb([20, 30, 240]) } else { Rgb([(90 + x % 60) as u8, 80, 60]) }
        });
        if !jpeg {
            return picture;
        }
        let bytes = crate::encode::jpeg(&picture, 85).expect("a jpeg");
        image::load_from_memory(&bytes).expect("a picture").to_rgb8()
    }

    #[test]
    fn painted_lines_become_the_bins_between_them() {
        for (pattern, bins_there) in [(Pattern::Grid, 12), (Pattern::Diamond, 11)] {
            let lattice = Lattice {
                pattern,
                rows: 3,
                columns: 4,
                staggered: false,
                rim: false,
                width: 600.0,
                height: 450.0,
                board: 0.0,
            };
            for jpeg in [false, true] {
                let found = bins(&painted(&lattice, 4.0, jpeg)).expect("bins");
                for cell in lattice.cells().expect("cells") {
                    let best = found.iter().map(|bin| {
                        let common = overlap(&bin.polygon, &cell.outline);
                        common / (area(&bin.polygon) + area(&cell.outline) - common)
                    });
                    let best = best.fold(0.0, f64::max);
                    assert!(best > 0.95, "{pattern:?} {}: {best}", cell.name);
                }
                assert!(found.len() >= bins_there, "{}", found.len());
                if pattern == Pattern::Grid {
                    assert_eq!((found[0].id.as_str(), found[11].id.as_str(), found.len()), ("01_01", "03_04", 12));
                }
            }
        }
    }

    #[test]
    fn a_picture_without_lines_is_refused() {
        assert_eq!(bins(&RgbImage::from_pixel(200, 100, Rgb([90, 80, 70]))), Err(NO_LINES));
        // One line that closes nothing.
        let open =
            RgbImage::from_fn(200, 200, |x, y| if x == 100 && y < 150 { Rgb([0, 0, 255]) } else { Rgb([90, 80, 70]) });
        assert!(bins(&open).is_err());
        assert!(bins(&RgbImage::from_pixel(20, 20, Rgb([0, 0, 255]))).is_err());
    }
}
