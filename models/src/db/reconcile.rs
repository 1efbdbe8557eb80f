//! After a scan: the readings are compared with the book, what differs is explained, questions are asked, and those that a
//! scan has answered close by themselves (`answered`). The rules are pure, in `compare` and `explain`; here they meet the tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Conn, DbError, answered, exchanges,
    judge::{Judged, judge},
    memory::{self, Remembered},
    once_more,
    proposals::{self, Draft, Evidence},
    sighted,
    witnessed::Agreed,
};
use crate::{
    Instant,
    compare::{Belief, Verdict},
    explain::{
        BinSight, Memory,
        bin::{Changes, Gone, changes},
        pair::{self, Differing},
        rank,
    },
    ids::BinId,
    proposal::{Proposal, ProposalKind, ProposalState},
    scan::{BinCount, Reading, Scan, ScanStatus, SeenEnd, SeenEnds},
    trust::DIFFERENT,
};

/// What a scan has led to.
#[derive(Default)]
pub(super) struct After {
    /// The readings that differ from the book.
    pub(super) changed: Vec<Reading>,
    /// The open proposals of their bins.
    pub(super) open: Vec<Proposal>,
    /// The bins in which all is as the book says.
    pub(super) agreed: Vec<Agreed>,
}

/// Compares, explains, asks and closes.
pub(super) fn after_scan(
    conn: &mut Conn,
    belief: &Belief,
    scan: &Scan,
    readings: &[Reading],
    counts: &[BinCount],
    seen: &[SeenEnds],
) -> Result<After, DbError> {
    let now = scan.finished_at;
    answered::close_stale(conn, belief, now)?;
    if scan.status != ScanStatus::Ok {
        return Ok(After::default());
    }
    memory::forget_other_eyes(conn, scan)?;
    let judged = judge(conn, belief, scan, readings, counts)?;
    let differing = judged.values().any(|it| it.verdict == Verdict::Differs);
    let mut rack = Rack::read(conn, scan, &judged, seen, differing)?;
    let kept = answered::close(conn, scan, &judged, &rack)?;
    let mut drafts = explain(conn, belief, &judged, &rack, &kept, now)?;
    drafts.extend(exchanges::drafts(conn, belief, scan, &judged, &rack)?);
    let agreed = rack.remember(conn, scan, &judged)?;
    proposals::ask(conn, &scan.id, drafts, now)?;
    let changed: Vec<Reading> =
        judged.values().filter(|it| it.verdict == Verdict::Differs).map(|it| it.reading.clone()).collect();
    let open = proposals::all_open(conn)?.into_iter().map(|(proposal, _)| proposal);
    let about = |proposal: &Proposal| {
        proposal.kind == ProposalKind::Swap && proposal.scan_id == scan.id
            || proposal.sides().iter().any(|side| changed.iter().any(|reading| reading.bin == side.bin))
    };
    let open = open.filter(about).collect();
    Ok(After { changed, open, agreed })
}

/// All that is known of the bins of this scan.
pub(super) struct Rack {
    pub(super) around: sighted::Cellar,
    pub(super) sights: HashMap<BinId, BinSight>,
    remembered: HashMap<String, Remembered>,
    pub(super) changes: HashMap<BinId, Changes>,
}

impl Rack {
    fn read(
        conn: &mut Conn,
        scan: &Scan,
        judged: &BTreeMap<&BinId, Judged<'_>>,
        seen: &[SeenEnds],
        differing: bool,
    ) -> Result<Self, DbError> {
        let mut around = sighted::cellar(conn, &scan.rack_id, differing, scan.finished_at)?;
        let remembered = memory::remembered(conn)?;
        let mut sights = HashMap::new();
        let mut found: HashMap<BinId, Changes> = HashMap::new();
        for (&bin, it) in judged.iter().filter(|(_, it)| it.verdict != Verdict::NoOpinion) {
            let ends = seen.iter().find(|of| of.bin == *bin).map_or(Vec::new(), |of| of.ends.clone());
            let looks = remembered.get(bin.as_str()).and_then(|it| it.looks.clone());
            let (sight, changes) = sighted(&mut around, looks, ends, it.reading);
            found.insert(bin.clone(), changes);
            sights.insert(bin.clone(), sight);
        }
        if !differing && found.values().any(|changes| !changes.strange.is_empty()) {
            let here = sights.values().flat_map(|sight| &sight.lying);
            (around.waiting, around.left) = sighted::outside(conn, here, scan.finished_at)?;
        }
        Ok(Self { around, sights, remembered, changes: found })
    }

