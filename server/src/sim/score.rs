//! Holds the book and the questions against the truth: how far the book has drifted, and how often a question is right.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use models::{
    Instant,
    db::{DbError, proposals, stocktake},
    ids::{BinId, BottleId, VintageId},
    proposal::{Proposal, ProposalKind, ProposalState},
    trust::DIFFERENT,
};

use super::{
    day,
    shelf::{Shelf, Written, true_place},
    world::World,
};

/// A wine that is not where the book has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Difference {
    /// The real bottle.
    pub(super) real: usize,
    /// Where the book has it; none for one that nobody entered.
    pub(super) written: Option<Written>,
    /// Where it is.
    pub(super) truly: Written,
}

/// All differences that matter to the rack.
pub(super) fn differences(shelf: &Shelf, world: &World) -> Vec<Difference> {
    let written = shelf.written().unwrap_or_default();
    (0..world.bottles.len())
        .filter_map(|real| {
            let place = shelf.of_real.get(real).cloned().flatten().and_then(|id| written.get(&id).cloned());
            let truly = true_place(world, real);
            let in_rack = matches!(place, Some(Written::Bin(_))) || matches!(truly, Written::Bin(_));
            (in_rack && place.as_ref() != Some(&truly)).then_some(Difference { real, written: place, truly })
        })
        .collect()
}

/// How far a book has drifted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Drift {
    /// Bottles too few or too many, over all bins.
    pub(super) bottles: i64,
    /// The same, wine by wine: a bin that holds another wine than written counts twice.
    pub(super) wines: i64,
}

/// Compares each bin's bottles with what lies in it.
pub(super) fn drift(shelf: &Shelf, world: &World) -> anyhow::Result<Drift> {
    let mut of_bins: BTreeMap<(String, VintageId), i64> = BTreeMap::new();
    let labels = shelf.labels()?;
    for (id, place) in shelf.written()? {
        if let (Written::Bin(bin), Some(vintage)) = (place, labels.get(&id)) {
            *of_bins.entry((bin, vintage.clone())).or_default() += 1;
        }
    }
    for (bin, held) in world.bins.iter().enumerate() {
        for real in held {
            *of_bins.entry((world.name(bin).to_owned(), shelf.vintage(world, *real))).or_default() -= 1;
        }
    }
    let mut bins: BTreeMap<&String, i64> = BTreeMap::new();
    of_bins.iter().for_each(|((bin, _), n)| *bins.entry(bin).or_default() += n);
    Ok(Drift { bottles: bins.values().map(|n| n.abs()).sum(), wines: of_bins.values().map(|n| n.abs()).sum() })
}

/// What became of one kind of question.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// How often it was asked.
    pub(super) times: u32,
    /// What it says has happened.
    pub(super) right: u32,
    /// Its bins differ, for another reason.
    pub(super) other: u32,
    /// Nothing has happened in its bins.
    pub(super) false_alarm: u32,
    /// Right, and about one bottle: how often there was something to name.
    pub(super) nameable: u32,
    /// The first candidate is of the right wine.
    pub(super) named: u32,
    /// One of the first three is.
    pub(super) among_three: u32,
}

/// What really happened, and how it was asked about in the night after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    Moved,
    Taken,
    PutAway,
    Unbooked,
    DrunkByMistake,
}

/// Why a bin holds other wines than written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// There are more or fewer bottles than written.
    Count,
    /// A bottle lies there whose place by the book is another bin, or the other way round.
    Elsewhere,
    /// A bottle has gone and another has come, neither from or to a bin.
    Replaced,
}

