//! Which wines of the catalogue a label, or what a person has typed, may mean.

use labels::{Catalogue, Entry, Readings};
use models::{
    db::{
        Conn, DbError,
        listed::{Alike, catalogue_alike},
    },
    listed::CatalogueMatch,
};

use super::read::{LEAST_LIKENESS, MOST_MATCHES};

/// Wines that are compared one by one with what was read.
const CANDIDATES: usize = 300;

/// Those that the label may be, likeliest first.
pub(super) fn read(conn: &mut Conn, readings: &Readings) -> Result<Vec<CatalogueMatch>, DbError> {
    let mut found = best(conn, readings, MOST_MATCHES)?;
    found.retain(|found| found.likeness >= LEAST_LIKENESS);
    Ok(found)
}

/// Those that the words may mean, likeliest first; a word may be misspelt or only begun.
pub(crate) fn typed(conn: &mut Conn, text: &str, most: usize) -> Result<Vec<CatalogueMatch>, DbError> {
    best(conn, &Readings::typed(text), most)
}

fn best(conn: &mut Conn, readings: &Readings, most: usize) -> Result<Vec<CatalogueMatch>, DbError> {
    let Alike { wines, words, all } = catalogue_alike(conn, |word| readings.fit(word), CANDIDATES)?;
    let entries = wines.iter().map(|wine| Entry::of(String::new(), &wine.facts)).collect();
    let best = Catalogue::among(entries, all, &words).best(readings, most);
    let told = |found: labels::Match| {
        let wine = &wines[found.index];
        CatalogueMatch { list: wine.list.clone(), likeness: found.likeness, wine: wine.facts.clone() }
    };
    Ok(best.into_iter().map(told).collect())
}