    /// Keeps how the bins look in which book and camera agree; tells in which of them they agree in looks too.
    fn remember(
        &mut self,
        conn: &mut Conn,
        scan: &Scan,
        judged: &BTreeMap<&BinId, Judged<'_>>,
    ) -> Result<Vec<Agreed>, DbError> {
        let mut agreed = Vec::new();
        for (&bin, _) in judged.iter().filter(|(_, it)| it.verdict == Verdict::Agrees) {
            let it = self.remembered.entry(bin.0.clone()).or_default();
            let before = it.scan.clone().filter(|_| it.doubt.is_none());
            it.confirmed_by_scan(&scan.id, scan.finished_at);
            let Some(changes) = self.changes.get(bin) else { continue };
            it.doubt = (!changes.strange.is_empty()).then(|| DIFFERENT.to_owned());
            if it.doubt.is_none() {
                agreed.push(Agreed { bin: bin.clone(), before });
            }
            if let Some(newer) = &changes.memory {
                it.looks = Some(newer.clone());
            }
            memory::remember(conn, bin, it)?;
        }
        let newer = self.changes.values().filter_map(|changes| changes.memory.as_ref());
        memory::keep_looks(conn, newer, scan.finished_at)?;
        Ok(agreed)
    }
}

/// A bin as a reading shows it beside the book, of which its bottles are taken, and what has changed there since `looks`.
pub(super) fn sighted(
    around: &mut sighted::Cellar,
    looks: Option<Memory>,
    ends: Vec<SeenEnd>,
    reading: &Reading,
) -> (BinSight, Changes) {
    let sight = BinSight {
        bin: reading.bin.clone(),
        lying: around.lying.remove(reading.bin.as_str()).unwrap_or_default(),
        memory: looks,
        ends: counted(ends, reading),
    };
    let changes = told(&sight, reading);
    (sight, changes)
}

/// The ends of a reading that tells a count: another model may count without seeing ends, and then there are none to match.
fn counted(ends: Vec<SeenEnd>, reading: &Reading) -> Vec<SeenEnd> {
    let fits = reading.count.and_then(|n| usize::try_from(n).ok()) == Some(ends.len());
    if fits { ends } else { Vec::new() }
}

/// What has changed in a bin; where its ends are not known only how many.
fn told(sight: &BinSight, reading: &Reading) -> Changes {
    let many = reading.count.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    if many == sight.ends.len() && usize::try_from(reading.expected).ok() == Some(sight.lying.len()) {
        return changes(sight);
    }
    let blank = BinSight {
        memory: None,
        ends: vec![SeenEnd { x: 0.0, y: 0.0, r: 0.0, confidence: 0.0, looks: String::new() }; many],
        ..sight.clone()
    };
    Changes { memory: None, ..changes(&blank) }
}

/// One bin that differs, as it is explained.
struct Difference {
    bin: BinId,
    seen: i32,
    confidence: f64,
    changes: Changes,
    /// The question that is asked about it already.
    asked: Option<Proposal>,
    /// What waits for its answer.
    then: Vec<Draft>,
    /// Why it is asked once more.
    why: Option<String>,
    /// It was not seen surely enough yet to be asked about.
    waits: bool,
}

/// An end that came is believed, though its bin was not read surely enough, if it is so like one that surely went; and the other
/// way round.
const VOUCHED: f64 = 0.9;

