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
use super::movements::done;
use crate::error::AppError;

/// A proposal with the bottles it may be about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalCard {
    /// The proposal.
    pub proposal: Proposal,
    /// Bottles missing or moved: those in the bin. Bottles too many: those that wait to be put away, and those that left not long
    /// ago and look like what came. The likeliest first.
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
    use models::db::proposals::proposal_approve;
    let Some(approval) = answer.approval(bottles) else {
        return match answer {
            Answer::Reopen => reopen(proposal).await,
            Answer::Apart | Answer::Later => put_off(proposal, answer).await,
            _ => reject(proposal).await,
        };
    };
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let movements = proposal_approve(conn, &proposal, &approval, &crate::ctx::actor(), now)?;
            done(conn, &movements, now)
        })
        .await
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

#[cfg(feature = "ssr")]
async fn reject(id: ProposalId) -> Result<Done, AppError> {
    use models::db::proposals::proposal_reject;
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let note = Some("The camera was wrong.");
            proposal_reject(conn, &id, note, &crate::ctx::actor(), now)?;
            let undo = Some(super::movements::Undo::Rejection(id));
            Ok(Done { text: crate::texts::wrong_noted().into(), undo })
        })
        .await
}

/// Asks apart, or later.
#[cfg(feature = "ssr")]
async fn put_off(id: ProposalId, answer: Answer) -> Result<Done, AppError> {
    use models::db::proposals::{proposal_part, proposal_snooze};
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            if answer == Answer::Apart {
                proposal_part(conn, &id, &crate::ctx::actor(), now)?;
                let undo = Some(super::movements::Undo::Rejection(id));
                return Ok(Done { text: crate::texts::apart_noted().into(), undo });
            }
            proposal_snooze(conn, &id, Some(now + models::proposal::LATER), now)?;
            Ok(Done { text: crate::texts::asked_tomorrow().into(), undo: None })
        })
        .await
}

/// Takes "the camera was wrong" back.
#[cfg(feature = "ssr")]
async fn reopen(id: ProposalId) -> Result<Done, AppError> {
    use models::db::proposals::proposal_reopen;
    let reopen = move |conn: &mut models::db::Conn, now| {
        let proposal = proposal_reopen(conn, &id, &crate::ctx::actor(), now)?;
        Ok(Done { text: crate::texts::question_is_open(&proposal.bin), undo: None })
    };
    crate::ctx::AppCtx::get()?.write(reopen).await
}
