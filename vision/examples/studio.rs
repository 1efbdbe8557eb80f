//! Photographs made-up racks with known truth: the counting network learns from them.
//!
//! `studio sets FOLDER COUNT [FIRST]` writes `COUNT` pictures as PNG, each with a JSON of the shape that
//! `winecellar vision eval` reads, beginning with number `FIRST`; `studio stacks` only those of them in which some bin holds
//! four bottles or more, the hardest to count. `studio series FOLDER COUNT [SET]` photographs one unchanged
//! rack in `COUNT` lights. `studio drawn FOLDER COUNT` draws racks as the demonstration's, in two dimensions. What is there
//! already is not made again.

use std::error::Error;
use std::path::Path;

use image::RgbImage;
use rayon::prelude::*;
use serde_json::{Value, json};
use vision::geometry::{Homography, rectangle};
use vision::render::{Scene, demo_stocked, random_scene, render};
use vision::studio::{Process, Set, arrange, develop, relight, shoot};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).map_or(Ok(0), |text| text.parse::<u64>());
    let (count, first) = (number(2)?, number(3)?);
    let (Some(what), Some(folder)) = (args.first().map(String::as_str), args.get(1)) else { return Err(USAGE.into()) };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let take = |k: u64| match what {
        "sets" => keep(folder, &format!("set_{:06}", first + k), || photograph(arrange(first + k))),
        "stacks" => {
            let arranged = arrange(first + k);
            if arranged.0.bins.iter().all(|bin| bin.bottles.len() < STACK) {
                return Ok(());
            }
            keep(folder, &format!("set_{:06}", first + k), || photograph(arranged.clone()))
        }
        "series" => keep(folder, &format!("set_{first:06}_{k:03}"), || photograph(relight(&arrange(first).0, k))),
        // Every sixth is the demonstration's own rack with other bottles.
        "drawn" => keep(folder, &format!("old_{k:05}"), || {
            drawing(if k % 6 == 5 { demo_stocked(1000 + k) } else { random_scene(50_000 + k) })
        }),
        _ => Err(USAGE.into()),
    };
    (0..count).into_par_iter().try_for_each(|k| take(k).map_err(|e| e.to_string())).map_err(Into::into)
}

/// Bottles of one bin that make a stack.
const STACK: usize = 4;

const USAGE: &str =
    "write: studio sets|stacks FOLDER COUNT [FIRST] | studio series FOLDER COUNT [SET] | studio drawn FOLDER COUNT";

/// A picture and what its bins hold.
type Photo = (RgbImage, Vec<Value>);

fn photograph((set, process): (Set, Process)) -> Result<Photo, Box<dyn Error>> {
    // Small pictures show each speck that too few samples leave.
    let fine = if set.camera.size[0] * set.camera.size[1] < 90_000 { 3 } else { 2 };
    let shot = shoot(&set, fine);
    let bins = shot.bins.iter().map(|bin| {
        let count = bin.sure.then_some(bin.ends.len());
        json!({ "id": bin.id, "polygon": bin.polygon, "count": count, "ends": bin.ends })
    });
    let bins = bins.collect();
    Ok((develop(&shot, &process), bins))
}

fn drawing(scene: Scene) -> Result<Photo, Box<dyn Error>> {
    let [width, height] = scene.rectified.map(f64::from);
    let map = Homography::from_quads(&rectangle(width, height), &scene.corners).ok_or("the corners span no area")?;
    let bins = scene.bins.iter().zip(scene.true_ends()).map(|(bin, ends)| {
        let polygon: Vec<_> = bin.opening.iter().map(|p| map.map(*p)).collect();
        let ends: Vec<_> = ends.iter().map(|end| [end.frame[0], end.frame[1], end.frame_radius]).collect();
        json!({ "id": bin.id, "polygon": polygon, "count": ends.len(), "ends": ends })
    });
    let bins = bins.collect();
    Ok((render(&scene), bins))
}

fn keep(folder: &Path, name: &str, make: impl Fn() -> Result<Photo, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let truth = folder.join(format!("{name}.json"));
    if truth.exists() {
        return Ok(());
    }
    let (picture, bins) = make()?;
    let image = format!("{name}.png");
    picture.save(folder.join(&image))?;
    let text = json!({
        "source": format!("vision::studio, {name}"), "license": "MIT OR Apache-2.0",
        "image": image, "width": picture.width(), "height": picture.height(), "bins": bins,
    });
    // The truth comes last: a picture without it is made again.
    std::fs::write(truth, serde_json::to_vec_pretty(&text)?)?;
    Ok(())
}
