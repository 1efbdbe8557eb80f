//! `winecellar takeover`: the stock, the history and the shelf of the system that this program replaces (docs/TAKEOVER.md). What it is
//! read from is never changed; what it becomes is one import, which can be taken back.

mod book;
mod corners;
mod names;
mod shelf;
mod source;
mod words;

use std::{cell::RefCell, collections::BTreeSet};

use chrono::Datelike;
use models::{
    bin::Rack,
    calibration::{About, Calibration, Origin},
    db::{
        Db, DbError,
        calibrations::calibration_save,
        import::{Import, import_lines},
        layouts::Wanted,
        racks,
    },
    import::{Options, former::FormerBook},
    movement::{Actor, Source},
};

use crate::{
    calibrate,
    cli::{Place, Takeover},
    commands::import,
    config, out,
};
use names::{Given, Role};
use shelf::Shelf;

/// What has become of it.
struct Done {
    rack: Option<(Rack, Calibration)>,
    import: Import,
}

/// Takes it over, or says what that would do.
pub(crate) fn run(place: &Place, args: &Takeover) -> anyhow::Result<()> {
    let given = Given::read(&args.names)?;
    let raw = source::read(&args.from, &given)?;
    let book = book::book(&raw, config::local(config::now()).year());
    let named: BTreeSet<String> =
        raw.stock.iter().map(|record| record.get(Role::Bin).to_owned()).filter(|bin| !bin.is_empty()).collect();
    let db = place.open_migrated()?;
    let known: BTreeSet<String> = db.read(racks::bin_list)?.into_iter().map(|bin| bin.id.0).collect();
    let wanted = args.cells.is_some() || args.folder.is_some() || known.is_empty() && !named.is_empty();
    let shelf = wanted.then(|| shelf::shelf(args, &named, fullest(&book))).transpose()?;
    for told in shelf.iter().flat_map(|shelf| &shelf.told) {
        out::line(told)?;
    }
    let drawn = shelf.iter().flat_map(|shelf| &shelf.bins).map(|bin| bin.id.0.clone());
    let all: BTreeSet<String> = known.into_iter().chain(drawn).collect();
    let lost: Vec<&str> = named.difference(&all).map(String::as_str).collect();
    if !lost.is_empty() {
        out::line(format_args!("note: no bin is called {}: what lies there comes without a place", lost.join(", ")))?;
    }
    let done = write(&db, args, shelf.as_ref(), &book)?;
    if !args.preview
        && let (Some((rack, version)), Some(frame)) =
            (&done.rack, shelf.as_ref().and_then(|shelf| shelf.frame.as_ref()))
    {
        calibrate::keep_picture(&db, &place.data(), &rack.id, &version.id, frame);
    }
    if let Some((rack, version)) = &done.rack {
        let would = if args.preview { "would be: " } else { "" };
        out::line(format_args!("{would}rack `{}` with {} bins", rack.facts.name, version.bins.len()))?;
    }
    import::tell(args.json, args.preview, &done.import.report, (!args.preview).then_some(done.import.id.as_str()))
}

/// Bottles in the fullest bin.
fn fullest(book: &FormerBook) -> u32 {
    let bins: BTreeSet<&str> =
        book.stock.iter().map(|stock| stock.bin.as_str()).filter(|bin| !bin.is_empty()).collect();
    let held = |bin: &str| book.stock.iter().filter(|stock| stock.bin == bin).map(|stock| stock.count).sum();
    bins.into_iter().map(held).max().unwrap_or(0)
}

/// All in one transaction. A preview does it all and then lets the transaction fail, so that it tells exactly what would happen.
fn write(db: &Db, args: &Takeover, shelf: Option<&Shelf>, book: &FormerBook) -> anyhow::Result<Done> {
    let actor = Actor { name: "command line".to_owned(), source: Source::Import };
    let lines = book.lines(&Options { mapping: None, currency: args.currency.clone() });
    let now = config::now();
    let told = RefCell::new(None);
    let written = db.write(|conn| {
        let mut rack = None;
        if let Some(shelf) = shelf {
            let same = racks::rack_list(conn)?.into_iter().find(|rack| rack.facts.name == shelf.facts.name);
            let wanted = match same {
                Some(rack) => Wanted::Known(rack.id, Some(shelf.facts.clone())),
                None => Wanted::New(shelf.facts.clone()),
            };
            let about = About { has_picture: shelf.frame.is_some(), ..About::default() };
            let (drawn, version) = calibration_save(conn, &wanted, &shelf.bins, &about, Origin::Imported, &actor, now)?;
            rack = Some((drawn.rack, version));
        }
        let import = import_lines(conn, "former system", &lines, &actor, now)?;
        *told.borrow_mut() = Some(Done { rack, import });
        if args.preview { Err(DbError::Conflict("only a preview".to_owned())) } else { Ok(()) }
    });
    match (written, told.into_inner()) {
        (Ok(()), Some(done)) => Ok(done),
        (Err(_), Some(done)) if args.preview => Ok(done),
        (Err(error), _) => Err(error.into()),
        (Ok(()), None) => anyhow::bail!("nothing was done"),
    }
}
