//! CellarTracker's Consumed: one line for each bottle that has left, with its number.

use super::{
    Options, cellartracker as ct,
    line::{ImportLine, State},
    table::Named,
};

/// Reads a line.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).map(|mut item| {
        ct::bottle(row, &mut item, &ct::NATIVE, options.currency.as_deref(), &mut warnings);
        let id = row.get("iConsumed");
        item.bottle_key = (1..=40).contains(&id.len()).then(|| format!("consumed:{id}"));
        let gone = ct::gone(row, row.get("Consumed"), &mut warnings);
        ct::hold(&mut item, 1, State::Gone(gone));
        item
    });
    vec![ct::told(row, read, warnings)]
}
