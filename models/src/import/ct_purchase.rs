//! CellarTracker's Purchase and Pending: one line for each purchase, with how many of its bottles remain.

use super::{
    Options, cellartracker as ct, ct_list,
    line::{ImportLine, State},
    table::Named,
};

/// Reads a line. What is no longer there was consumed, on days that this table does not know.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = ct::wine(row, &mut warnings).and_then(|mut item| {
        ct::bottle(row, &mut item, &ct::NATIVE, options.currency.as_deref(), &mut warnings);
        let number = |column: &str| {
            ct::number(row.get(column)).ok_or_else(|| format!("{column} `{}` is no number", row.get(column)))
        };
        let (bought, left) = (number("Quantity")?, number("Remaining")?);
        if bought.max(left) > ct_list::MOST {
            return Err(format!("{bought} bottles in one line are more than {}", ct_list::MOST));
        }
        let pending = row.get("Delivered").eq_ignore_ascii_case("false");
        if !pending && bought > left {
            let gone = bought - left;
            warnings.push(format!("{gone} of {bought} have been consumed: import Bottles or Consumed to have those"));
        }
        ct::hold(&mut item, left, if pending { State::Pending } else { State::Here });
        Ok(item)
    });
    vec![ct::told(row, read, warnings)]
}
