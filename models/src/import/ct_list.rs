//! CellarTracker's List: one line for each wine and size, with how many there are and how many are ordered.

use super::{
    Options, cellartracker as ct,
    line::{ImportLine, State},
    money,
    table::Named,
};

const COLUMNS: ct::Columns =
    ct::Columns { size: "Size", price: &["Price"], currency: &["Currency"], shop: "StoreName" };

/// Most bottles that one line may stand for.
pub(super) const MOST: u32 = 20_000;

/// Reads a line.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).and_then(|mut item| {
        ct::bottle(row, &mut item, &COLUMNS, options.currency.as_deref(), &mut warnings);
        let value = money::minor_point(row.first(&["Valuation", "CTValue"]), row.get("Currency"));
        if item.bottle.volume_ml == 750 {
            item.value = value.filter(|value| *value > 0).zip(money::code(row.get("Currency")));
        }
        let count = ct::number(row.get("Quantity"))
            .ok_or_else(|| format!("the quantity `{}` is no number", row.get("Quantity")))?;
        let pending = ct::number(row.get("Pending")).unwrap_or(0);
        if count > MOST {
            return Err(format!("{count} bottles in one line are more than {MOST}"));
        }
        match (count, pending) {
            (0, 1..) => ct::hold(&mut item, pending, State::Pending),
            (_, 1..) => {
                warnings.push(format!("{pending} more are ordered and not yet delivered: they are not entered"));
                ct::hold(&mut item, count, State::Here);
            }
            _ => ct::hold(&mut item, count, State::Here),
        }
        Ok(item)
    });
    vec![ct::told(row, read, warnings)]
}
