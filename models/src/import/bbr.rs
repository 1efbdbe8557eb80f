//! Holdings at Berry Bros. & Rudd. Wine, producer and origin stand in one description, prices are for a case.

use super::{
    Options, cellartracker as ct,
    ct_list::MOST,
    guess,
    line::{ImportLine, Item, State},
    money,
    table::Named,
};
use crate::{bottle_format, wine::WineFacts};

/// Reads a line.
pub(super) fn line(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = item(row, options, &mut warnings);
    vec![ct::told(row, read, warnings)]
}

fn item(row: Named<'_>, options: &Options, warnings: &mut Vec<String>) -> Result<Item, String> {
    let (country, region) = (row.get("Country"), row.get("Region"));
    let description = row.get("Description");
    let rest = description.strip_suffix(country).unwrap_or(description).trim_end_matches([',', ' ']);
    let rest = rest.strip_suffix(region).unwrap_or(rest).trim_end_matches([',', ' ']);
    let (name, producer) = rest.rsplit_once(", ").unwrap_or((rest, rest));
    if name.is_empty() {
        return Err("the wine has no name".to_owned());
    }
    let Some((colour, style)) = guess::kind(row.get("Colour"), description) else {
        return Err(format!("no wine, but {}", row.get("Colour")));
    };
    let colour = colour.unwrap_or_else(|| {
        warnings.push(format!("the colour `{}` is not known; taken as red", row.get("Colour")));
        crate::wine::Colour::Red
    });
    let mut wine = WineFacts::named(
        ct::fit(producer, 200, "the producer", warnings),
        ct::fit(name, 200, "the name", warnings),
        colour,
    );
    wine.style = style;
    wine.country = ct::fit(country, 100, "Country", warnings);
    wine.region = ct::fit(region, 100, "Region", warnings);
    let key = ct::fit(row.get("Parent ID"), 40, "Parent ID", warnings);
    if key.is_empty() {
        return Err("the column Parent ID is empty".to_owned());
    }
    let mut item = Item::of(key, wine, guess::year(row.get("Vintage")));
    item.bottle.volume_ml = bottle_format::parse(row.get("Bottle Volume")).unwrap_or(750);
    let code = options.currency.clone().unwrap_or_else(|| "GBP".to_owned());
    let case = ct::number(row.get("Case Size")).filter(|case| *case > 0).map_or(1, i64::from);
    let price = money::minor(row.get("Purchase Price per Case"), &code).filter(|sum| *sum > 0);
    item.bottle.price_minor = price.map(|sum| sum / case);
    item.bottle.currency = price.map(|_| code.clone());
    item.bottle.provenance = ct::fit(row.get("Provenance"), 200, "Provenance", warnings);
    let worth = money::minor(row.get("Livex Market Price"), &code).filter(|sum| *sum > 0);
    if item.bottle.volume_ml == 750 {
        item.value = worth.map(|sum| (sum / case, code));
    }
    item.location = ct::fit(row.get("Current Status"), 60, "Current Status", warnings);
    let text = row.get("Quantity in Bottles");
    let count = ct::number(text).ok_or_else(|| format!("the quantity `{text}` is no number"))?;
    if count > MOST {
        return Err(format!("{count} bottles in one line are more than {MOST}"));
    }
    ct::hold(&mut item, count, State::Here);
    Ok(item)
}
