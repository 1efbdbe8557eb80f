//! What the camera thinks has changed, and a person's answer.

use leptos::prelude::*;
use models::{
    Instant,
    bottle::BottleView,
    ids::{BottleId, ProposalId},
    proposal::Proposal,
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::Done;
use crate::error::AppError;

/// The buttons of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The bottles were drunk.
    Drunk,
    /// The bottles were given away.
    Gift,
    /// The bottles broke.
    Broken,
    /// The bottles lie elsewhere now: they wait to be put away.
    Moved,
    /// The bottles have come.
    Arrived,
    /// The camera is wrong.
    Wrong,
    /// The camera was not wrong after all: the question is open again.
    Reopen,
}

impl Answer {
    /// The word in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drunk => "drunk",
            Self::Gift => "gift",
            Self::Broken => "broken",
            Self::Moved => "moved",
            Self::Arrived => "arrived",
            Self::Wrong => "wrong",
            Self::Reopen => "reopen",
        }
    }
}

/// A proposal with the bottles it may be about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalCard {
    /// The proposal.
    pub proposal: Proposal,
    /// Bottles missing: those in the bin. Bottles too many: those that wait to be put away.
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
    use models::db::{bottles::*, proposals::proposal_list};
    use models::{bottle::BottleStatus::InCellar, proposal::ProposalState};
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            let year = crate::format::year_of(now);
            let mut open = Vec::new();
            for proposal in proposal_list(conn, Some(ProposalState::Open), None, 100)? {
                let missing = proposal.difference() < 0;
                let bin = missing.then(|| proposal.bin.clone());
                let filter = BottleFilter { bin, unplaced: !missing, status: Some(InCellar), ..Default::default() };
                open.push(ProposalCard { candidates: bottle_list(conn, &filter, None, 40, year)?, proposal });
            }
            let mut decided = proposal_list(conn, None, None, 60)?;
            decided.retain(|p| p.state != ProposalState::Open);
            decided.truncate(12);
            Ok(ProposalsPage { open, decided, now })
        })
        .await
}

/// Answers a proposal; `bottles` are those a person picked, none = the default.
#[server]
pub async fn answer_proposal(
    proposal: ProposalId,
    answer: Answer,
    #[server(default)] bottles: Vec<BottleId>,
) -> Result<Done, AppError> {
    use models::{db::proposals::proposal_approve, movement::IssueReason, proposal::Approval};
    let reason = match answer {
        Answer::Drunk => Some(IssueReason::Drunk),
        Answer::Gift => Some(IssueReason::Gift),
        Answer::Broken => Some(IssueReason::Broken),
        Answer::Arrived | Answer::Moved => None,
        Answer::Wrong => return reject(proposal).await,
        Answer::Reopen => return reopen(proposal).await,
    };
    let moved = answer == Answer::Moved;
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let approval = Approval { reason, moved, bottles, vintage_id: None };
            let movements = proposal_approve(conn, &proposal, &approval, &crate::ctx::actor(), now)?;
            done(conn, &movements, now)
        })
        .await
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

/// Tells what was written at one go, and is undone so.
#[cfg(feature = "ssr")]
fn done(
    conn: &mut models::db::Conn,
    movements: &[models::movement::Movement],
    now: Instant,
) -> Result<Done, models::db::DbError> {
    let undo = movements.first().map(|first| super::movements::Undo::Movement(first.id.clone()));
    let [only] = movements else {
        return Ok(Done { text: crate::texts::bottles_booked(super::count(movements.len()).into()), undo });
    };
    let title = models::db::bottles::bottle_get(conn, &only.bottle_id, crate::format::year_of(now))?.title();
    let text = crate::texts::what_of(&title, &crate::format::movement_words(only));
    Ok(Done { text, undo })
}
