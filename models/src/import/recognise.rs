//! Which program wrote a file, by the names of its columns; and reading it as that.

use super::{
    Mapping, Options, bbr, ct_bottles, ct_consumed, ct_inventory, ct_list, ct_notes, ct_purchase,
    decode::decode,
    line::{Format, ImportLine, Importable},
    ours, plain,
    table::{Named, Table},
    vivino,
};
use crate::error::RuleError;

/// Reads a file of whichever format. The error is a sentence for the person who chose the file.
pub fn read(bytes: &[u8], options: &Options) -> Result<Importable, RuleError> {
    if bytes.len() > super::LARGEST {
        let most = super::LARGEST / 1024 / 1024;
        return Err(RuleError::field("file", format!("is larger than {most} MiB; split it")));
    }
    if let Some(code) = &options.currency {
        crate::wine::currency("currency", code)?;
    }
    let decoded = decode(bytes)?;
    refuse_pages(&decoded.text)?;
    let table = Table::read(&decoded.text)?;
    let format = format(&table, options);
    let mut notices = Vec::new();
    let mut mapping = None;
    let lines = match format {
        Format::CtList => each(&table, options, ct_list::line),
        Format::CtInventory => each(&table, options, ct_inventory::line),
        Format::CtBottles => each(&table, options, ct_bottles::line),
        Format::CtConsumed => each(&table, options, ct_consumed::line),
        Format::CtPurchase => each(&table, options, ct_purchase::line),
        Format::CtNotes => each(&table, options, ct_notes::line),
        Format::VivinoCellar => each(&table, options, vivino::cellar),
        Format::VivinoFull => each(&table, options, vivino::full),
        Format::Bbr => each(&table, options, bbr::line),
        Format::Ours => each(&table, options, ours::line),
        // That book is no file: `former` reads it.
        Format::Former => Vec::new(),
        Format::Plain => {
            let chosen = options.mapping.clone().unwrap_or_else(|| Mapping::guess(&table.header));
            chosen.check(&table.header)?;
            let reader = plain::Reader::new(&table, &chosen, options, &mut notices);
            let lines = each(&table, options, |row, _| vec![reader.line(row)]);
            mapping = Some(chosen);
            lines
        }
    };
    let mut importable = Importable {
        format,
        encoding: decoded.encoding,
        delimiter: table.delimiter,
        header: table.header.clone(),
        mapping,
        lines,
        notices,
    };
    refuse_what_no_table_holds(&mut importable);
    Ok(importable)
}

/// Columns of a file of no known format, for choosing which is what; none for a file that is known.
pub fn columns(bytes: &[u8]) -> Result<Option<Vec<String>>, RuleError> {
    let decoded = decode(bytes)?;
    refuse_pages(&decoded.text)?;
    let table = Table::read(&decoded.text)?;
    let plain = format(&table, &Options::default()) == Format::Plain;
    Ok(plain.then_some(table.header))
}

fn format(table: &Table, options: &Options) -> Format {
    if options.mapping.is_some() {
        return Format::Plain;
    }
    let known: &[(Format, &[&str])] = &[
        (Format::Ours, &["bottle_id", "wine_id", "producer", "wine", "status"]),
        (Format::CtBottles, &["BottleState", "iWine", "Wine"]),
        (Format::CtConsumed, &["iConsumed", "iWine", "Consumed"]),
        (Format::CtPurchase, &["iPurchase", "iWine", "Quantity", "Remaining"]),
        (Format::CtInventory, &["Barcode", "iWine", "Wine", "Location"]),
        (Format::CtList, &["iWine", "Wine", "Quantity", "Size"]),
        (Format::VivinoCellar, &["Winery", "Wine name", "User cellar count"]),
        (Format::VivinoFull, &["Winery", "Wine name", "Scan date", "Your rating"]),
        (Format::Bbr, &["Parent ID", "Description", "Bottle Volume", "Quantity in Bottles"]),
    ];
    if table.has(&["iNote", "iWine", "Wine"]) && ct_notes::TEXT.iter().any(|name| table.has(&[name])) {
        // Consumed has a column iNote too, but no text of a note.
        if !table.has(&["iConsumed"]) {
            return Format::CtNotes;
        }
    }
    known.iter().find(|(_, names)| table.has(names)).map_or(Format::Plain, |(format, _)| *format)
}

fn each(table: &Table, options: &Options, line: impl Fn(Named<'_>, &Options) -> Vec<ImportLine>) -> Vec<ImportLine> {
    let read = |row: Named<'_>| match row.is_blank() {
        true => vec![ImportLine::skipped(row.line(), "the line is empty")],
        false => line(row, options),
    };
    table.named().flat_map(read).collect()
}

/// A page instead of a table: CellarTracker answers a wrong password so, with status 200.
fn refuse_pages(text: &str) -> Result<(), RuleError> {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_lowercase();
    if start.contains("not logged into cellartracker") {
        return Err(RuleError::field(
            "file",
            "is CellarTracker's answer to a wrong user or password: sign in there and export again",
        ));
    }
    if start.starts_with('<') {
        return Err(RuleError::field("file", "is a page (HTML or XML) and no table: export as CSV or tab"));
    }
    if start.starts_with('{') || start.starts_with('[') {
        return Err(RuleError::field("file", "is JSON, but not an export of this program"));
    }
    Ok(())
}

/// The rules of the cellar hold for imported lines too: one that breaks them is skipped and says why.
pub(super) fn refuse_what_no_table_holds(importable: &mut Importable) {
    for line in &mut importable.lines {
        let Ok(item) = &line.what else { continue };
        let checks = item.wine.check().and_then(|()| item.bottle.check()).and_then(|()| item.window.check());
        if let Err(error) = checks {
            line.what = Err(error.to_string());
        }
    }
}
