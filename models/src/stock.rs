//! The pure rules of stock: what a movement does to a bottle.

use std::collections::BTreeMap;

use crate::{
    bottle::BottleStatus,
    error::RuleError,
    ids::{BinId, BottleId},
    movement::{Movement, MovementKind},
};

/// Where bottles are: the fold of the journal. A bottle that never came in is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stock {
    places: BTreeMap<BottleId, Place>,
}

/// Place of one bottle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Here or gone.
    pub status: BottleStatus,
    /// The bin, if it lies in one.
    pub bin: Option<BinId>,
}

impl Stock {
    /// Applies one movement. Fails when the movement's "before" is not what the stock says: the journal is broken then.
    pub fn apply(&mut self, movement: &Movement) -> Result<(), RuleError> {
        let before = self.places.get(&movement.bottle_id);
        let here = before.is_some_and(|p| p.status == BottleStatus::InCellar);
        let bin = before.and_then(|p| p.bin.clone());
        if here != movement.was_here || bin != movement.from_bin {
            return Err(RuleError::Forbidden(format!(
                "movement {} does not follow from the state of bottle {}",
                movement.id, movement.bottle_id
            )));
        }
        let status = if movement.is_here { BottleStatus::InCellar } else { BottleStatus::Gone };
        self.places.insert(movement.bottle_id.clone(), Place { status, bin: movement.to_bin.clone() });
        Ok(())
    }

    /// The stock after all of `journal`, oldest first.
    pub fn fold<'a>(journal: impl IntoIterator<Item = &'a Movement>) -> Result<Self, RuleError> {
        let mut stock = Self::default();
        for movement in journal {
            stock.apply(movement)?;
        }
        Ok(stock)
    }

    /// Where the bottle is; none if it never came in.
    pub fn place(&self, bottle: &BottleId) -> Option<&Place> {
        self.places.get(bottle)
    }

    /// Bottles that lie in the bin.
    pub fn count_in(&self, bin: &BinId) -> u32 {
        let lies_there = |p: &&Place| p.status == BottleStatus::InCellar && p.bin.as_ref() == Some(bin);
        u32::try_from(self.places.values().filter(lies_there).count()).unwrap_or(u32::MAX)
    }
}

/// The movement that undoes `original`: before and after exchanged, the kind always a correction. An undo can be undone
/// in turn, which restores the first state.
pub fn reversal(
    original: &Movement,
    id: crate::ids::MovementId,
    actor: &crate::movement::Actor,
    at: crate::Instant,
) -> Movement {
    Movement {
        id,
        bottle_id: original.bottle_id.clone(),
        kind: MovementKind::Correction,
        reason: None,
        from_bin: original.to_bin.clone(),
        to_bin: original.from_bin.clone(),
        was_here: original.is_here,
        is_here: original.was_here,
        actor: actor.name.clone(),
        source: actor.source,
        at,
        reverses: Some(original.id.clone()),
        proposal_id: None,
        batch: None,
        note: String::new(),
        revenue_minor: None,
        currency: None,
    }
}

/// Refuses a bottle more in a bin that is full.
pub fn check_room(bin: &BinId, holds: u32, capacity: u32) -> Result<(), RuleError> {
    if holds >= capacity {
        return Err(RuleError::BinFull { bin: bin.to_string(), holds, capacity });
    }
    Ok(())
}
