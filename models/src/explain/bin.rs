//! One bin: which ends have gone since it was last remembered, which have come, and what to remember of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{BinSight, Known, Lying, Mark, Memory, assign::assign, likeness};
use crate::ids::BottleId;

/// Ends of a bottle that lies where it lay are at least so alike, in any light; below it is another one, or it was turned.
const SAME: f64 = 0.8;
/// An end counts as a bottle's by its looks alone from here on, if no other vintage's bottle is nearly as alike.
const CERTAIN: f64 = 0.9;
/// How much clearer than the next it must be.
const CLEARER: f64 = 0.06;
/// What two signatures that cannot be compared count as.
const UNKNOWN: f64 = 0.5;

/// What is known of an end that has gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gone {
    /// How it looked; empty if nobody knows.
    #[serde(with = "super::packed")]
    pub looks: Vec<f32>,
    /// Whose it was, if known.
    pub bottle: Option<BottleId>,
    /// The bottle was booked into the bin and never seen in it.
    #[serde(default)]
    pub never_came: bool,
}

/// What has changed in a bin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// As many as the picture shows fewer than the book says.
    pub gone: Vec<Gone>,
    /// Looks of as many ends as the picture shows more.
    pub come: Vec<Vec<f32>>,
    /// Bottles whose ends are where they were.
    pub still: BTreeSet<BottleId>,
    /// Ends that took the place of others, as far as neither counts as gone or come: what lay there, and what lies there now.
    pub strange: Vec<(Known, Mark)>,
    /// What to remember, if book and picture agree and nothing is strange.
    pub memory: Option<Memory>,
}

/// Compares a bin's picture with its memory, in the light of what was booked since.
pub fn changes(sight: &BinSight) -> Changes {
    let now: Vec<Mark> = sight.ends.iter().map(Mark::from).collect();
    let none = Memory::default();
    let memory = sight.memory.as_ref().unwrap_or(&none);
    let here: BTreeSet<&BottleId> = sight.lying.iter().map(|lying| &lying.id).collect();
    let tied = |id: &BottleId| memory.ends.iter().any(|known| known.bottle.as_ref() == Some(id));
    let stayed = |known: &&Known| known.bottle.as_ref().is_none_or(|bottle| here.contains(bottle));
    let old: Vec<&Known> = memory.ends.iter().filter(stayed).collect();
    let mut left = memory.bottles.iter().filter(|id| !here.contains(id) && !tied(id)).count();
    let came: Vec<&Lying> = sight.lying.iter().filter(|lying| !memory.bottles.contains(&lying.id)).collect();

    let before: Vec<Mark> = old.iter().map(|known| Mark::from(&known.end)).collect();
    // A bottle that was booked in and is known by its looks has its say too, or what lay there before might take its end.
    let (seen_before, unknown): (Vec<&Lying>, Vec<&Lying>) =
        came.iter().copied().partition(|lying| lying.looks.is_some());
    let of_before = before.iter().map(|was| now.iter().map(|is| cost(was, is)).collect());
    let of_came = seen_before.iter().map(|lying| now.iter().map(|is| unlikeness(lying, is)).collect());
    let mut of_old = assign(&of_before.chain(of_came).collect::<Vec<Vec<f64>>>());
    let of_seen_before = of_old.split_off(before.len());
    let mut of_new: Vec<Option<usize>> = vec![None; now.len()];
    let (mut gone, mut strange) = (Vec::new(), Vec::new());
    let mut still = BTreeSet::new();
    for (was, is) in of_old.iter().enumerate() {
        let Some(is) = *is else {
            gone.push(was);
            continue;
        };
        let alike = likeness(&before[was].looks, &now[is].looks);
        of_new[is] = Some(was);
        if alike.is_some_and(|alike| alike < SAME) {
            strange.push((alike, was, is));
        } else {
            still.extend(old[was].bottle.clone());
        }
    }
    strange.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal));
    let mut fresh: Vec<usize> =
        (0..now.len()).filter(|is| of_new[*is].is_none() && !of_seen_before.contains(&Some(*is))).collect();

    // What was booked explains itself: a bottle that left, first among the ends that are alone, then among those that changed.
    gone.retain(|was| {
        let booked = left > 0 && old[*was].bottle.is_none();
        left -= usize::from(booked);
        !booked
    });
    strange.retain(|(_, was, is)| {
        let booked = left > 0 && old[*was].bottle.is_none();
        left -= usize::from(booked);
        if booked {
            of_new[*is] = None;
            fresh.push(*is);
        }
        !booked
    });
    // A bottle that came, where no end is left over for it, is the one that took the place of another: that one has gone.
    let mut short = unknown.len().saturating_sub(fresh.len());
    strange.retain(|(alike, was, is)| {
        let like_one = unknown.iter().any(|lying| lying.like(&now[*is].looks).is_none_or(|own| Some(own) >= *alike));
        let booked = short > 0 && like_one;
        if booked {
            short -= 1;
            of_new[*is] = None;
            gone.push(*was);
            fresh.push(*is);
        }
        !booked
    });
    let places = of_seen_before.into_iter().chain(arrivals(&unknown, &fresh, &now));
    let mut unseen: Vec<&Lying> = Vec::new();
    let mut tie_new: Vec<(usize, &Lying)> = Vec::new();
    for (lying, place) in seen_before.iter().chain(&unknown).copied().zip(places) {
        match place {
            Some(is) => tie_new.push((is, lying)),
            None => unseen.push(lying),
        }
    }
    fresh.retain(|is| !tie_new.iter().any(|(place, _)| place == is));

    let difference = now.len() as i64 - sight.lying.len() as i64;
    let nameless = Gone { looks: Vec::new(), bottle: None, never_came: false };
    if difference != 0 && sight.memory.is_none() {
        // Nobody knows what lay here: how many is all that can be said.
        let many = difference.unsigned_abs() as usize;
        let (gone, come) = if difference < 0 { (many, 0) } else { (0, many) };
        return Changes { gone: vec![nameless; gone], come: vec![Vec::new(); come], ..Changes::default() };
    }
    let mut out = Changes { still, ..Changes::default() };
    let as_gone =
        |was: &usize| Gone { looks: before[*was].looks.clone(), bottle: old[*was].bottle.clone(), never_came: false };
    let many = usize::try_from(difference.unsigned_abs()).unwrap_or(usize::MAX);
    let others = if difference < 0 { gone.len() + unseen.len() } else { fresh.len() };
    let replaced = strange.iter().skip(many.saturating_sub(others));
    out.strange = replaced.map(|(_, was, is)| (old[*was].clone(), now[*is].clone())).collect();
    if difference < 0 {
        out.gone = gone.iter().map(as_gone).collect();
        // Of several that were booked in, which one is not seen is known only where none is.
        let sure = unseen.len() == came.len() || came.iter().all(|lying| lying.vintage == came[0].vintage);
        let never = |lying: &&Lying| Gone {
            looks: lying.looks.clone().unwrap_or_default(),
            bottle: sure.then(|| lying.id.clone()),
            never_came: true,
        };
        out.gone.extend(unseen.iter().map(never));
        out.gone.extend(strange.iter().map(|(_, was, _)| as_gone(was)));
        out.gone.resize(many, nameless);
    } else if difference > 0 {
        let shown = fresh.iter().copied().chain(strange.iter().map(|(_, _, is)| *is));
        out.come = shown.map(|is| now[is].looks.clone()).collect();
        out.come.resize(many, Vec::new());
    } else if strange.is_empty() {
        out.memory = Some(remember(sight, &now, &of_new, &old, &tie_new));
    }
    out
}

