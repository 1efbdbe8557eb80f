//! What an import does, step by step: made by the plan, carried out by the database.

use super::line::Gone;
use crate::{
    bottle::BottleFacts,
    ids::{BinId, BottleId, VintageId, WineId},
    note::NoteFacts,
    window::Window,
    wine::WineFacts,
};

/// A vintage, known or still to be entered (by its place in [`Plan::vintages`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum VintageSlot {
    /// There already.
    Known(VintageId),
    /// To be entered.
    New(usize),
}

/// A wine, known or still to be entered (by its place in [`Plan::wines`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WineSlot {
    /// There already.
    Known(WineId),
    /// To be entered.
    New(usize),
}

/// A vintage to be entered.
#[derive(Debug, Clone)]
pub struct NewVintage {
    /// Of which wine.
    pub wine: WineSlot,
    /// Its year.
    pub year: Option<i32>,
    /// The program's window.
    pub window: Window,
    /// What a bottle is worth.
    pub value: Option<(i64, String)>,
}

/// A bottle to be entered.
#[derive(Debug, Clone)]
pub struct NewBottle {
    /// Of what.
    pub vintage: VintageSlot,
    /// What is known of it.
    pub facts: BottleFacts,
    /// Where it is laid.
    pub bin: Option<BinId>,
    /// How it left, if it has.
    pub gone: Option<Gone>,
    /// What the program calls it.
    pub refs: Vec<String>,
}

/// All that is to be done.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Wines to enter.
    pub wines: Vec<WineFacts>,
    /// Vintages to enter.
    pub vintages: Vec<NewVintage>,
    /// Windows of known vintages that have changed.
    pub windows: Vec<(VintageId, Window)>,
    /// Bottles to enter.
    pub bottles: Vec<NewBottle>,
    /// Bottles that leave, with their old and new identifier.
    pub leaving: Vec<(BottleId, Gone, String, String)>,
    /// Bottles to lay into a bin.
    pub moves: Vec<(BottleId, BinId)>,
    /// Bottles of which more is known now.
    pub facts: Vec<(BottleId, BottleFacts)>,
    /// Notes to enter, with their identifier.
    pub notes: Vec<(VintageSlot, NoteFacts, String)>,
    /// More identifiers of vintages.
    pub vintage_refs: Vec<(String, VintageSlot)>,
    /// More identifiers of bottles that are known.
    pub bottle_refs: Vec<(String, BottleId)>,
}
