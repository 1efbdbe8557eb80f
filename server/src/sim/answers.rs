//! The person before the kiosk, in the evening: knows what is in the rack, errs now and then, and answers until nothing is asked.

use models::{
    db::{DbError, movements, proposals},
    ids::BottleId,
    movement::{IssueReason, MovementRequest},
    proposal::{Approval, Proposal, ProposalKind, ProposalState},
};
use vision::render::Rng;

use super::{
    day,
    score::{Difference, Score, differences},
    shelf::{Shelf, Written, actor},
    world::World,
};

/// Answers may open further questions; nobody goes on for ever.
const ROUNDS: usize = 6;

/// What the person says.
enum Said {
    Yes(Approval),
    No,
    Apart,
    /// The questions fit nothing: the person writes down what is there.
    ByHand(Vec<MovementRequest>),
}

/// Answers all open questions; returns how many were asked.
pub(super) fn answer(
    shelf: &mut Shelf,
    world: &World,
    error: f64,
    day: u32,
    dice: &mut Rng,
    score: &mut Score,
) -> anyhow::Result<usize> {
    let mut asked = 0;
    for round in 0..ROUNDS {
        shelf.recognise(world)?;
        let mut open = shelf
            .db
            .read(|conn| Ok::<_, DbError>(proposals::proposal_list(conn, Some(ProposalState::Open), None, 1000)?))?;
        // Two bins at once first: what is left of them is asked afterwards.
        open.sort_by_key(|proposal| (proposal.other.is_none(), proposal.created_at, proposal.bin.clone()));
        if open.is_empty() {
            break;
        }
        for proposal in open {
            asked += 1;
            score.answers += 1;
            shelf.recognise(world)?;
            let found = differences(shelf, world);
            let said = if dice.chance(error) {
                score.mistakes += 1;
                mistake(&proposal, dice)
            } else {
                truth(shelf, world, &proposal, &found)
            };
            say(shelf, &proposal, said, day, round)?;
        }
    }
    shelf.recognise(world)?;
    Ok(asked)
}

/// What somebody in a hurry says: no, or yes to whatever is proposed.
fn mistake(proposal: &Proposal, dice: &mut Rng) -> Said {
    match (dice.chance(0.5), proposal.other.is_some()) {
        (true, true) => Said::Apart,
        (true, false) => Said::No,
        (false, _) => Said::Yes(Approval::default()),
    }
}

