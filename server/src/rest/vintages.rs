//! Vintages and their drinking windows.

use axum::extract::State;
use models::{
    db::vintages::{self, VintageFacts},
    ids::{VintageId, WineId},
    window::Window,
    wine::Vintage,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath},
    problem::Problem,
    revision::{IfMatch, Tagged},
    state::Store,
};

/// A vintage to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVintage {
    /// Year of harvest, 1700 to 2200; none = NV.
    #[serde(default)]
    #[schema(minimum = 1700, maximum = 2200)]
    year: Option<i32>,
    /// First year of the owner's window.
    #[serde(default)]
    #[schema(minimum = 1700, maximum = 2200)]
    drink_from: Option<i32>,
    /// First year of the peak.
    #[serde(default)]
    #[schema(minimum = 1700, maximum = 2200)]
    peak_from: Option<i32>,
    /// Last year of the peak.
    #[serde(default)]
    #[schema(minimum = 1700, maximum = 2200)]
    peak_to: Option<i32>,
    /// Last year of the owner's window.
    #[serde(default)]
    #[schema(minimum = 1700, maximum = 2200)]
    drink_to: Option<i32>,
}

/// A window and who gives it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcedWindow {
    /// `owner`, or the name of an imported source.
    source: String,
    /// Its years.
    #[serde(flatten)]
    window: Window,
}

/// A vintage with every window known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VintageDetail {
    /// The vintage; its window is the one that counts.
    vintage: Vintage,
    /// What a person can change.
    facts: VintageFacts,
    /// All windows, by source.
    windows: Vec<SourcedWindow>,
}

/// Enters a vintage, or finds it where it is there already. A year of the window that is given becomes the owner's.
#[utoipa::path(post, path = "/wines/{wine}/vintages", tag = "wines", operation_id = "vintage_create", params(("wine" = String, Path, description = "Id of the wine")), request_body = NewVintage, responses(
    (status = 200, body = Vintage),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<WineId>,
    ApiJson(new): ApiJson<NewVintage>,
) -> Result<Tagged<Vintage>, Problem> {
    let actor = caller.actor(None)?;
    let NewVintage { year, drink_from, peak_from, peak_to, drink_to } = new;
    let own = Window { drink_from, peak_from, peak_to, drink_to };
    let vintage =
        store.write(move |conn| vintages::vintage_ensure(conn, &id, year, own, &actor, config::now())).await?;
    Ok(Tagged(vintage.revision, vintage))
}

/// One vintage with its windows by source.
#[utoipa::path(get, path = "/vintages/{vintage}", tag = "wines", operation_id = "vintage_get", params(("vintage" = String, Path, description = "Id of the vintage")), responses(
    (status = 200, body = VintageDetail, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<VintageId>,
) -> Result<Tagged<VintageDetail>, Problem> {
    let detail = store.read(move |conn| {
        let vintage = vintages::vintage_get(conn, &id)?;
        let windows = vintages::window_list(conn, &id)?;
        let windows = windows.into_iter().map(|(source, window)| SourcedWindow { source, window }).collect();
        Ok(VintageDetail { facts: vintages::facts(conn, &vintage)?, windows, vintage })
    });
    detail.await.map(|detail| Tagged(detail.vintage.revision, detail))
}

/// Changes year, own window and value of a vintage: all of them.
#[utoipa::path(put, path = "/vintages/{vintage}", tag = "wines", operation_id = "vintage_update", params(("vintage" = String, Path, description = "Id of the vintage")), request_body = VintageFacts, responses(
    (status = 200, body = Vintage, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, description = "If-Match is missing", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<VintageId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<VintageFacts>,
) -> Result<Tagged<Vintage>, Problem> {
    let actor = caller.actor(None)?;
    let vintage =
        store.write(move |conn| vintages::vintage_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(vintage.revision, vintage))
}
