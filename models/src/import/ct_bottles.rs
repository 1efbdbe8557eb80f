//! CellarTracker's Bottles: the whole history. State 1 is in the cellar, 0 consumed, -1 ordered.

use super::{
    Options, cellartracker as ct, ct_list,
    line::{ImportLine, State},
    table::Named,
};

const COLUMNS: ct::Columns =
    ct::Columns { size: "BottleSize", price: &["BottleCost"], currency: &["BottleCostCurrency"], shop: "Store" };

/// Reads a line.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).and_then(|mut item| {
        ct::bottle(row, &mut item, &COLUMNS, options.currency.as_deref(), &mut warnings);
        let note = ct::prose(row.get("PurchaseNote"), 400, "the purchase note", &mut warnings);
        if !note.is_empty() {
            item.bottle.notes = [item.bottle.notes.as_str(), &note].join("\n").trim().to_owned();
        }
        let count = match row.get("Quantity") {
            "" => 1,
            text => ct::number(text).ok_or_else(|| format!("the quantity `{text}` is no number"))?,
        };
        if count > ct_list::MOST {
            return Err(format!("{count} bottles in one line are more than {}", ct_list::MOST));
        }
        let state = match row.get("BottleState") {
            "1" => State::Here,
            "0" => State::Gone(ct::gone(row, row.get("ConsumptionDate"), &mut warnings)),
            "-1" => State::Pending,
            other => return Err(format!("the state `{other}` is not known (1 in cellar, 0 consumed, -1 ordered)")),
        };
        ct::hold(&mut item, count, state);
        Ok(item)
    });
    vec![ct::told(row, read, warnings)]
}
