//! The catalogue: lists of wines that one need not own, and which of them a label may be.
//!
//! Of each list an index is kept by words: how often each occurs, and which wines it names. A label is compared with the
//! words, which are few beside the wines; the rarest that were read name the wines that are looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::Value;

use super::{
    Conn, DbError, changes, dialect, new_id,
    schema::{catalogue_lists, catalogue_wines, catalogue_words},
    types,
};
use crate::{
    Instant,
    listed::{CatalogueList, ListedWine, beside, check_name, rarity},
    movement::Actor,
    search::words,
    wine::WineFacts,
};

/// Longest word that is kept.
const LONGEST: usize = 60;
/// Most wines that are counted up for a label. A word that names more of them names none.
const MOST_COUNTED: usize = 50_000;
/// Values that are asked for at a time.
const PART: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = catalogue_wines)]
pub(super) struct WineRow {
    list_id: String,
    number: i32,
    facts: String,
}

#[derive(Insertable)]
#[diesel(table_name = catalogue_words)]
pub(super) struct WordRow {
    list_id: String,
    word: String,
    wines: i32,
    named: String,
}

/// The lists, by name.
pub fn catalogue_lists(conn: &mut Conn) -> Result<Vec<CatalogueList>, DbError> {
    type Row = (String, String, i32, Instant, String);
    let rows: Vec<Row> = catalogue_lists::table.order(catalogue_lists::name).load(conn)?;
    let list =
        |(id, name, wines, imported_at, imported_by)| CatalogueList { id, name, wines, imported_at, imported_by };
    Ok(rows.into_iter().map(list).collect())
}

/// Brings a list in; one of the same name goes.
pub fn catalogue_put(
    conn: &mut Conn,
    name: &str,
    wines: &[WineFacts],
    actor: &Actor,
    now: Instant,
) -> Result<CatalogueList, DbError> {
    let name = name.trim();
    check_name(name)?;
    diesel::delete(catalogue_lists::table.filter(catalogue_lists::name.eq(name))).execute(conn)?;
    let list = CatalogueList {
        id: new_id(),
        name: name.to_owned(),
        wines: i32::try_from(wines.len()).unwrap_or(i32::MAX),
        imported_at: types::cut(now),
        imported_by: actor.name.clone(),
    };
    diesel::insert_into(catalogue_lists::table)
        .values((
            catalogue_lists::id.eq(&list.id),
            catalogue_lists::name.eq(&list.name),
            catalogue_lists::wines.eq(list.wines),
            catalogue_lists::imported_at.eq(list.imported_at),
            catalogue_lists::imported_by.eq(&list.imported_by),
        ))
        .execute(conn)?;
    let row = |(number, facts): (usize, &WineFacts)| {
        Ok(WineRow { list_id: list.id.clone(), number: number as i32, facts: compact(facts)? })
    };
    let rows: Vec<WineRow> = wines.iter().enumerate().map(row).collect::<Result<_, DbError>>()?;
    dialect::insert_listed(conn, &rows)?;
    dialect::insert_words(conn, &index(&list.id, wines))?;
    Ok(list)
}

/// The facts as JSON without what is empty: a list has many wines of which little is known.
fn compact(facts: &WineFacts) -> Result<String, DbError> {
    let mut value = changes::value(facts)?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !matches!(value, Value::Null) && *value != "" && *value != Value::Array(Vec::new()));
    }
    Ok(value.to_string())
}

/// By word: the number of wines that it stands in, and those that it names.
fn index(list: &str, wines: &[WineFacts]) -> Vec<WordRow> {
    let mut all: BTreeMap<String, (i32, Vec<u32>)> = BTreeMap::new();
    for (number, facts) in wines.iter().enumerate() {
        let (named, others) = words_of(facts);
        for word in named.union(&others) {
            let (count, numbers) = all.entry(word.clone()).or_default();
            *count += 1;
            if named.contains(word) {
                numbers.push(number as u32);
            }
        }
    }
    let row = |(word, (wines, numbers)): (String, (i32, Vec<u32>))| {
        let numbers = if numbers.len() > MOST_COUNTED { Vec::new() } else { numbers };
        let named = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        WordRow { list_id: list.to_owned(), word, wines, named }
    };
    all.into_iter().map(row).collect()
}

/// The words of producer and name, and those beside.
fn words_of(facts: &WineFacts) -> (BTreeSet<String>, BTreeSet<String>) {
    let of =
        |text: &str| words(text).into_iter().filter(|word| (2..=LONGEST).contains(&word.len())).collect::<Vec<_>>();
    let named = [&facts.producer, &facts.name].into_iter().flat_map(|text| of(text)).collect();
    (named, beside(facts).flat_map(of).collect())
}

/// Takes a list out.
pub fn catalogue_remove(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    match diesel::delete(catalogue_lists::table.find(id)).execute(conn)? {
        0 => Err(DbError::NotFound(format!("There is no list {id} in the catalogue."))),
        _ => Ok(()),
    }
}

