//! Photographs made-up racks with known truth: the counting network learns from them.
//!
//! `studio sets FOLDER COUNT [FIRST]` writes `COUNT` pictures as PNG, each with a JSON of the shape that
//! `winecellar vision eval` reads, beginning with number `FIRST`. `studio series FOLDER COUNT [SET]` photographs one unchanged
//! rack in `COUNT` lights. What is there already is not made again.

use std::error::Error;
use std::path::Path;

use rayon::prelude::*;
use vision::studio::{Process, Set, arrange, develop, relight, shoot};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).map_or(Ok(0), |text| text.parse::<u64>());
    let (count, first) = (number(2)?, number(3)?);
    let (Some(what), Some(folder)) = (args.first().map(String::as_str), args.get(1)) else { return Err(USAGE.into()) };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let take = |k: u64| match what {
        "sets" => photograph(folder, &format!("set_{:06}", first + k), || arrange(first + k)),
        "series" => photograph(folder, &format!("set_{first:06}_{k:03}"), || relight(&arrange(first).0, k)),
        _ => Err(USAGE.into()),
    };
    (0..count).into_par_iter().try_for_each(|k| take(k).map_err(|e| e.to_string())).map_err(Into::into)
}

const USAGE: &str = "write: studio sets FOLDER COUNT [FIRST] | studio series FOLDER COUNT [SET]";

fn photograph(folder: &Path, name: &str, make: impl Fn() -> (Set, Process)) -> Result<(), Box<dyn Error>> {
    let truth = folder.join(format!("{name}.json"));
    if truth.exists() {
        return Ok(());
    }
    let (set, process) = make();
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
        "source": format!("vision::studio, {name}"), "license": "MIT OR Apache-2.0",
        "image": image, "width": width, "height": height, "bins": bins,
    });
    // The truth comes last: a picture without it is made again.
    std::fs::write(truth, serde_json::to_vec_pretty(&text)?)?;
    Ok(())
}
