//! Writes made-up photographs with truth.
//!
//! `render photos FOLDER COUNT [SEED]` writes JPEG and JSON, `render demo FILE` the demonstration's photograph.

use std::error::Error;
use std::path::Path;

use vision::rectify::rectify;
use vision::render::{demo_scene, random_scene, render};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|text| text.parse::<u64>().ok());
    match (args.first().map(String::as_str), args.get(1)) {
        (Some("photos"), Some(folder)) => photos(Path::new(folder), number(2).unwrap_or(10), number(3).unwrap_or(0)),
        (Some("demo"), Some(file)) => Ok(render(&demo_scene()).save(file)?),
        _ => Err("write: photos FOLDER COUNT [SEED] | demo FILE".into()),
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
