//! Draws what was read over the straightened picture, for a person to check.

use image::{Rgb, RgbImage};

use crate::detect::BinReading;
use crate::geometry::{Point, bounds, contains, edges, middle};
use crate::layout::BinShape;

const SURE: Rgb<u8> = Rgb([72, 220, 120]);
const LOOK: Rgb<u8> = Rgb([255, 176, 32]);
const PLATE: Rgb<u8> = Rgb([18, 18, 22]);

/// Digits, the question mark and an arrow, 3×5 dots each, one row per group of three bits from the top.
const GLYPHS: [(char, u16); 12] = [
    ('0', 0b111_101_101_101_111),
    ('1', 0b010_110_010_010_111),
    ('2', 0b111_001_111_100_111),
    ('3', 0b111_001_111_001_111),
    ('4', 0b101_101_111_001_001),
    ('5', 0b111_100_111_001_111),
    ('6', 0b111_100_111_101_111),
    ('7', 0b111_001_010_010_010),
    ('8', 0b111_101_111_101_111),
    ('9', 0b111_101_111_001_111),
    ('?', 0b111_001_011_000_010),
    ('>', 0b100_010_001_010_100),
];

/// A copy with each bin's outline, its ends and its count; a question mark where there is no opinion.
pub fn annotate(rectified: &RgbImage, bins: &[BinShape], readings: &[BinReading]) -> RgbImage {
    let mut image = rectified.clone();
    for bin in bins {
        let Some(reading) = readings.iter().find(|r| r.id == bin.id) else { continue };
        let colour = if reading.needs_look.is_some() || reading.count.is_none() { LOOK } else { SURE };
        for (a, b) in edges(&bin.polygon) {
            line(&mut image, a, b, colour);
        }
        for end in &reading.ends {
            let steps = (end.r * 8.0).clamp(16.0, 4000.0) as u32;
            for i in 0..steps {
                let (sin, cos) = (f64::from(i) / f64::from(steps) * std::f64::consts::TAU).sin_cos();
                dot(&mut image, [end.x + end.r * cos, end.y + end.r * sin], colour);
            }
        }
        label(&mut image, bin, &reading.count.map_or("?".into(), |n| n.to_string()), colour);
    }
    image
}

/// The count goes to the bin's highest inner place, where bottles come last.
fn label(image: &mut RgbImage, bin: &BinShape, text: &str, colour: Rgb<u8>) {
    let [left, top, right, bottom] = bounds(&bin.polygon);
    let scale = ((right - left).min(bottom - top) / 48.0).clamp(2.0, 6.0).round();
    let (width, height) = ((text.len() * 4 + 1) as f64 * scale, 7.0 * scale);
    let centre = middle(&bin.polygon)[0];
    let fits = |y: f64| {
        let corners = [[centre - width / 2.0, y], [centre + width / 2.0, y]];
        corners.iter().all(|p| contains(&bin.polygon, *p))
    };
    let rows = (top.max(0.0) as u32 + 2)..(bottom.min(f64::from(image.height())) as u32).max(3);
    let y = rows.map(f64::from).find(|y| fits(*y)).unwrap_or(top);
    let x = centre - width / 2.0;
    fill(image, [x, y], [width, height], PLATE);
    write(image, [x + scale, y + scale], scale, text, colour);
}

/// Writes digits, `?` and `>` with their upper left corner at a place; a dot of a glyph is `scale` pixels wide.
pub(crate) fn write(image: &mut RgbImage, [x, y]: Point, scale: f64, text: &str, colour: Rgb<u8>) {
    for (i, c) in text.chars().enumerate() {
        let bits = GLYPHS.iter().find(|(glyph, _)| *glyph == c).map_or(0, |(_, bits)| *bits);
        for k in 0..15u16 {
            if bits >> (14 - k) & 1 == 1 {
                let (column, row) = (f64::from(k % 3) + i as f64 * 4.0, f64::from(k / 3));
                fill(image, [x + column * scale, y + row * scale], [scale, scale], colour);
            }
        }
    }
}

/// Fills a rectangle; what lies outside the picture is left out.
pub(crate) fn fill(image: &mut RgbImage, [x, y]: Point, [width, height]: Point, colour: Rgb<u8>) {
    // Casts saturate at 0, the picture's size ends the rest.
    for py in (y as u32)..((y + height).round() as u32).min(image.height()) {
        for px in (x as u32)..((x + width).round() as u32).min(image.width()) {
            image.put_pixel(px, py, colour);
        }
    }
}

fn line(image: &mut RgbImage, a: Point, b: Point, colour: Rgb<u8>) {
    let steps = ((b[0] - a[0]).hypot(b[1] - a[1]) * 1.5).clamp(1.0, 40_000.0) as u32;
    for i in 0..=steps {
        let t = f64::from(i) / f64::from(steps);
        dot(image, [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])], colour);
    }
}

fn dot(image: &mut RgbImage, [x, y]: Point, colour: Rgb<u8>) {
    for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        let (x, y) = (x + dx - 0.5, y + dy - 0.5);
        if x >= 0.0 && y >= 0.0 && x < f64::from(image.width()) && y < f64::from(image.height()) {
            image.put_pixel(x as u32, y as u32, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::End;
    use crate::geometry::rectangle;

    #[test]
    fn draws_inside_and_never_panics_outside() {
        let image = RgbImage::new(80, 80);
        let bin = BinShape { id: "a".into(), polygon: rectangle(60.0, 60.0).to_vec(), capacity: 1 };
        let end = End::new(79.0, -4.0, 30.0, 0.9);
        let reading = BinReading {
            id: "a".into(),
            count: Some(12),
            confidence: 0.9,
            needs_look: None,
            ends: vec![end],
            others: 4.0,
        };
        let out = annotate(&image, &[bin], &[reading]);
        assert!(out.pixels().filter(|p| **p == SURE).count() > 200);
    }
}
