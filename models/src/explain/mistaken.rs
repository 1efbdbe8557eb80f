//! Another bottle lies in a bin than the book says: the count is right, and the wrong one is missing.

use super::{
    BinSight, Known, Lying, Mark,
    bin::{Changes, Gone},
    likeness,
};
use crate::ids::BottleId;

/// A bottle that is in no bin lies there if the end is at least so alike to what its own was.
const HERE: f64 = 0.9;
/// And more alike to it than to the end whose place it took, by so much.
const CLEARER: f64 = 0.1;
/// And than to any other bottle that is in no bin, unless it is of the same vintage.
const SURER: f64 = 0.06;
/// An end that is less alike than this to every other bottle of its vintage may have been taken for the wrong bottle's, where most
/// of those are so alike to each other.
const KIN: f64 = 0.65;

/// An end that is not more alike than this to the one that lay there is another bottle's.
const ANOTHER: f64 = 0.7;

/// Two bottles, one of which was taken for the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistaken {
    /// The bottle that lies there by the book, and has gone.
    pub gone: BottleId,
    /// How its end looked.
    pub looks: Vec<f32>,
    /// The bottle that lies there, and is in no bin by the book.
    pub here: BottleId,
    /// How alike its end is to the one that lies there.
    pub likeness: f64,
}

/// Finds them in a bin whose count agrees, the clearest first: where the end of a bottle has gone lies one that looks as that of a
/// bottle did that is in no bin. `outside` are the bottles in no bin, as far as it is known how they look, and those that left this
/// bin since it was remembered. Each bottle is part of one at most.
pub fn mistaken(sight: &BinSight, changes: &Changes, outside: &[Lying]) -> Vec<Mistaken> {
    let mut found = Vec::new();
    for (was, is) in &changes.strange {
        let Some(gone) = &was.bottle else { continue };
        let Some(lay) = sight.lying.iter().find(|lying| lying.id == *gone) else { continue };
        let looks = was.end.signature();
        let straight = likeness(&looks, &is.looks).unwrap_or(1.0);
        let mut like: Vec<(f64, &Lying)> =
            outside.iter().filter_map(|lying| Some((likeness(lying.looks.as_ref()?, &is.looks)?, lying))).collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0));
        let Some((alike, best)) = like.first() else { continue };
        let rival = like.iter().find(|(_, other)| other.vintage != best.vintage).map_or(-1.0, |(alike, _)| *alike);
        let clear = *alike >= HERE && *alike >= straight + CLEARER && *alike >= rival + SURER;
        // Of one vintage the one is as good as the other.
        let own = best.looks.as_deref().is_some_and(|own| like_its_kin(best, own)) && like_its_kin(lay, &looks);
        if clear && own && best.vintage != lay.vintage {
            found.push(Mistaken { gone: gone.clone(), looks, here: best.id.clone(), likeness: *alike });
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let mut taken: Vec<BottleId> = Vec::new();
    found.retain(|it| {
        let free = !taken.contains(&it.gone) && !taken.contains(&it.here);
        if free {
            taken.extend([it.gone.clone(), it.here.clone()]);
        }
        free
    });
    found
}

/// The end of a bin whose count agrees that has gone the most clearly, because quite another lies in its place; none where each may be the
/// one that lay there.
pub fn replaced(changes: &Changes) -> Option<Gone> {
    let unlike = |(was, is): &(Known, Mark)| {
        let looks = was.end.signature();
        let alike = likeness(&looks, &is.looks).filter(|alike| *alike <= ANOTHER)?;
        Some((alike, Gone { looks, bottle: was.bottle.clone(), never_came: false }))
    };
    changes.strange.iter().filter_map(unlike).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, gone)| gone)
}

/// Whether an end may be this bottle's, as far as others of its vintage tell. Bottles of one wine need not look alike, with torn
/// capsules or caps of two years: where most of them do not, they tell nothing.
fn like_its_kin(lying: &Lying, looks: &[f32]) -> bool {
    let kin = &lying.kin;
    let alike = |a: &[f32], b: &[f32]| likeness(a, b).is_none_or(|alike| alike >= KIN);
    let pairs = kin.iter().enumerate().flat_map(|(at, one)| kin[at + 1..].iter().map(move |other| (one, other)));
    let (of_one_look, unlike): (Vec<_>, Vec<_>) = pairs.partition(|(one, other)| alike(one, other));
    kin.is_empty() || kin.iter().any(|other| alike(other, looks)) || of_one_look.len() < unlike.len()
}

/// The bottles that a bin's memory knows and that do not lie there any more, with how their ends looked.
pub fn left(sight: &BinSight) -> Vec<(BottleId, Vec<f32>)> {
    let here = |id: &BottleId| sight.lying.iter().any(|lying| lying.id == *id);
    let ends = sight.memory.iter().flat_map(|memory| &memory.ends);
    ends.filter_map(|known| Some((known.bottle.clone().filter(|id| !here(id))?, Mark::from(&known.end).looks)))
        .collect()
}
