//! `winecellar import`: brings a file in, says what it would do, or takes an import back.

use std::{fs, path::Path};

use anyhow::Context;
use models::{
    db::{
        Db,
        book::{self, Book},
        import::{import_get, import_id, import_list, import_preview, import_run, import_undo},
    },
    import::{Mapping, Options, preview::Preview},
    movement::{Actor, Source},
};

use crate::{
    cli::{Import, Place},
    config, out,
};

/// Does what was asked.
pub(crate) fn run(place: &Place, args: &Import) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    let actor = Actor { name: "command line".to_owned(), source: Source::Import };
    if args.list {
        return list(&db);
    }
    if let Some(id) = &args.undo {
        let id = import_id(id)?;
        db.read(|conn| import_get(conn, id))?;
        let undone = db.write(|conn| import_undo(conn, id, &actor, config::now()))?;
        return out::line(format_args!("undone: {} of {} UTC", undone.file_name, undone.at.format("%Y-%m-%d %H:%M")));
    }
    let path = args.file.as_deref().context("name a file to import")?;
    let size = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    anyhow::ensure!(size <= 256 * 1024 * 1024, "{} is too large to be a cellar", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if let Some(whole) = Book::parse(&bytes)? {
        return restore(&db, args, &whole);
    }
    let options = Options { mapping: args.map.as_deref().map(mapping).transpose()?, currency: args.currency.clone() };
    if args.preview {
        let preview = db.read(|conn| import_preview(conn, &bytes, &options, config::now()))?;
        return tell(args.json, true, &preview, None);
    }
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let made = db.write(|conn| import_run(conn, &name, &bytes, &options, &actor, config::now()))?;
    tell(args.json, false, &made.report, Some(&made.id))
}

/// A JSON export goes into an empty cellar only: its identifiers are kept.
fn restore(db: &Db, args: &Import, whole: &Book) -> anyhow::Result<()> {
    let words = whole.words();
    if !args.preview {
        db.write(|conn| book::book_restore(conn, whole, config::now()))?;
    }
    match args.json {
        true => out::line(serde_json::json!({ "restored": !args.preview, "book": words })),
        false => out::line(format_args!("{}: {words}", if args.preview { "would restore" } else { "restored" })),
    }
}

fn list(db: &Db) -> anyhow::Result<()> {
    for made in db.read(|conn| import_list(conn, None, 100))? {
        let undone = if made.undone_at.is_some() { " (undone)" } else { "" };
        let at = made.at.format("%Y-%m-%d %H:%M");
        out::line(format_args!("{} {at} UTC {}{undone}: {}", made.id, made.file_name, made.report.words()))?;
    }
    Ok(())
}

/// From `COLUMN=FIELD,…`, or from a file of lines `field = "Column"`.
fn mapping(text: &str) -> anyhow::Result<Mapping> {
    if !text.ends_with(".toml") {
        return Ok(Mapping::parse(text)?);
    }
    let path = Path::new(text);
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut mapping = Mapping::default();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with('[') {
            continue;
        }
        let (field, column) = line
            .split_once('=')
            .with_context(|| format!("{}:{}: write `field = \"Column\"`", path.display(), i + 1))?;
        mapping.0.insert(field.trim().to_owned(), column.trim().trim_matches('"').to_owned());
    }
    Ok(mapping)
}

/// What an import has done or, as a preview, would do.
pub(crate) fn tell(json: bool, preview: bool, report: &Preview, id: Option<&str>) -> anyhow::Result<()> {
    if json {
        let mut value = serde_json::to_value(report)?;
        value["id"] = serde_json::json!(id);
        return out::line(value);
    }
    if preview {
        for line in &report.lines {
            let warnings: String = line.warnings.iter().map(|warning| format!(" [{warning}]")).collect();
            let outcome = line.outcome.as_str();
            out::line(format_args!("{:>6} {outcome:<11} {} - {}{warnings}", line.line, line.title, line.text))?;
        }
    } else {
        for line in report.lines.iter().filter(|line| line.outcome == models::import::preview::Outcome::Skipped) {
            out::line(format_args!("line {}: skipped: {} {}", line.line, line.title, line.text))?;
        }
    }
    for notice in &report.notices {
        out::line(format_args!("note: {notice}"))?;
    }
    out::line(report.words())?;
    match id {
        None => out::line("nothing was changed: this was a preview"),
        Some(_) if report.is_idle() => out::line("nothing has changed: all of it was known"),
        Some(id) => out::line(format_args!("imported as {id}; take it back with: winecellar import --undo {id}")),
    }
}