/// The causes there are in the rack.
pub(super) fn causes(found: &[Difference]) -> BTreeSet<Cause> {
    let mut bins: BTreeMap<&String, (usize, usize, bool)> = BTreeMap::new();
    for one in found {
        let (from, to) = (one.written.as_ref().and_then(Written::bin), one.truly.bin());
        let elsewhere = from.is_some() && to.is_some();
        for (bin, went) in from.map(|bin| (bin, true)).into_iter().chain(to.map(|bin| (bin, false))) {
            let (gone, come, moved) = bins.entry(bin).or_default();
            *(if went { gone } else { come }) += 1;
            *moved |= elsewhere;
        }
    }
    let cause = |(gone, come, moved): (usize, usize, bool)| match (gone == come, moved) {
        (false, _) => Cause::Count,
        (true, true) => Cause::Elsewhere,
        (true, false) => Cause::Replaced,
    };
    bins.into_values().map(cause).collect()
}

/// Counts of all that was asked.
#[derive(Debug, Default)]
pub(super) struct Score {
    /// By kind of question.
    pub(super) asked: BTreeMap<ProposalKind, Asked>,
    /// By what happened: how it was asked about; none = not that night.
    pub(super) heard: BTreeMap<(Truth, Option<ProposalKind>), u32>,
    /// On how many days each kept the book from the truth at the end.
    pub(super) kept: BTreeMap<Cause, u32>,
    /// Answers that were wrong on purpose, and all.
    pub(super) mistakes: u32,
    pub(super) answers: u32,
    /// Bins that came into doubt by looks alone, and in how many of them another wine lies than written.
    pub(super) strange: (u32, u32),
    seen: BTreeSet<(usize, String)>,
    doubted: BTreeSet<BinId>,
}

impl Score {
    /// Counts the questions that a scan asked at that time; returns all that are open.
    pub(super) fn questions(&mut self, shelf: &Shelf, world: &World, now: Instant) -> anyhow::Result<Vec<Proposal>> {
        let open = shelf
            .db
            .read(|conn| Ok::<_, DbError>(proposals::proposal_list(conn, Some(ProposalState::Open), None, 1000)?))?;
        let found = differences(shelf, world);
        let labels = shelf.labels()?;
        for proposal in open.iter().filter(|proposal| proposal.created_at == now) {
            self.question(shelf, world, proposal, &found, &labels);
        }
        Ok(open)
    }

    /// Counts which differences of an evening are asked about; returns all in words.
    pub(super) fn evening(
        &mut self,
        shelf: &Shelf,
        world: &World,
        found: &[Difference],
        open: &[Proposal],
        day: u32,
    ) -> anyhow::Result<String> {
        let mut seen = BTreeSet::new();
        for one in found {
            let key = (one.real, format!("{:?} {:?}", one.written, one.truly));
            seen.insert(key.clone());
            if self.seen.contains(&key) {
                continue;
            }
            let heard = open.iter().find(|proposal| fits(proposal, one)).map(|proposal| proposal.kind);
            *self.heard.entry((truth(one), heard)).or_default() += 1;
        }
        self.seen = seen;
        let now = day::at(day, 22, 20);
        let trust = shelf.db.read(|conn| stocktake::trust_list(conn, now))?;
        let doubts: BTreeMap<BinId, String> = trust.into_iter().filter_map(|it| Some((it.bin, it.doubt?))).collect();
        let strange = doubts.iter().filter(|(_, why)| why.as_str() == DIFFERENT).map(|(bin, _)| bin.clone());
        let strange: BTreeSet<BinId> = strange.collect();
        for bin in strange.difference(&self.doubted) {
            let truly = found.iter().any(|one| touches(one, bin.as_str()));
            self.strange = (self.strange.0 + 1, self.strange.1 + u32::from(truly));
        }
        self.doubted = strange;
        let truths = found.iter().map(|one| {
            let wine = world.bottles[one.real].wine;
            format!("  true: wine {wine}, written {:?}, lies {:?}", one.written, one.truly)
        });
        let questions = open.iter().map(|open| {
            let other = open.other.as_ref().map_or(String::new(), |side| format!(" and {}", side.bin));
            let like = open.likeness.map_or(String::new(), |like| format!(", {like:.2} alike"));
            format!(
                "  asked: {} of {} in {}{other}, {:.2} sure{like}",
                open.kind.as_str(),
                open.number,
                open.bin,
                open.confidence
            )
        });
        let doubts = doubts.iter().map(|(bin, why)| format!("  doubt: {bin}, {why}"));
        let lines: Vec<String> =
            std::iter::once(format!("day {day}")).chain(truths).chain(questions).chain(doubts).collect();
        Ok(if lines.len() > 1 { lines.join("\n") + "\n" } else { String::new() })
    }

