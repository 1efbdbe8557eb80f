//! Another bottle left than was booked: the count is right, and the wrong one is missing.

use super::{BinSight, Mark, bin::Changes, likeness};
use crate::ids::BottleId;

/// The end of a bottle that was booked out of the bin is at least so alike to one that lies there.
const STAYED: f64 = 0.9;
/// And more alike to it than the end whose place it took, by so much.
const CLEARER: f64 = 0.1;

/// Two bottles of a bin, one of which was taken for the other when it was booked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistaken {
    /// The bottle that lies there by the book, and has gone.
    pub gone: BottleId,
    /// How its end looked.
    pub looks: Vec<f32>,
    /// The bottle that was booked out, and lies there still.
    pub stayed: BottleId,
    /// How alike its end is to the one that lies there.
    pub likeness: f64,
}

/// Finds them in a bin whose count agrees, the clearest first: where the end of a bottle has gone, one lies that looks as that of a
/// bottle looked that has left by the book since. Each bottle is part of one at most.
pub fn mistaken(sight: &BinSight, changes: &Changes) -> Vec<Mistaken> {
    let here = |id: &BottleId| sight.lying.iter().any(|lying| lying.id == *id);
    let left: Vec<(&BottleId, Mark)> = sight
        .memory
        .iter()
        .flat_map(|memory| &memory.ends)
        .filter_map(|known| Some((known.bottle.as_ref().filter(|id| !here(id))?, Mark::from(&known.end))))
        .collect();
    let mut found = Vec::new();
    for (was, is) in &changes.strange {
        let Some(gone) = &was.bottle else { continue };
        let looks = was.end.signature();
        let straight = likeness(&looks, &is.looks).unwrap_or(1.0);
        for (stayed, end) in &left {
            let Some(alike) = likeness(&end.looks, &is.looks) else { continue };
            if alike >= STAYED && alike >= straight + CLEARER {
                let stayed = (*stayed).clone();
                found.push(Mistaken { gone: gone.clone(), looks: looks.clone(), stayed, likeness: alike });
            }
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let mut taken: Vec<BottleId> = Vec::new();
    found.retain(|it| {
        let free = !taken.contains(&it.gone) && !taken.contains(&it.stayed);
        if free {
            taken.extend([it.gone.clone(), it.stayed.clone()]);
        }
        free
    });
    found
}
