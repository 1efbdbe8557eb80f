//! The guided stocktake: every so many days the person looks into the bins that the program doubts, and into no other.

use models::{
    db::{DbError, stocktake},
    ids::BottleId,
    movement::MovementRequest,
    trust::Stocktake,
};
use vision::render::Rng;

use super::{
    day,
    shelf::{Shelf, Written, actor},
    world::World,
};

/// Counts each bin in doubt; returns how many these were. Whoever errs says that the book is right.
pub(super) fn count(shelf: &mut Shelf, world: &World, error: f64, day: u32, dice: &mut Rng) -> anyhow::Result<usize> {
    let now = day::at(day, 23, 0);
    let all = shelf.db.read(|conn| stocktake::trust_list(conn, now))?;
    let doubtful: Vec<_> = all.into_iter().filter(|bin| bin.doubt.is_some()).map(|bin| bin.bin).collect();
    for name in &doubtful {
        shelf.recognise(world)?;
        let here = if dice.chance(error) {
            let there = |(id, place): (BottleId, Written)| (place == Written::Bin(name.0.clone())).then_some(id);
            shelf.written()?.into_iter().filter_map(there).collect()
        } else {
            let held = (0..world.bins.len()).find(|bin| world.name(*bin) == name.as_str());
            let mut here = Vec::new();
            for &real in held.map_or(&[][..], |bin| &world.bins[bin]) {
                // One that nobody has entered is entered first.
                let known = match shelf.of_real[real].clone() {
                    Some(known) => Some(known),
                    None => shelf.apply(&MovementRequest::receipt(shelf.vintage(world, real), None), now)?,
                };
                here.extend(known);
            }
            here
        };
        let found = Stocktake { here, ..Stocktake::default() };
        match shelf.db.write(|conn| stocktake::bin_count(conn, name, &found, &actor(), now)) {
            Ok(_) | Err(DbError::Rule(_) | DbError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    shelf.recognise(world)?;
    Ok(doubtful.len())
}
