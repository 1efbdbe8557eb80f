//! `winecellar catalogue …`

use std::{fs, path::Path};

use anyhow::Context;
use models::{
    db::{
        Db,
        listed::{catalogue_lists, catalogue_put, catalogue_remove},
    },
    import::listed::wines,
    listed::LARGEST,
    movement::{Actor, Source},
};

use crate::{
    cli::{CatalogueCommand, Place},
    config, labels, out,
};

/// Wines that a search names.
const MOST: usize = 20;

/// Does what was asked.
pub(crate) fn run(place: &Place, args: CatalogueCommand) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    match args {
        CatalogueCommand::Import { file, name } => import(&db, &file, name),
        CatalogueCommand::List { json } => list(&db, json),
        CatalogueCommand::Remove { name } => remove(&db, &name),
        CatalogueCommand::Search { words, json } => search(&db, &words.join(" "), json),
    }
}

fn import(db: &Db, file: &Path, name: Option<String>) -> anyhow::Result<()> {
    let shown = file.display();
    let size = fs::metadata(file).with_context(|| format!("cannot read {shown}"))?.len();
    let most = LARGEST / 1024 / 1024;
    anyhow::ensure!(size <= LARGEST as u64, "{shown} is larger than {most} MiB: split it, and name each list");
    let bytes = fs::read(file).with_context(|| format!("cannot read {shown}"))?;
    let wines = wines(&bytes).with_context(|| shown.to_string())?;
    let name = name.unwrap_or_else(|| file.file_stem().unwrap_or_default().to_string_lossy().into_owned());
    let actor = Actor { name: "command line".to_owned(), source: Source::Import };
    let made = db.write(|conn| catalogue_put(conn, &name, &wines, &actor, config::now()))?;
    out::line(format_args!("{}: {} wines", made.name, made.wines))
}

fn list(db: &Db, json: bool) -> anyhow::Result<()> {
    let lists = db.read(catalogue_lists)?;
    if json {
        return out::line(serde_json::to_string_pretty(&lists)?);
    }
    for list in lists {
        let at = list.imported_at.format("%Y-%m-%d %H:%M");
        out::line(format_args!("{}: {} wines, {at} UTC by {}", list.name, list.wines, list.imported_by))?;
    }
    Ok(())
}

fn remove(db: &Db, name: &str) -> anyhow::Result<()> {
    let lists = db.read(catalogue_lists)?;
    let there = lists.iter().find(|list| list.name == name);
    let list = there.with_context(|| {
        let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
        format!("there is no list `{name}`; there are: {}", names.join(", "))
    })?;
    db.write(|conn| catalogue_remove(conn, &list.id))?;
    out::line(format_args!("{name}: removed"))
}

fn search(db: &Db, text: &str, json: bool) -> anyhow::Result<()> {
    let begun = std::time::Instant::now();
    let found = db.read(|conn| labels::listed::typed(conn, text, MOST))?;
    let seconds = begun.elapsed().as_secs_f64();
    if json {
        return out::line(serde_json::to_string_pretty(&found)?);
    }
    for found in &found {
        let wine = &found.wine;
        let share = (found.likeness * 100.0).round();
        out::line(format_args!("{share:>3} % {}: {} ({})", wine.producer, wine.name, found.list))?;
    }
    out::line(format_args!("{} found in {seconds:.3} s", found.len()))
}