    fn question(
        &mut self,
        shelf: &Shelf,
        world: &World,
        proposal: &Proposal,
        found: &[Difference],
        labels: &HashMap<BottleId, VintageId>,
    ) {
        let asked = self.asked.entry(proposal.kind).or_default();
        asked.times += 1;
        let about: Vec<&Difference> = found.iter().filter(|one| fits(proposal, one)).collect();
        let touched = found.iter().any(|one| proposal.sides().iter().any(|side| touches(one, side.bin.as_str())));
        let enough = match proposal.kind {
            ProposalKind::Swap => 2,
            _ => usize::try_from(proposal.number).unwrap_or(1),
        };
        if about.len() < enough {
            *(if touched { &mut asked.other } else { &mut asked.false_alarm }) += 1;
            return;
        }
        asked.right += 1;
        // Of a bottle that is in no book no candidate can be right.
        let known = about.iter().all(|one| one.written.is_some());
        if proposal.number != 1 || !known {
            return;
        }
        asked.nameable += 1;
        let right = |id: &BottleId| {
            let vintage = labels.get(id);
            about.iter().any(|one| vintage == Some(&shelf.vintage(world, one.real)))
        };
        let place = proposal.candidates.iter().position(|candidate| right(&candidate.bottle_id));
        asked.named += u32::from(place == Some(0));
        asked.among_three += u32::from(place.is_some_and(|place| place < 3));
    }
}

fn touches(one: &Difference, bin: &str) -> bool {
    let is = |place: &Written| matches!(place, Written::Bin(name) if name == bin);
    one.written.as_ref().is_some_and(is) || is(&one.truly)
}

/// Whether a question is about this very difference.
fn fits(proposal: &Proposal, one: &Difference) -> bool {
    let is = |place: Option<&Written>, bin: &str| matches!(place, Some(Written::Bin(name)) if name == bin);
    let bin = proposal.bin.as_str();
    let other = proposal.other.as_ref().map_or("", |side| side.bin.as_str());
    let (from, to) = (one.written.as_ref(), Some(&one.truly));
    match proposal.kind {
        ProposalKind::Missing => is(from, bin) && !matches!(one.truly, Written::Bin(_)),
        ProposalKind::Extra => is(to, bin) && !matches!(one.written, Some(Written::Bin(_))),
        ProposalKind::Move => is(from, bin) && is(to, other),
        // It says of neither of the two where it is.
        ProposalKind::Swap if proposal.is_about_one_gone() => touches(one, bin),
        ProposalKind::Swap if proposal.other.is_none() => {
            let outside = |place: Option<&Written>| !matches!(place, Some(Written::Bin(_)));
            is(from, bin) && outside(to) || is(to, bin) && from.is_some() && outside(from)
        }
        ProposalKind::Swap => is(from, bin) && is(to, other) || is(from, other) && is(to, bin),
    }
}

fn truth(one: &Difference) -> Truth {
    match (&one.written, &one.truly) {
        (Some(Written::Bin(_)), Written::Bin(_)) => Truth::Moved,
        (Some(Written::Bin(_)), _) => Truth::Taken,
        (Some(Written::Waiting), _) => Truth::PutAway,
        (Some(Written::Gone), _) => Truth::DrunkByMistake,
        (None, _) => Truth::Unbooked,
    }
}
