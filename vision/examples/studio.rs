//! Photographs made-up racks with known truth: the counting network learns from them.
//!
//! `studio FOLDER COUNT [FIRST]` writes `COUNT` pictures as PNG, each with a JSON of the shape that
//! `winecellar vision eval` reads, beginning with number `FIRST`. What is there already is not made again.

use std::error::Error;
use std::path::Path;

use rayon::prelude::*;
use vision::studio::{arrange, develop, shoot};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).map_or(Ok(0), |text| text.parse::<u64>());
    let (Some(folder), count, first) = (args.first(), number(1)?, number(2)?) else {
        return Err("write: studio FOLDER COUNT [FIRST]".into());
    };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    (first..first + count)
        .into_par_iter()
        .try_for_each(|seed| photograph(folder, seed).map_err(|e| e.to_string()))
        .map_err(Into::into)
}

fn photograph(folder: &Path, seed: u64) -> Result<(), Box<dyn Error>> {
    let name = format!("set_{seed:06}");
    let truth = folder.join(format!("{name}.json"));
    if truth.exists() {
        return Ok(());
    }
    let (set, process) = arrange(seed);
    // Small pictures show each speck that too few samples leave.
    let fine = if set.camera.size[0] * set.camera.size[1] < 90_000 { 3 } else { 2 };
    let shot = shoot(&set, fine);
    let image = format!("{name}.png");
    develop(&shot, &process).save(folder.join(&image))?;
    let bins: Vec<serde_json::Value> = shot
        .bins
        .iter()
        .map(|bin| {
            let count = bin.sure.then_some(bin.ends.len());
            serde_json::json!({ "id": bin.id, "polygon": bin.polygon, "count": count, "ends": bin.ends })
        })
        .collect();
    let [width, height] = shot.size;
    let text = serde_json::json!({
        "source": format!("vision::studio, seed {seed}"), "license": "MIT OR Apache-2.0",
        "image": image, "width": width, "height": height, "bins": bins,
    });
    // The truth comes last: a picture without it is made again.
    std::fs::write(truth, serde_json::to_vec_pretty(&text)?)?;
    Ok(())
}
