//! Proposals and their answers.

use axum::extract::State;
use chrono::TimeDelta;
use models::{
    Instant,
    db::proposals,
    ids::ProposalId,
    movement::Movement,
    proposal::{Approval, Proposal, ProposalState},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{self, Page};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::Store,
};

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalQuery {
    /// Only those in this state; all when absent.
    #[param(inline)]
    state: Option<ProposalState>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A yes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct ApproveBody {
    /// What has happened.
    #[serde(flatten)]
    approval: Approval,
    /// Who says so; `api` when absent.
    user: Option<String>,
}

/// A no.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectBody {
    /// Why, up to 500 characters.
    note: Option<String>,
    /// Who says so; `api` when absent.
    user: Option<String>,
}

/// Later.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnoozeBody {
    /// When to ask again, within the coming year. When absent it is asked again at once.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "models::instant::optional", default)]
    until: Option<Instant>,
    /// In so many hours, 1 to 8760, in place of `until`.
    #[schema(minimum = 1, maximum = 8760)]
    hours: Option<i64>,
}

/// One yes of several.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct ApproveOne {
    /// Which proposal.
    id: ProposalId,
    /// What has happened.
    #[serde(flatten)]
    approval: Approval,
}

/// Several times yes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveAllBody {
    /// The proposals, 1 to 100, each with what has happened.
    proposals: Vec<ApproveOne>,
    /// Who says so; `api` when absent.
    user: Option<String>,
}

/// Proposals, newest first.
#[utoipa::path(get, path = "/proposals", tag = "proposals", operation_id = "proposal_list", params(ProposalQuery), responses(
    (status = 200, body = Page<Proposal>),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<ProposalQuery>,
) -> Result<ApiJson<Page<Proposal>>, Problem> {
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.map(ProposalId);
    let list = store.read(move |conn| proposals::proposal_list(conn, query.state, cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |proposal| proposal.id.as_str())))
}

/// One proposal.
#[utoipa::path(get, path = "/proposals/{proposal}", tag = "proposals", operation_id = "proposal_get", params(("proposal" = String, Path, description = "Id of the proposal")), responses(
    (status = 200, body = Proposal),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<ProposalId>,
) -> Result<ApiJson<Proposal>, Problem> {
    store.read(move |conn| proposals::proposal_get(conn, &id)).await.map(ApiJson)
}

/// Says yes: the movements are written in one transaction and returned.
#[utoipa::path(post, path = "/proposals/{proposal}/approve", tag = "proposals", operation_id = "proposal_approve", params(("proposal" = String, Path, description = "Id of the proposal")), request_body(content = ApproveBody, example = json!({"reason": "drunk", "user": "Anna"})), responses(
    (status = 200, body = Vec<Movement>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Already decided, or the book has changed", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn approve(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<ProposalId>,
    ApiJson(body): ApiJson<ApproveBody>,
) -> Result<ApiJson<Vec<Movement>>, Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    store
        .write(move |conn| proposals::proposal_approve(conn, &id, &body.approval, &actor, config::now()))
        .await
        .map(ApiJson)
}

/// Takes a no back: the proposal waits again. A yes is taken back by undoing its movements.
#[utoipa::path(post, path = "/proposals/{proposal}/reopen", tag = "proposals", operation_id = "proposal_reopen", params(("proposal" = String, Path, description = "Id of the proposal")), responses(
    (status = 200, body = Proposal),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It was not rejected, or a bottle of the bin has moved since", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn reopen(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<ProposalId>,
) -> Result<ApiJson<Proposal>, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| proposals::proposal_reopen(conn, &id, &actor, config::now())).await.map(ApiJson)
}

/// Says no: the camera was wrong; the book stays.
#[utoipa::path(post, path = "/proposals/{proposal}/reject", tag = "proposals", operation_id = "proposal_reject", params(("proposal" = String, Path, description = "Id of the proposal")), request_body = RejectBody, responses(
    (status = 200, body = Proposal),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn reject(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<ProposalId>,
    ApiJson(body): ApiJson<RejectBody>,
) -> Result<ApiJson<Proposal>, Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    if let Some(note) = &body.note {
        models::wine::text("note", note, 0, 500)?;
    }
    store
        .write(move |conn| proposals::proposal_reject(conn, &id, body.note.as_deref(), &actor, config::now()))
        .await
        .map(ApiJson)
}

/// Says yes to several, all or none: the movements are written in one transaction, returned, and undone at one go.
#[utoipa::path(post, path = "/proposals/approve", tag = "proposals", operation_id = "proposal_approve_all", request_body = ApproveAllBody, responses(
    (status = 200, body = Vec<Movement>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "One is decided already, or the book has changed", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn approve_all(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(body): ApiJson<ApproveAllBody>,
) -> Result<ApiJson<Vec<Movement>>, Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    let answers: Vec<_> = body.proposals.into_iter().map(|one| (one.id, one.approval)).collect();
    store.write(move |conn| proposals::proposal_approve_all(conn, &answers, &actor, config::now())).await.map(ApiJson)
}

/// Says that what happened in the two bins of a move or an exchange is not one thing: of a move each bin is asked about
/// apart, by the proposals returned.
#[utoipa::path(post, path = "/proposals/{proposal}/part", tag = "proposals", operation_id = "proposal_part", params(("proposal" = String, Path, description = "Id of the proposal")), responses(
    (status = 200, body = Vec<Proposal>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It is about one bin, or decided already", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn part(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<ProposalId>,
) -> Result<ApiJson<Vec<Proposal>>, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| proposals::proposal_part(conn, &id, &actor, config::now())).await.map(ApiJson)
}

/// Puts the question off, or asks it again.
#[utoipa::path(post, path = "/proposals/{proposal}/snooze", tag = "proposals", operation_id = "proposal_snooze", params(("proposal" = String, Path, description = "Id of the proposal")), request_body = SnoozeBody, responses(
    (status = 200, body = Proposal),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn snooze(
    State(store): State<Store>,
    ApiPath(id): ApiPath<ProposalId>,
    ApiJson(body): ApiJson<SnoozeBody>,
) -> Result<ApiJson<Proposal>, Problem> {
    let now = config::now();
    let until = match (body.until, body.hours) {
        (Some(_), Some(_)) => return Err(Problem::field("hours", "say either when or in how many hours")),
        (None, Some(hours)) if !(1..=8760).contains(&hours) => {
            return Err(Problem::field("hours", format!("is {hours}; 1 to 8760 are allowed")));
        }
        (until, hours) => until.or(hours.map(|hours| now + TimeDelta::hours(hours))),
    };
    store.write(move |conn| proposals::proposal_snooze(conn, &id, until, now)).await.map(ApiJson)
}