/// Unlike ends are dear, and so is a long way: bottles roll when one is drawn from below, but not far.
fn cost(was: &Mark, is: &Mark) -> f64 {
    let way = (was.x - is.x).hypot(was.y - is.y) / (2.0 * was.r.max(1.0));
    1.0 - likeness(&was.looks, &is.looks).unwrap_or(UNKNOWN) + 0.1 * (way / 3.0).min(1.0)
}

fn unlikeness(lying: &Lying, is: &Mark) -> f64 {
    1.0 - lying.like(&is.looks).unwrap_or(UNKNOWN)
}

/// Which of the fresh ends is whose, of the bottles booked into the bin since; none for those that are not seen.
fn arrivals(came: &[&Lying], fresh: &[usize], now: &[Mark]) -> Vec<Option<usize>> {
    let costs: Vec<Vec<f64>> =
        came.iter().map(|lying| fresh.iter().map(|is| unlikeness(lying, &now[*is])).collect()).collect();
    assign(&costs).into_iter().map(|place| place.map(|place| fresh[place])).collect()
}

/// All ends of the picture, with their bottles as far as they are known.
fn remember(
    sight: &BinSight,
    now: &[Mark],
    of_new: &[Option<usize>],
    old: &[&Known],
    arrived: &[(usize, &Lying)],
) -> Memory {
    let mut whose: Vec<Option<BottleId>> =
        of_new.iter().map(|was| was.and_then(|was| old[was].bottle.clone())).collect();
    // A bottle that came alone is the end that came; of several only looks can tell, or that they are all alike.
    if let [(is, lying)] = arrived {
        whose[*is] = Some(lying.id.clone());
    }
    let rest: Vec<&Lying> =
        sight.lying.iter().filter(|lying| !whose.iter().flatten().any(|id| *id == lying.id)).collect();
    let open: Vec<usize> = (0..now.len()).filter(|is| whose[*is].is_none()).collect();
    let alike = rest.iter().all(|lying| lying.vintage == rest[0].vintage);
    if alike && open.len() == rest.len() {
        open.iter().zip(&rest).for_each(|(is, lying)| whose[*is] = Some(lying.id.clone()));
    } else {
        by_looks(&rest, &open, now, &mut whose);
    }
    let known = |(end, bottle): (&crate::scan::SeenEnd, Option<BottleId>)| Known { end: end.clone(), bottle };
    Memory {
        bottles: sight.lying.iter().map(|lying| lying.id.clone()).collect(),
        ends: sight.ends.iter().zip(whose).map(known).collect(),
    }
}

/// Ties ends to bottles that look like them, as long as no bottle of another vintage does.
fn by_looks(rest: &[&Lying], open: &[usize], now: &[Mark], whose: &mut [Option<BottleId>]) {
    let like = |lying: &Lying, is: usize| lying.like(&now[is].looks).unwrap_or(UNKNOWN);
    let costs: Vec<Vec<f64>> =
        rest.iter().map(|lying| open.iter().map(|is| 1.0 - like(lying, *is)).collect()).collect();
    for (lying, place) in rest.iter().zip(assign(&costs)) {
        let Some(is) = place.map(|place| open[place]) else { continue };
        let others = rest.iter().filter(|other| other.vintage != lying.vintage).map(|other| like(other, is));
        let next = others.fold(f64::NEG_INFINITY, f64::max);
        if like(lying, is) >= CERTAIN && like(lying, is) >= next + CLEARER {
            whose[is] = Some(lying.id.clone());
        }
    }
}