/// Wines that a label may be, to be compared with it one by one.
#[derive(Debug, Default)]
pub struct Alike {
    /// The wines, in no order.
    pub wines: Vec<ListedWine>,
    /// Their words, and in how many wines of the catalogue each stands.
    pub words: HashMap<String, u32>,
    /// Wines of the catalogue in all.
    pub all: u32,
}

/// A word that was read.
#[derive(Default)]
struct Read {
    wines: i32,
    fit: f32,
    /// Places of the lists that have it.
    lists: Vec<usize>,
}

/// The wines of which most was read, at most so many. `fit` says how well something that was read fits a word, 0 to 1.
pub fn catalogue_alike(conn: &mut Conn, fit: impl Fn(&str) -> f32, most: usize) -> Result<Alike, DbError> {
    let lists = catalogue_lists(conn)?;
    let all: u32 = lists.iter().map(|list| list.wines as u32).sum();
    let mut read: BTreeMap<String, Read> = BTreeMap::new();
    for (place, list) in lists.iter().enumerate() {
        let counted = catalogue_words::table.filter(catalogue_words::list_id.eq(&list.id));
        let counted: Vec<(String, i32)> = counted.select((catalogue_words::word, catalogue_words::wines)).load(conn)?;
        for (word, wines) in counted {
            let fit = fit(&word);
            if fit > 0.0 {
                let known = read.entry(word).or_default();
                known.wines += wines;
                known.fit = fit;
                known.lists.push(place);
            }
        }
    }
    let weight = |read: &Read| rarity(all as f32, read.wines as f32) * read.fit;
    let mut telling: Vec<(&String, &Read)> = read.iter().collect();
    telling.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
    let mut counted = 0;
    telling.retain(|(_, read)| {
        let with = counted + read.wines as usize;
        let room = with <= MOST_COUNTED;
        counted = if room { with } else { counted };
        room
    });
    let mut scores: HashMap<(usize, u32), f32> = HashMap::new();
    for (place, list) in lists.iter().enumerate() {
        let here: Vec<&String> =
            telling.iter().filter(|(_, read)| read.lists.contains(&place)).map(|(word, _)| *word).collect();
        for part in here.chunks(PART) {
            let rows = catalogue_words::table
                .filter(catalogue_words::list_id.eq(&list.id))
                .filter(catalogue_words::word.eq_any(part.iter().copied()))
                .select((catalogue_words::word, catalogue_words::named))
                .load::<(String, String)>(conn)?;
            for (word, named) in rows {
                let weight = read.get(&word).map_or(0.0, weight);
                for number in named.split(' ').filter_map(|number| number.parse().ok()) {
                    *scores.entry((place, number)).or_default() += weight;
                }
            }
        }
    }
    let mut best: Vec<((usize, u32), f32)> = scores.into_iter().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.truncate(most);
    let wines = load(conn, &lists, best.into_iter().map(|(key, _)| key))?;
    let words = counts(conn, &lists, &wines)?;
    Ok(Alike { wines, words, all })
}

fn load(
    conn: &mut Conn,
    lists: &[CatalogueList],
    keys: impl Iterator<Item = (usize, u32)>,
) -> Result<Vec<ListedWine>, DbError> {
    let mut numbers: BTreeMap<usize, Vec<i32>> = BTreeMap::new();
    for (place, number) in keys {
        numbers.entry(place).or_default().push(number as i32);
    }
    let mut wines = Vec::new();
    for (place, numbers) in numbers {
        let list = &lists[place];
        for part in numbers.chunks(PART) {
            let rows = catalogue_wines::table
                .filter(catalogue_wines::list_id.eq(&list.id))
                .filter(catalogue_wines::number.eq_any(part.iter().copied()))
                .select(catalogue_wines::facts)
                .load::<String>(conn)?;
            for facts in rows {
                let facts = types::from_json("catalogue_wines.facts", &facts)?;
                wines.push(ListedWine { list: list.name.clone(), facts });
            }
        }
    }
    Ok(wines)
}

fn counts(conn: &mut Conn, lists: &[CatalogueList], wines: &[ListedWine]) -> Result<HashMap<String, u32>, DbError> {
    let mut wanted = BTreeSet::new();
    for wine in wines {
        let (named, others) = words_of(&wine.facts);
        wanted.extend(named.into_iter().chain(others));
    }
    let wanted: Vec<String> = wanted.into_iter().collect();
    let mut words = HashMap::new();
    for list in lists {
        for part in wanted.chunks(PART) {
            let rows = catalogue_words::table
                .filter(catalogue_words::list_id.eq(&list.id))
                .filter(catalogue_words::word.eq_any(part))
                .select((catalogue_words::word, catalogue_words::wines))
                .load::<(String, i32)>(conn)?;
            for (word, count) in rows {
                *words.entry(word).or_default() += count as u32;
            }
        }
    }
    Ok(words)
}
