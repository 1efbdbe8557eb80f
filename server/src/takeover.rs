//! `winecellar takeover`: the stock, the history and the shelf of the system that this program replaces (docs/TAKEOVER.md). What it is
//! read from is never changed; what it becomes is one import, which can be taken back.

mod book;
mod corners;
mod names;
mod shelf;
mod source;
mod words;

use std::collections::{BTreeMap, BTreeSet};

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
    book::belong_together(&raw)?;
    let book = book::book(&raw, config::local(config::now()).year());
    let named: BTreeSet<String> =
        raw.stock.iter().map(|record| record.get(Role::Bin).to_owned()).filter(|bin| !bin.is_empty()).collect();
    let db = place.open_migrated()?;
    let (bins, stands) = db.read(|conn| Ok::<_, DbError>((racks::bin_list(conn)?, racks::rack_list(conn)?)))?;
    let known: BTreeSet<String> = bins.into_iter().filter(|bin| bin.enabled).map(|bin| bin.id.0).collect();
    let stands = stands.iter().any(|rack| rack.facts.name == args.rack);
    let shelf = shelf(args, &named, &known, stands, fullest(&book))?;
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

/// The rack that is made, if one is. One that stands is not drawn again: people may have tapped its corners since.
fn shelf(
    args: &Takeover,
    named: &BTreeSet<String>,
    known: &BTreeSet<String>,
    stands: bool,
    most: u64,
) -> anyhow::Result<Option<Shelf>> {
    let files = args.cells.is_some() || args.folder.is_some();
    let lone =
        [("--picture", args.picture.is_some()), ("--ini", args.ini.is_some()), ("--frame", args.frame.is_some())];
    if let Some((flag, _)) = lone.into_iter().find(|(_, given)| *given && !files) {
        anyhow::bail!("{flag}: is of use with --folder or --cells only");
    }
    if stands && (files || args.capacity.is_some()) {
        let rack = &args.rack;
        out::line(format_args!(
            "rack `{rack}` stands already and is left as it is; `winecellar layout import` draws it anew"
        ))?;
        return Ok(None);
    }
    let capacity = shelf::room(args, most)?;
    match (files, known.is_empty() && !named.is_empty()) {
        (true, _) => shelf::of_files(args, capacity).map(Some),
        (false, true) => shelf::drawn(args, named, capacity).map(Some),
        (false, false) => Ok(None),
    }
}

/// Bottles in the fullest bin.
fn fullest(book: &FormerBook) -> u64 {
    let mut held: BTreeMap<&str, u64> = BTreeMap::new();
    for stock in book.stock.iter().filter(|stock| !stock.bin.is_empty()) {
        *held.entry(&stock.bin).or_default() += u64::from(stock.count);
    }
    held.into_values().max().unwrap_or(0)
}

/// All in one transaction.
fn write(db: &Db, args: &Takeover, shelf: Option<&Shelf>, book: &FormerBook) -> anyhow::Result<Done> {
    let actor = Actor { name: "command line".to_owned(), source: Source::Import };
    let lines = book.lines(&Options { mapping: None, currency: args.currency.clone() });
    let now = config::now();
    let done = db.write_or_rehearse(args.preview, |conn| {
        let mut rack = None;
        if let Some(shelf) = shelf {
            let wanted = Wanted::New(shelf.facts.clone());
            let about = About { has_picture: shelf.frame.is_some(), ..About::default() };
            let (drawn, version) = calibration_save(conn, &wanted, &shelf.bins, &about, Origin::Imported, &actor, now)?;
            rack = Some((drawn.rack, version));
        }
        Ok(Done { rack, import: import_lines(conn, "former system", &lines, &actor, now)? })
    });
    Ok(done?)
}