/// What is to be asked: moves first, then what is left of each bin.
fn explain(
    conn: &mut Conn,
    belief: &Belief,
    judged: &BTreeMap<&BinId, Judged<'_>>,
    rack: &Rack,
    kept: &[(Proposal, Evidence)],
    now: Instant,
) -> Result<Vec<Draft>, DbError> {
    let covered = |bin: &BinId| kept.iter().find(|(open, _)| open.sides().iter().any(|side| side.bin == *bin));
    let mut list: Vec<Difference> = Vec::new();
    for (&bin, it) in judged.iter().filter(|(_, it)| matches!(it.verdict, Verdict::Differs | Verdict::Waits)) {
        let Some(seen) = it.reading.count else { continue };
        if covered(bin).is_some() {
            continue;
        }
        let Some(changes) = rack.changes.get(bin).cloned() else { continue };
        let (expected, confidence) = (it.reading.expected, it.reading.confidence);
        let waits = it.verdict == Verdict::Waits;
        let mut why = None;
        if proposals::is_upheld(conn, bin, expected, seen)? {
            why = once_more::reason(conn, belief, bin, expected, seen)?.filter(|_| !waits);
            if why.is_none() {
                continue;
            }
        }
        list.push(Difference {
            bin: bin.clone(),
            seen,
            confidence,
            changes,
            asked: None,
            then: Vec::new(),
            why,
            waits,
        });
    }
    if list.iter().all(|it| it.waits) {
        return Ok(Vec::new());
    }
    // What is asked about one bin already may turn out to be one half of a move.
    for (open, evidence) in kept.iter().filter(|(open, _)| open.other.is_none()) {
        let come = evidence.come.iter().map(|looks| SeenEnd::unpack(looks)).collect();
        let changes = Changes { gone: evidence.gone.clone(), come, ..Changes::default() };
        list.push(Difference {
            bin: open.bin.clone(),
            seen: open.seen,
            confidence: open.confidence,
            changes,
            asked: Some(open.clone()),
            then: evidence.then.clone(),
            why: None,
            waits: false,
        });
    }
    let differing: Vec<Differing<'_>> = list
        .iter()
        .map(|it| Differing { bin: &it.bin, gone: &it.changes.gone, come: &it.changes.come, fresh: it.asked.is_none() })
        .collect();
    let mut moves = pair::moves(&differing, &rack.around.waiting);
    moves.sort_by(|a, b| b.likeness.unwrap_or(0.0).total_cmp(&a.likeness.unwrap_or(0.0)));
    let mut drafts = Vec::new();
    let mut used: BTreeMap<usize, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
    for it in moves {
        let (from, to) = (&list[it.from], &list[it.to]);
        // Two questions that are asked already stay two; people may have begun to think about them.
        if from.asked.is_some() && to.asked.is_some()
            || proposals::is_parted(conn, ProposalKind::Move, &from.bin, &to.bin)?
        {
            continue;
        }
        if from.waits && to.waits {
            continue;
        }
        if (from.waits || to.waits) && it.likeness.is_none_or(|alike| alike < VOUCHED) {
            // It may be one change in two bins: the next scan tells, and neither half is asked about alone.
            used.entry(it.from).or_default().0.extend(&it.gone);
            used.entry(it.to).or_default().1.extend(&it.come);
            continue;
        }
        for asked in [&from.asked, &to.asked].into_iter().flatten() {
            let note = format!("It is asked whether this is one bottle that lies in bin {} now.", to.bin);
            proposals::close(conn, asked, ProposalState::Superseded, None, Some(&note), now)?;
        }
        used.entry(it.from).or_default().0.extend(&it.gone);
        used.entry(it.to).or_default().1.extend(&it.come);
        let gone: Vec<_> = it.gone.iter().map(|g| from.changes.gone[*g].clone()).collect();
        let come: Vec<_> = it.come.iter().map(|c| to.changes.come[*c].clone()).collect();
        let candidates = match (rack.sights.get(&from.bin), &from.asked) {
            (Some(sight), None) => rank::missing(sight, &from.changes, &gone),
            (_, asked) => asked.as_ref().map_or(Vec::new(), |asked| asked.candidates.clone()),
        };
        drafts.push(Draft {
            kind: ProposalKind::Move,
            bin: from.bin.clone(),
            seen: from.seen,
            confidence: from.confidence.min(to.confidence),
            other: Some((to.bin.clone(), to.seen)),
            number: i32::try_from(it.gone.len()).unwrap_or(i32::MAX),
            likeness: it.likeness,
            evidence: Evidence {
                candidates,
                gone,
                come: packed(&come),
                then: [&from.then[..], &to.then].concat(),
                why: from.why.clone().or_else(|| to.why.clone()),
                scan: None,
            },
        });
    }
    for (i, it) in list.iter().enumerate() {
        let taken = used.get(&i).cloned().unwrap_or_default();
        let asked_still = it.waits || it.asked.is_some() && !used.contains_key(&i);
        let rest = |n: usize, taken: &BTreeSet<usize>| (0..n).filter(|k| !taken.contains(k)).collect::<Vec<_>>();
        let gone: Vec<_> =
            rest(it.changes.gone.len(), &taken.0).into_iter().map(|k| it.changes.gone[k].clone()).collect();
        let come: Vec<_> =
            rest(it.changes.come.len(), &taken.1).into_iter().map(|k| it.changes.come[k].clone()).collect();
        if asked_still || gone.is_empty() && come.is_empty() {
            continue;
        }
        let count = (it.seen, it.confidence);
        let mut draft = alone(&it.bin, count, (gone, come), &it.changes, rack.sights.get(&it.bin), &rack.around);
        draft.evidence.why.clone_from(&it.why);
        drafts.push(draft);
    }
    Ok(drafts)
}

/// The question about what went from one bin, or came to it, of all that has changed there; `count` is how many were seen, and how surely.
pub(super) fn alone(
    bin: &BinId,
    (seen, confidence): (i32, f64),
    (gone, come): (Vec<Gone>, Vec<Vec<f32>>),
    changes: &Changes,
    sight: Option<&BinSight>,
    around: &sighted::Cellar,
) -> Draft {
    let fewer = !gone.is_empty();
    let candidates = match sight {
        Some(sight) if fewer => rank::missing(sight, changes, &gone),
        _ if fewer => Vec::new(),
        _ => rank::arrived(&come, &around.waiting, &around.left),
    };
    Draft {
        kind: if fewer { ProposalKind::Missing } else { ProposalKind::Extra },
        bin: bin.clone(),
        seen,
        confidence,
        other: None,
        number: i32::try_from(gone.len() + come.len()).unwrap_or(i32::MAX),
        likeness: None,
        evidence: Evidence { candidates, gone, come: packed(&come), ..Evidence::default() },
    }
}

fn packed(come: &[Vec<f32>]) -> Vec<String> {
    come.iter().map(|looks| SeenEnd::pack(looks)).collect()
}
