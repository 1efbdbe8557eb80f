//! A rack and all its bins at one go, as a calibration or a file tells them.

use super::{
    Conn, DbError,
    racks::{bin_insert, bin_update, bins_of, rack_get, rack_insert, rack_update},
};
use crate::{
    Instant,
    bin::{Bin, Point, Rack, RackFacts},
    calibration::PlacedBin,
    error::RuleError,
    ids::{BinId, RackId},
    movement::Actor,
};

/// A bin as a layout tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnBin {
    /// Its name.
    pub id: BinId,
    /// Its outline in pixels of the rectified picture.
    pub polygon: Vec<Point>,
    /// How many bottles fit; none leaves a known bin as it is.
    pub capacity: Option<i32>,
    /// Whether it is used.
    pub enabled: bool,
}

impl From<&PlacedBin> for DrawnBin {
    fn from(bin: &PlacedBin) -> Self {
        Self { id: bin.id.clone(), polygon: bin.polygon.clone(), capacity: Some(bin.capacity), enabled: bin.enabled }
    }
}

/// Which rack a layout is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// One that is not in the book yet.
    New(RackFacts),
    /// One that is; its facts are changed where there are any.
    Known(RackId, Option<RackFacts>),
}

/// What was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The rack as it is now.
    pub rack: Rack,
    /// Bins that are new.
    pub added: Vec<BinId>,
    /// Bins with another outline or capacity, in use again or no longer.
    pub changed: Vec<BinId>,
    /// Bins taken out of use, for the layout does not have them.
    pub disabled: Vec<BinId>,
}

/// Writes a layout into the book: names that are known keep their bin and so their bottles and history. With `only`, bins
/// that the layout does not have are taken out of use; one that holds bottles refuses. Each edit stands in the journal.
pub fn layout_draw(
    conn: &mut Conn,
    wanted: &Wanted,
    drawn: &[DrawnBin],
    only: bool,
    actor: &Actor,
    now: Instant,
) -> Result<Drawn, DbError> {
    let rack = match wanted {
        Wanted::New(facts) => rack_insert(conn, facts, actor, now)?,
        Wanted::Known(id, None) => rack_get(conn, id)?,
        Wanted::Known(id, Some(facts)) => {
            let before = rack_get(conn, id)?;
            if before.facts == *facts { before } else { rack_update(conn, id, facts, before.revision, actor, now)? }
        }
    };
    let mut result = Drawn { rack, added: Vec::new(), changed: Vec::new(), disabled: Vec::new() };
    let known: Vec<Bin> = bins_of(conn, &result.rack.id)?;
    for (i, bin) in drawn.iter().enumerate() {
        draw(conn, &known, bin, &mut result, actor, now).map_err(|error| at(error, i))?;
    }
    for bin in known.iter().filter(|bin| only && bin.enabled && !drawn.iter().any(|other| other.id == bin.id)) {
        let closed = Bin { enabled: false, ..bin.clone() };
        bin_update(conn, &closed, bin.revision, actor, now).map_err(|error| match error {
            DbError::Rule(rule) => RuleError::field(
                "bins",
                format!(
                    "{} is not among them, but it is in use: {rule}; or keep the bins that are not in the layout",
                    bin.id
                ),
            )
            .into(),
            other => other,
        })?;
        result.disabled.push(bin.id.clone());
    }
    Ok(result)
}

fn draw(
    conn: &mut Conn,
    known: &[Bin],
    bin: &DrawnBin,
    result: &mut Drawn,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    let Some(before) = known.iter().find(|other| other.id == bin.id) else {
        let missing = || RuleError::field("capacity", format!("of the new bin {} is missing", bin.id));
        let new = Bin {
            id: bin.id.clone(),
            rack_id: result.rack.id.clone(),
            polygon: bin.polygon.clone(),
            capacity: bin.capacity.ok_or_else(missing)?,
            enabled: bin.enabled,
            revision: 0,
        };
        bin_insert(conn, &new, actor, now)?;
        result.added.push(new.id);
        return Ok(());
    };
    let capacity = bin.capacity.unwrap_or(before.capacity);
    let polygon = if same(&bin.polygon, &before.polygon) { &before.polygon } else { &bin.polygon }.clone();
    let after = Bin { polygon, capacity, enabled: bin.enabled, ..before.clone() };
    if after != *before {
        bin_update(conn, &after, before.revision, actor, now)?;
        result.changed.push(after.id);
    }
    Ok(())
}

/// Whether two outlines are one but for the digits that a file leaves out.
fn same(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    const PIXELS: f64 = 1e-4;
    a.len() == b.len() && a.iter().flatten().zip(b.iter().flatten()).all(|(p, q)| (p - q).abs() < PIXELS)
}

/// A rule's field, as a path into the layout.
fn at(error: DbError, i: usize) -> DbError {
    match error {
        DbError::Rule(rule) => rule.within(&format!("bins[{i}]")).into(),
        other => other,
    }
}