fn truth(shelf: &Shelf, world: &World, proposal: &Proposal, found: &[Difference]) -> Said {
    let is = |place: Option<&Written>, bin: &str| matches!(place, Some(Written::Bin(name)) if name == bin);
    let bin = proposal.bin.as_str();
    let other = proposal.other.as_ref().map(|side| side.bin.as_str());
    let number = usize::try_from(proposal.number).unwrap_or(0);
    let id = |one: &&Difference| shelf.of_real[one.real].clone();
    // Whoever is asked about a bottle thinks of one that was brought or taken before one that others exchanged long ago.
    let from_elsewhere = |one: &&Difference| matches!(one.written, Some(Written::Bin(_)));
    let lies_elsewhere = |one: &&Difference| matches!(one.truly, Written::Bin(_));
    let went = |bin: &str| {
        let mut went: Vec<_> = found.iter().filter(|one| is(one.written.as_ref(), bin)).collect();
        went.sort_by_key(lies_elsewhere);
        went
    };
    let came = |bin: &str| {
        let mut came: Vec<_> = found.iter().filter(|one| is(Some(&one.truly), bin)).collect();
        came.sort_by_key(from_elsewhere);
        came
    };
    match (proposal.kind, other) {
        (ProposalKind::Move, Some(to)) => {
            let moved: Vec<BottleId> = went(bin)
                .iter()
                .filter(|one| is(Some(&one.truly), to))
                .filter_map(|one| id(one))
                .take(number)
                .collect();
            match moved.len() == number {
                true => Said::Yes(Approval { bottles: moved, ..Approval::default() }),
                false => Said::Apart,
            }
        }
        (ProposalKind::Swap, Some(with)) => {
            let one = went(bin).iter().find(|one| is(Some(&one.truly), with)).and_then(|one| id(one));
            let other = went(with).iter().find(|one| is(Some(&one.truly), bin)).and_then(|one| id(one));
            match (one, other) {
                (Some(one), Some(other)) => Said::Yes(Approval { bottles: vec![one, other], ..Approval::default() }),
                _ => Said::Apart,
            }
        }
        (ProposalKind::Swap, None) => {
            let labels = shelf.labels().unwrap_or_default();
            let wine = |id: &BottleId| labels.get(id).cloned();
            let gone = went(bin).into_iter().find(|one| !matches!(one.truly, Written::Bin(_))).and_then(|one| id(&one));
            let here = came(bin).into_iter().find(|one| !matches!(one.written, Some(Written::Bin(_))));
            let here = here.and_then(|one| id(&one)).and_then(|id| wine(&id));
            let stayed = proposal.candidates.last().and_then(|candidate| wine(&candidate.bottle_id));
            match gone.filter(|_| proposal.names_what_lies_there() && here.is_some() && here == stayed) {
                Some(gone) => Said::Yes(Approval { bottles: vec![gone], ..Approval::default() }),
                None => left(&went(bin), 1, id),
            }
        }
        (ProposalKind::Extra, _) => {
            let came = came(bin);
            if came.is_empty() {
                return Said::No;
            }
            let known: Vec<BottleId> = came.iter().filter_map(|one| id(one)).collect();
            if came.len() == number && known.len() == number {
                return Said::Yes(Approval { bottles: known, ..Approval::default() });
            }
            let first = shelf.vintage(world, came[0].real);
            if came.len() == number
                && known.is_empty()
                && came.iter().all(|one| shelf.vintage(world, one.real) == first)
            {
                return Said::Yes(Approval { vintage_id: Some(first), ..Approval::default() });
            }
            let mut acts = Vec::new();
            for one in came.iter().take(number) {
                acts.push(match (id(one), &one.written) {
                    (Some(bottle_id), Some(Written::Gone)) => MovementRequest::Correction {
                        bottle_id,
                        here: true,
                        bin: Some(proposal.bin.clone()),
                        note: String::new(),
                    },
                    (Some(bottle_id), _) => MovementRequest::Move { bottle_id, bin: Some(proposal.bin.clone()) },
                    (None, _) => MovementRequest::receipt(shelf.vintage(world, one.real), Some(proposal.bin.clone())),
                });
            }
            Said::ByHand(acts)
        }
        _ => left(&went(bin), number, id),
    }
}

/// What became of the bottles that have gone.
fn left(went: &[&Difference], number: usize, id: impl Fn(&&Difference) -> Option<BottleId>) -> Said {
    if went.is_empty() {
        return Said::No;
    }
    let elsewhere = |one: &&&Difference| !matches!(one.truly, Written::Gone);
    let ids: Vec<BottleId> = went.iter().filter_map(&id).take(number).collect();
    let away = went.iter().take(number).filter(elsewhere).count();
    if ids.len() == number && (away == 0 || away == number) {
        let reason = (away == 0).then_some(IssueReason::Drunk);
        return Said::Yes(Approval { reason, moved: away > 0, bottles: ids, ..Approval::default() });
    }
    let acts = went.iter().take(number).filter_map(|one| {
        let bottle_id = id(one)?;
        Some(match one.truly {
            Written::Gone => MovementRequest::issue(bottle_id, IssueReason::Drunk),
            _ => MovementRequest::Move { bottle_id, bin: None },
        })
    });
    Said::ByHand(acts.collect())
}

fn say(shelf: &mut Shelf, proposal: &Proposal, said: Said, day: u32, round: usize) -> anyhow::Result<()> {
    let now = day::at(day, 22, 30 + u32::try_from(round).unwrap_or(0));
    let id = &proposal.id;
    let done = shelf.db.write(|conn| match said {
        Said::Yes(approval) => proposals::proposal_approve(conn, id, &approval, &actor(), now).map(drop),
        Said::No => proposals::proposal_reject(conn, id, None, &actor(), now).map(drop),
        Said::Apart => proposals::proposal_part(conn, id, &actor(), now).map(drop),
        Said::ByHand(acts) => {
            for act in acts {
                movements::movement_apply(conn, &act, &actor(), now)?;
            }
            Ok(())
        }
    });
    match done {
        // Answered by an answer before it, or refused: the person goes on.
        Ok(()) | Err(DbError::Rule(_) | DbError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
