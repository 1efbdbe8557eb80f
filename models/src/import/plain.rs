//! A plain table: what each column is, a person says or its name tells.

use super::{
    Mapping, Options, cellartracker as ct,
    ct_list::MOST,
    date::{self, Order},
    guess, known,
    line::{ImportLine, Item, State},
    mapping::Field,
    money,
    table::{Named, Table},
};
use crate::{
    bottle_format,
    wine::{Colour, Grape, Style, WineFacts},
};

/// How to read this table.
pub(super) struct Reader<'a> {
    mapping: &'a Mapping,
    order: Order,
    currency: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// Looks at the whole table: only all days together tell in which order they are written.
    pub(super) fn new(table: &Table, mapping: &'a Mapping, options: &'a Options, notices: &mut Vec<String>) -> Self {
        let days = mapping.column(Field::PurchasedOn).map(str::to_owned);
        let (order, sure) = match &days {
            Some(column) => date::order(table.named().map(|row| row.get(column))),
            None => (Order::MonthFirst, true),
        };
        if !sure && table.named().any(|row| row.get(days.as_deref().unwrap_or_default()).contains('/')) {
            notices
                .push("The days do not tell whether the day or the month comes first; read as month/day/year.".into());
        }
        Self { mapping, order, currency: options.currency.as_deref() }
    }

    fn get<'r>(&self, row: Named<'r>, field: Field) -> &'r str {
        self.mapping.column(field).map_or("", |column| row.get(column))
    }

    /// Reads a line.
    pub(super) fn line(&self, row: Named<'_>) -> ImportLine {
        let mut warnings = Vec::new();
        let read = self.item(row, &mut warnings);
        ct::told(row, read, warnings)
    }

    fn item(&self, row: Named<'_>, warnings: &mut Vec<String>) -> Result<Item, String> {
        let get = |field| self.get(row, field);
        let (producer, name) = (get(Field::Producer), get(Field::Name));
        if producer.is_empty() && name.is_empty() {
            return Err("neither producer nor name is given".to_owned());
        }
        let label = if name.is_empty() { producer } else { name };
        let producer = if producer.is_empty() { label } else { producer };
        let words = [label, get(Field::Region), get(Field::Appellation), get(Field::Grapes)].join(" ");
        let kind = [get(Field::Colour), get(Field::Style)].join(" ");
        let Some((colour, style)) = guess::kind(&kind, &words) else { return Err(format!("no wine, but {kind}")) };
        let colour = colour.unwrap_or_else(|| {
            warnings.push(format!("`{}` tells no colour; taken as red", get(Field::Colour)));
            Colour::Red
        });
        let mut text = |field: Field, most| ct::fit(get(field), most, field.as_str(), &mut *warnings);
        let mut wine = WineFacts {
            country: text(Field::Country, 100),
            region: text(Field::Region, 100),
            subregion: text(Field::Subregion, 100),
            appellation: text(Field::Appellation, 100),
            designation: text(Field::Designation, 100),
            vineyard: text(Field::Vineyard, 100),
            classification: text(Field::Classification, 100),
            style,
            ..WineFacts::named(String::new(), String::new(), colour)
        };
        if style == Style::Still && fold_is_sweet(&kind) {
            wine.style = Style::Sweet;
        }
        wine.producer = ct::fit(producer, 200, "producer", warnings);
        wine.name = ct::fit(&ct::without(label, producer), 200, "name", warnings);
        wine.grapes = grapes(get(Field::Grapes));
        wine.abv_tenths = abv(get(Field::Abv));
        let tags =
            get(Field::Tags).split([',', ';']).map(str::trim).filter(|tag| (1..=50).contains(&tag.chars().count()));
        wine.tags = tags.take(30).map(str::to_lowercase).collect();
        let year = guess::year(get(Field::Year));
        if year.is_none() && !guess::is_nv(get(Field::Year)) {
            warnings.push(format!("`{}` is no year; taken as NV", get(Field::Year)));
        }
        let key = match get(Field::Id) {
            id if (1..=60).contains(&id.len()) => format!("id:{id}"),
            _ => known::name_key(&wine, year),
        };
        let mut item = Item::of(key, wine, year);
        item.window = ct::window(guess::year(get(Field::DrinkFrom)), guess::year(get(Field::DrinkTo)), warnings);
        self.bottle(row, &mut item, warnings);
        let count = match get(Field::Count) {
            "" => 1,
            text => ct::number(text).ok_or_else(|| format!("the count `{text}` is no number"))?,
        };
        if count > MOST {
            return Err(format!("{count} bottles in one line are more than {MOST}"));
        }
        ct::hold(&mut item, count, State::Here);
        Ok(item)
    }

    fn bottle(&self, row: Named<'_>, item: &mut Item, warnings: &mut Vec<String>) {
        let get = |field| self.get(row, field);
        match bottle_format::parse(get(Field::Volume)) {
            Some(ml) => item.bottle.volume_ml = ml,
            None if get(Field::Volume).is_empty() => {}
            None => warnings.push(format!("the size `{}` is not known; taken as 75 cl", get(Field::Volume))),
        }
        let price = get(Field::Price);
        let code = money::code(get(Field::Currency)).or_else(|| money::code(price));
        let code = code.or_else(|| self.currency.map(str::to_owned));
        match (money::minor(price, code.as_deref().unwrap_or_default()), code) {
            (Some(sum), Some(code)) => {
                item.bottle.price_minor = Some(sum);
                item.bottle.currency = Some(code);
            }
            (Some(_), None) => {
                warnings.push(format!("the price {price} has no currency and was left out; name one to take it"));
            }
            (None, _) if !price.is_empty() => warnings.push(format!("the price `{price}` cannot be read")),
            (None, _) => {}
        }
        item.bottle.purchased_on = date::day(get(Field::PurchasedOn), self.order);
        if item.bottle.purchased_on.is_none() && !get(Field::PurchasedOn).is_empty() {
            warnings.push(format!("the day `{}` cannot be read", get(Field::PurchasedOn)));
        }
        item.bottle.shop = ct::fit(get(Field::Shop), 100, "shop", warnings);
        item.bottle.provenance = ct::fit(get(Field::Provenance), 200, "provenance", warnings);
        item.bottle.notes = ct::prose(get(Field::Notes), 1500, "notes", warnings);
        item.location = get(Field::Location).to_owned();
        item.bin = get(Field::Bin).to_owned();
    }
}

fn fold_is_sweet(kind: &str) -> bool {
    crate::search::fold(kind).split(' ').any(|word| matches!(word, "aszu" | "trockenbeerenauslese" | "beerenauslese"))
}

/// `Merlot 60%, Cabernet Franc` and `Merlot, Cabernet Franc`.
pub(super) fn grapes(text: &str) -> Vec<Grape> {
    let mut rest = 100;
    let one = |part: &str| {
        let digits: String = part.chars().filter(char::is_ascii_digit).collect();
        let name: String = part.chars().filter(|c| !c.is_ascii_digit() && !c.is_control() && *c != '%').collect();
        let name = name.trim().trim_matches(['(', ')']).trim().to_owned();
        let percent = digits.parse().ok().filter(|n| (1..=rest).contains(n));
        rest -= percent.unwrap_or(0);
        (1..=60).contains(&name.chars().count()).then_some(Grape { name, percent })
    };
    text.split([',', ';', '/']).filter_map(one).take(20).collect()
}

fn abv(text: &str) -> Option<i32> {
    let number: String = text.replace(',', ".").chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let tenths = (number.parse::<f64>().ok()? * 10.0).round();
    (0.0..=800.0).contains(&tenths).then_some(tenths as i32)
}
