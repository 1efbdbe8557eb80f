//! Writes made-up photographs with truth, or the crops that the training reads.
//!
//! `render photos FOLDER COUNT [SEED]` writes JPEG and JSON, `render demo FILE` the demonstration's photograph,
//! `render crops FILE COUNT [SEED]` writes canvases of `COUNT` scenes for `vision/training/train.py`.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use image::RgbImage;
use vision::detect::tiles::{CANVAS, canvas, tiles};
use vision::geometry::Point;
use vision::rectify::rectify;
use vision::render::{Scene, demo_scene, demo_stocked, random_scene, render};

/// Most ends stored per crop; fixed, so that the file has records of one size.
const MAX_ENDS: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|text| text.parse::<u64>().ok());
    match (args.first().map(String::as_str), args.get(1)) {
        (Some("photos"), Some(folder)) => photos(Path::new(folder), number(2).unwrap_or(10), number(3).unwrap_or(0)),
        (Some("demo"), Some(file)) => Ok(render(&demo_scene()).save(file)?),
        (Some("crops"), Some(file)) => crops(Path::new(file), number(2).unwrap_or(10), number(3).unwrap_or(0)),
        _ => Err("write: photos FOLDER COUNT [SEED] | demo FILE | crops FILE COUNT [SEED]".into()),
    }
}

fn photos(folder: &Path, count: u64, first: u64) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    for seed in first..first + count {
        let scene = random_scene(seed);
        let photo = rectify(&render(&scene), &scene.layout())?;
        let name = format!("scene_{seed:05}.jpg");
        photo.save(folder.join(&name))?;
        let bins: Vec<_> = scene
            .bins
            .iter()
            .zip(scene.true_ends())
            .map(|(bin, ends)| {
                let ends: Vec<_> = ends.iter().map(|e| [e.rectified[0], e.rectified[1], e.rectified_radius]).collect();
                serde_json::json!({"id": bin.id, "polygon": bin.opening, "count": ends.len(), "ends": ends})
            })
            .collect();
        let truth = serde_json::json!({"source": "vision::render", "license": "MIT OR Apache-2.0", "image": name,
            "width": photo.width(), "height": photo.height(), "bins": bins});
        std::fs::write(folder.join(format!("scene_{seed:05}.json")), format!("{truth:#}\n"))?;
    }
    Ok(())
}

/// One record: 4 planes of bytes, the number of ends, then `MAX_ENDS` times x, y, radius in canvas pixels (f32).
fn crops(file: &Path, count: u64, first: u64) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    for seed in first..first + count {
        // Every twelfth scene is the demonstration's rack, filled and lit by chance.
        let scene = if seed % 12 == 11 { demo_like(seed) } else { random_scene(seed) };
        let photo = worn(rectify(&render(&scene), &scene.layout())?, seed);
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for (bin, ends) in scene.bins.iter().zip(scene.true_ends()) {
            // Of the many empty bins a part is enough.
            if ends.is_empty() && chance.unit() < 0.4 {
                continue;
            }
            let jitter = 0.04 * (bin.opening[1][0] - bin.opening[0][0]).hypot(bin.opening[1][1] - bin.opening[0][1]);
            let polygon: Vec<Point> =
                bin.opening.iter().map(|p| p.map(|v| v + jitter * (2.0 * chance.unit() - 1.0))).collect();
            let all = tiles(&polygon);
            for tile in all.iter().filter(|_| all.len() < 3 || chance.unit() < 2.0 / all.len() as f64) {
                out.write_all(&canvas(&photo, [0.0, 0.0], &polygon, tile))?;
                let mut record = Vec::new();
                for end in &ends {
                    let [x, y] = end.rectified;
                    let at = [(x - tile.left) / tile.scale(), (y - tile.top) / tile.scale()];
                    if at.iter().all(|v| (0.0..CANVAS as f64).contains(v)) && record.len() < 3 * MAX_ENDS {
                        record.extend([at[0], at[1], end.rectified_radius / tile.scale()].map(|v| v as f32));
                    }
                }
                out.write_all(&(record.len() as f32 / 3.0).to_le_bytes())?;
                record.resize(3 * MAX_ENDS, 0.0);
                record.iter().try_for_each(|v| out.write_all(&v.to_le_bytes()))?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Never the demonstration's own bottles: those are for the tests.
fn demo_like(seed: u64) -> Scene {
    let other = random_scene(seed);
    let mut scene = demo_stocked(1_000_000 + seed);
    let mut chance = Chance(seed | 1);
    for bin in &mut scene.bins {
        bin.bottles.truncate((chance.unit() * (bin.bottles.len() as f64 + 1.0) + 0.5) as usize);
    }
    scene.seed = seed;
    if chance.unit() < 0.3 {
        scene.look = other.look;
        scene.camera = other.camera;
    } else {
        scene.camera.gain *= (0.7 + 0.5 * chance.unit()) as f32;
        scene.camera.noise *= (3.0 * chance.unit()) as f32;
        scene.camera.noise_seed = seed;
    }
    scene
}

/// What a camera's JPEG leaves of a picture.
fn worn(photo: RgbImage, seed: u64) -> RgbImage {
    let mut bytes = Vec::new();
    let quality = [35, 55, 75, 90][(seed % 4) as usize];
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    match photo.write_with_encoder(encoder) {
        Ok(()) => image::load_from_memory(&bytes).map_or(photo, |image| image.into_rgb8()),
        Err(_) => photo,
    }
}

/// Chance that is the same on every machine (xorshift).
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}
