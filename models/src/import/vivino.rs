//! Vivino's "download my data": `cellar.csv` (how many of which wine) and the list of all scanned wines, with or without
//! prices. "Average rating" is everybody's and never taken for one's own.

use super::{
    Options, cellartracker as ct,
    ct_list::MOST,
    date::{self, Order},
    guess,
    line::{ImportLine, Item, NoteItem, State},
    money,
    table::Named,
};
use crate::{note::Rating, search::fold, wine::WineFacts};

/// Reads a line of `cellar.csv`.
pub(super) fn cellar(row: Named<'_>, _: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = wine(row, &mut warnings).and_then(|mut item| {
        let text = row.get("User cellar count");
        let count = ct::number(text).ok_or_else(|| format!("the count `{text}` is no number"))?;
        if count > MOST {
            return Err(format!("{count} bottles in one line are more than {MOST}"));
        }
        ct::hold(&mut item, count, State::Here);
        Ok(item)
    });
    vec![ct::told(row, read, warnings)]
}

/// Reads a line of `full_wine_list.csv` or `user_prices.csv`.
pub(super) fn full(row: Named<'_>, options: &Options) -> Vec<ImportLine> {
    let mut warnings = Vec::new();
    let read = wine(row, &mut warnings).map(|mut item| {
        let years: Vec<i32> = row.get("Drinking Window").split([' ', '-', '–']).filter_map(guess::year).collect();
        item.window = ct::window(years.first().copied(), years.get(1).copied(), &mut warnings);
        let rating = money::minor_point(row.get("Your rating"), "")
            .and_then(|stars| i32::try_from(stars).ok())
            .map(|hundredths| Rating { hundredths, scale: 5 })
            .filter(|rating| rating.hundredths > 0 && rating.check().is_ok());
        let body = [row.get("Your review"), row.get("Personal Note")].join("\n");
        let body = ct::prose(body.trim(), 10_000, "the review", &mut warnings);
        let price = row.get("Wine price");
        if let Some(code) = money::code(price).or_else(|| options.currency.clone()) {
            item.value = money::minor(price, &code).filter(|sum| *sum > 0).zip(Some(code));
        } else if !price.is_empty() {
            warnings.push(format!("the price {price} has no currency and was left out; name one to take it"));
        }
        if rating.is_some() || !body.is_empty() {
            let on = date::day(row.get("Scan date"), Order::MonthFirst);
            let key = format!("note:{}:{}", fold(row.get("Scan date")), item.key);
            item.note = Some(NoteItem { key, on, body, rating });
        }
        item
    });
    vec![ct::told(row, read, warnings)]
}

fn wine(row: Named<'_>, warnings: &mut Vec<String>) -> Result<Item, String> {
    let (producer, label) = (row.get("Winery"), row.get("Wine name"));
    if producer.is_empty() && label.is_empty() {
        return Err("a scan that Vivino could not match to a wine".to_owned());
    }
    let producer = if producer.is_empty() { label } else { producer };
    let label = if label.is_empty() { producer } else { label };
    let words = [label, row.get("Regional wine style"), row.get("Region")].join(" ");
    let Some((colour, style)) = guess::kind(row.get("Wine type"), &words) else {
        return Err(format!("no wine, but {}", row.get("Wine type")));
    };
    let colour = colour.unwrap_or_else(|| {
        warnings.push("the file does not tell the colour; taken as red".to_owned());
        crate::wine::Colour::Red
    });
    let mut wine = WineFacts::named(
        ct::fit(producer, 200, "Winery", warnings),
        ct::fit(&ct::without(label, producer), 200, "Wine name", warnings),
        colour,
    );
    wine.style = style;
    wine.country = ct::fit(row.get("Country"), 100, "Country", warnings);
    wine.region = ct::fit(row.get("Region"), 100, "Region", warnings);
    let year = guess::year(row.get("Vintage"));
    if year.is_none() && !guess::is_nv(row.get("Vintage")) {
        warnings.push(format!("`{}` is no vintage; taken as NV", row.get("Vintage")));
    }
    let key = super::known::name_key(&wine, year);
    Ok(Item::of(key, wine, year))
}
