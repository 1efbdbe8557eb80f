//! What the cellar knows already, as far as an import has to.

use std::collections::BTreeMap;

use crate::{
    Instant,
    bottle::BottleFacts,
    ids::{BinId, BottleId, VintageId, WineId},
    search::fold,
    window::Window,
    wine::{Colour, WineFacts},
};

/// The cellar as an import sees it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Wines by what they are called, see [`identity`].
    pub wines: BTreeMap<String, WineId>,
    /// Vintages by wine and year.
    pub vintages: BTreeMap<(WineId, Option<i32>), VintageId>,
    /// The source's windows of vintages.
    pub windows: BTreeMap<VintageId, Window>,
    /// What the other program's identifiers stand for, and since when: kind and id of the thing.
    pub refs: BTreeMap<String, (String, Option<Instant>)>,
    /// Identifiers of vintages whose wine was taken out of the lists: they stand for nothing any more.
    pub stale: Vec<String>,
    /// Bottles that the identifiers stand for.
    pub bottles: BTreeMap<BottleId, KnownBottle>,
    /// Bins in use.
    pub bins: Vec<KnownBin>,
}

/// A bottle.
#[derive(Debug, Clone)]
pub struct KnownBottle {
    /// Whether it is in the cellar.
    pub here: bool,
    /// Where it lies.
    pub bin: Option<BinId>,
    /// What is known of it.
    pub facts: BottleFacts,
}

/// A bin.
#[derive(Debug, Clone)]
pub struct KnownBin {
    /// Its name.
    pub id: BinId,
    /// The name of its rack.
    pub rack: String,
    /// How many bottles fit.
    pub capacity: i32,
    /// How many lie in it.
    pub holds: i32,
}

/// What makes two wines the same: producer, name and colour, whatever their accents, case and punctuation.
pub fn identity(producer: &str, name: &str, colour: Colour) -> String {
    let (producer, name) = (fold(producer), fold(name));
    // Some programs repeat the producer in the name.
    let name = name.strip_prefix(&producer).map(str::trim).filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned();
    format!("{producer}|{name}|{}", colour.as_str())
}

/// An identifier of a vintage for files that have none, short enough for the table's key.
pub fn name_key(wine: &WineFacts, year: Option<i32>) -> String {
    let text = identity(&wine.producer, &wine.name, wine.colour);
    // FNV-1a, 64 bit: the names may be longer than a key can be.
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let short: String = text.chars().filter(char::is_ascii).take(60).collect();
    format!("name:{short}:{hash:016x}:{}", year.map_or("nv".to_owned(), |year| year.to_string()))
}
