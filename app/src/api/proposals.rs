//! What the camera thinks has changed, and a person's answer.

use leptos::prelude::*;
pub use models::proposal::Answer;
use models::{
    Instant,
    bottle::BottleView,
    ids::{BottleId, ProposalId},
    proposal::Proposal,
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::Done;
#[cfg(feature = "ssr")]
use super::movements::{Undo, done};
use crate::error::AppError;

/// A proposal with the bottles it may be about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalCard {
    /// The proposal.
    pub proposal: Proposal,
    /// Bottles missing or moved, or one in whose place another lies: those in the bin. Bottles too many: those that wait to be put
    /// away, and those that left not long ago and look like what came. The likeliest first.
    pub candidates: Vec<BottleView>,
}

/// Open proposals and the last ones decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalsPage {
    /// Those that wait.
    pub open: Vec<ProposalCard>,
    /// The last ones answered or closed.
    pub decided: Vec<Proposal>,
    /// The server's clock.
    pub now: Instant,
}

/// Reads the proposals.
#[server(input = GetUrl)]
pub async fn get_proposals() -> Result<ProposalsPage, AppError> {
    use models::{db::proposals::proposal_list, proposal::ProposalState};
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            let mut open = Vec::new();
            for proposal in proposal_list(conn, Some(ProposalState::Open), None, 100)? {
                open.push(card(conn, proposal, now)?);
            }
            open.sort_by_key(|card| card.proposal.sleeps(now));
            let mut decided = proposal_list(conn, None, None, 60)?;
            decided.retain(|p| p.state != ProposalState::Open);
            decided.truncate(12);
            for proposal in &mut decided {
                proposal.note = proposal.note.as_deref().map(crate::texts::in_our_words);
            }
            Ok(ProposalsPage { open, decided, now })
        })
        .await
}

/// A proposal with the bottles it may be about, as they were ranked.
#[cfg(feature = "ssr")]
pub(crate) fn card(
    conn: &mut models::db::Conn,
    proposal: Proposal,
    now: Instant,
) -> Result<ProposalCard, models::db::DbError> {
    use models::db::bottles::{BottleFilter, bottle_get, bottle_list};
    use models::{bottle::BottleStatus::InCellar, proposal::ProposalKind};
    let year = crate::format::year_of(now);
    if proposal.names_two() {
        let two = proposal.candidates.iter().map(|one| bottle_get(conn, &one.bottle_id, year));
        let candidates = two.collect::<Result<_, _>>()?;
        return Ok(ProposalCard { candidates, proposal });
    }
    let extra = proposal.kind == ProposalKind::Extra;
    let bin = (!extra).then(|| proposal.bin.clone());
    let filter = BottleFilter { bin, unplaced: extra, status: Some(InCellar), ..Default::default() };
    let mut candidates = bottle_list(conn, &filter, None, 40, year)?;
    if extra {
        for likely in proposal.candidates.iter().filter(|likely| likely.share > 0.2) {
            if !candidates.iter().any(|bottle| bottle.bottle.id == likely.bottle_id) {
                candidates.push(bottle_get(conn, &likely.bottle_id, year)?);
            }
        }
    }
    let rank = |bottle: &BottleView| proposal.candidates.iter().position(|c| c.bottle_id == bottle.bottle.id);
    candidates.sort_by_key(|bottle| rank(bottle).unwrap_or(usize::MAX));
    Ok(ProposalCard { candidates, proposal })
}

/// Answers a proposal; `bottles` are those a person picked, none = the default.
#[server]
pub async fn answer_proposal(
    proposal: ProposalId,
    answer: Answer,
    #[server(default)] bottles: Vec<BottleId>,
) -> Result<Done, AppError> {
    use models::db::proposals::proposal_answer;
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let movements = proposal_answer(conn, &proposal, answer, bottles, &crate::ctx::actor(), now)?;
            told(conn, proposal, answer, &movements, now)
        })
        .await
}

/// What a person reads of an answer that was taken.
#[cfg(feature = "ssr")]
fn told(
    conn: &mut models::db::Conn,
    id: ProposalId,
    answer: Answer,
    movements: &[models::movement::Movement],
    now: Instant,
) -> Result<Done, models::db::DbError> {
    use models::proposal::Decision;
    let (text, undo) = match answer.decision(Vec::new()) {
        Decision::Yes(_) => return done(conn, movements, now),
        Decision::Apart => (crate::texts::apart_noted().into(), Some(Undo::Rejection(id))),
        Decision::Wrong => (crate::texts::wrong_noted().into(), Some(Undo::Rejection(id))),
        Decision::Later => (crate::texts::asked_tomorrow().into(), None),
        Decision::Reopen => {
            let proposal = models::db::proposals::proposal_get(conn, &id)?;
            (crate::texts::question_is_open(&proposal.bin), None)
        }
    };
    Ok(Done { text, undo })
}

/// Answers those ticked as they are proposed, at one go.
#[server]
pub async fn approve_all(#[server(default)] proposals: Vec<ProposalId>) -> Result<Done, AppError> {
    use models::{db::proposals::proposal_approve_all, proposal::Approval};
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let answers: Vec<_> = proposals.into_iter().map(|id| (id, Approval::default())).collect();
            let movements = proposal_approve_all(conn, &answers, &actor, now)?;
            Ok((done(conn, &movements, now)?, "/proposals".to_owned()))
        })
        .await;
    super::wines::ended(done, |why| format!("/proposals/all{}", crate::forms::query(why, &[])))
}
