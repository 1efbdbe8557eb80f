//! CellarTracker's Inventory: one line for each bottle, with its barcode. Bottles on order lie in `(pending)`.

use super::{
    Options, cellartracker as ct,
    line::{ImportLine, State},
    money,
    table::Named,
};

/// Reads a line.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).map(|mut item| {
        ct::bottle(row, &mut item, &ct::NATIVE, options.currency.as_deref(), &mut warnings);
        let value = money::minor_point(row.get("Valuation"), row.get("Currency"));
        if item.bottle.volume_ml == 750 {
            item.value = value.filter(|value| *value > 0).zip(money::code(row.get("Currency")));
        }
        let barcode = row.get("Barcode");
        item.bottle_key = (1..=40).contains(&barcode.len()).then(|| format!("barcode:{barcode}"));
        let state = if row.get("Location") == "(pending)" { State::Pending } else { State::Here };
        ct::hold(&mut item, 1, state);
        item
    });
    vec![ct::told(row, read, warnings)]
}
