//! `winecellar demo`: an empty cellar becomes one that can be tried, with a rack whose photo is really scanned.

pub(crate) mod book;
pub(crate) mod photo;
mod wines;

use std::fs;

use anyhow::Context;
use models::compare::Belief;
use vision::{render, source::SourceSpec};

use crate::out;
use crate::{
    cli::{Camera, Light, Place},
    config,
    worker::{artifacts, atomic, lock::ScanLock, scan},
};

/// Fills the cellar and scans the rendered photo of its rack.
pub(crate) fn run(place: &Place, if_empty: bool) -> anyhow::Result<()> {
    let data = place.data();
    data.ensure()?;
    let lock = ScanLock::take(&data.lock())?;
    let db = place.open_migrated()?;
    if book::holds_anything(&db)? {
        anyhow::ensure!(
            if_empty,
            "this cellar holds something already: the demo only fills an empty one (another DATABASE_URL, or --if-empty to leave it)"
        );
        out::line(format_args!("the cellar holds something already: left as it is"))?;
        return Ok(());
    }
    let scene = render::demo_scene();
    let photo = data.demo_photo();
    let folder = photo.parent().context("the demo photo needs a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    out::line(format_args!("rendering the demo rack's photo"))?;
    atomic::write(&photo, &artifacts::jpeg(&render::render(&scene))?)?;
    let bottles = book::fill(&db, &scene)?;
    out::line(format_args!("book: {bottles} bottles in {} bins", scene.truth().len()))?;
    let camera = Camera { source: None, rack: None, deadline: 30, light: Light::default() };
    let source = SourceSpec::File(photo);
    let job = scan::Job {
        source: &source,
        camera: &camera,
        belief: Belief::default(),
        now: &config::now,
        begins: &|stage| lock.enter(stage),
    };
    let outcome = scan::run(&db, place, &job)?;
    out::line(&outcome)?;
    Ok(())
}
