//! Bottles.

use axum::extract::State;
use chrono::Datelike;
use models::{
    bottle::{Bottle, BottleFacts, BottleStatus, BottleView},
    db::{
        Conn,
        bottles::{self, BottleFilter},
    },
    ids::{BinId, BottleId, VintageId, WineId},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{self, Page};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    revision::{IfMatch, Tagged},
    state::Store,
};

/// Which bottles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BottleQuery {
    /// Only those in this bin.
    bin: Option<String>,
    /// Only those of this wine (id).
    wine: Option<String>,
    /// `in_cellar` or `gone`; both when absent.
    #[param(inline)]
    status: Option<BottleStatus>,
    /// Only those that wait to be put into a bin.
    #[serde(default)]
    unplaced: bool,
    /// Words of producer, name, origin or the year.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Bottles, in the order they were received.
#[utoipa::path(get, path = "/bottles", tag = "bottles", operation_id = "bottle_list", params(BottleQuery), responses(
    (status = 200, body = Page<BottleView>),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<BottleQuery>,
) -> Result<ApiJson<Page<BottleView>>, Problem> {
    let limit = page::limit(query.limit)?;
    let year = config::now().year();
    let cursor = query.cursor.map(BottleId);
    let filter = BottleFilter {
        bin: query.bin.map(BinId),
        wine_id: query.wine.map(WineId),
        status: query.status,
        unplaced: query.unplaced,
        search: query.search,
    };
    let list = store.read(move |conn| bottles::bottle_list(conn, &filter, cursor.as_ref(), limit + 1, year)).await?;
    Ok(ApiJson(Page::cut(list, limit, |view| view.bottle.id.as_str())))
}

/// One bottle.
#[utoipa::path(get, path = "/bottles/{bottle}", tag = "bottles", operation_id = "bottle_get", params(("bottle" = String, Path, description = "Id of the bottle")), responses(
    (status = 200, body = BottleView, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<BottleId>,
) -> Result<Tagged<BottleView>, Problem> {
    let year = config::now().year();
    let view = store.read(move |conn| bottles::bottle_get(conn, &id, year)).await?;
    Ok(Tagged(view.bottle.revision, view))
}

/// Changes what is known of a bottle: all of it. Its place is changed by movements.
#[utoipa::path(put, path = "/bottles/{bottle}", tag = "bottles", operation_id = "bottle_update", params(("bottle" = String, Path, description = "Id of the bottle")), request_body = BottleFacts, responses(
    (status = 200, body = Bottle, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed or moved it since; the detail says who and what", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<BottleId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<BottleFacts>,
) -> Result<Tagged<Bottle>, Problem> {
    let actor = caller.actor(None)?;
    let bottle =
        store.write(move |conn| bottles::bottle_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(bottle.revision, bottle))
}

/// What a bottle is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelBody {
    /// The vintage that it is of.
    vintage_id: VintageId,
}

/// Says of which vintage a bottle is, such as one that was received as "Unknown wine".
#[utoipa::path(put, path = "/bottles/{bottle}/vintage", tag = "bottles", operation_id = "bottle_relabel", params(("bottle" = String, Path, description = "Id of the bottle")), request_body = LabelBody, responses(
    (status = 200, body = Bottle, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed or moved it since; the detail says who and what", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "There is no such vintage", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn relabel(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<BottleId>,
    IfMatch(revision): IfMatch,
    ApiJson(label): ApiJson<LabelBody>,
) -> Result<Tagged<Bottle>, Problem> {
    let actor = caller.actor(None)?;
    let relabel =
        move |conn: &mut Conn| bottles::bottle_relabel(conn, &id, &label.vintage_id, revision, &actor, config::now());
    let bottle = store.write(relabel).await?;
    Ok(Tagged(bottle.revision, bottle))
}
