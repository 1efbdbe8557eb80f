//! Movements: the journal, and the only way to change stock.

use app::ctx::LabelPhotos;
use axum::{extract::State, http::StatusCode};
use models::{
    bottle::BottleFacts,
    db::{
        Conn, case,
        movements::{self, MovementFilter},
    },
    ids::{BinId, BottleId, MovementId, VintageId, WineId},
    movement::{Movement, MovementRequest},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{self, Page};
use crate::{
    access::Caller,
    config::{self, DataDir},
    extract::{ApiJson, ApiPath, ApiQuery},
    labels::Photos,
    problem::Problem,
    state::Store,
};

/// Which movements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MovementQuery {
    /// Only of this bottle (id).
    bottle: Option<String>,
    /// Only out of or into this bin.
    bin: Option<String>,
    /// Only of bottles of this wine (id).
    wine: Option<String>,
    /// Only those made by this person.
    actor: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A movement to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct MovementBody {
    /// What is to be done.
    #[serde(flatten)]
    request: MovementRequest,
    /// Who does it; `api` when absent.
    user: Option<String>,
    /// The bottle's revision that was seen: when it has moved since, nothing is done.
    #[serde(default)]
    revision: Option<i32>,
}

/// Who answers or undoes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct By {
    /// Name for the history; `api` when absent.
    pub(super) user: Option<String>,
}

/// The journal, newest first.
#[utoipa::path(get, path = "/movements", tag = "movements", operation_id = "movement_list", params(MovementQuery), responses(
    (status = 200, body = Page<Movement>),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<MovementQuery>,
) -> Result<ApiJson<Page<Movement>>, Problem> {
    let limit = page::limit(query.limit)?;
    let cursor = query.cursor.map(MovementId);
    let filter = MovementFilter {
        bottle: query.bottle.map(BottleId),
        bin: query.bin.map(BinId),
        wine: query.wine.map(WineId),
        actor: query.actor,
        batch: None,
    };
    let list = store.read(move |conn| movements::movement_list(conn, &filter, cursor.as_ref(), limit + 1)).await?;
    Ok(ApiJson(Page::cut(list, limit, |movement| movement.id.as_str())))
}

/// Receives, issues or moves a bottle.
#[utoipa::path(post, path = "/movements", tag = "movements", operation_id = "movement_create", request_body(content = MovementBody, example = json!({"kind": "issue", "bottle_id": "0197…", "reason": "drunk", "user": "Anna"})), responses(
    (status = 201, body = Movement),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The bin is full, or the bottle is not here", body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "The bottle has moved since the revision that was seen", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(body): ApiJson<MovementBody>,
) -> Result<(StatusCode, ApiJson<Movement>), Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    let movement = store
        .write(move |conn| movements::movement_apply_seen(conn, &body.request, body.revision, &actor, config::now()))
        .await?;
    Ok((StatusCode::CREATED, ApiJson(movement)))
}

/// Movements to be made at one go.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchBody {
    /// What is to be done, in this order: 1 to 200.
    #[schema(min_items = 1, max_items = 200)]
    movements: Vec<MovementRequest>,
    /// Who does it; the caller when absent.
    #[serde(default)]
    user: Option<String>,
}

/// Makes several movements at one go, such as a case received: all or none. They are undone at one go too.
#[utoipa::path(post, path = "/movements/batch", tag = "movements", operation_id = "movement_create_all", request_body = BatchBody, responses(
    (status = 201, body = Vec<Movement>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "A bin is full, or a bottle is not here; nothing was done", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create_all(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(body): ApiJson<BatchBody>,
) -> Result<(StatusCode, ApiJson<Vec<Movement>>), Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    let movements =
        store.write(move |conn| movements::movement_apply_all(conn, &body.movements, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, ApiJson(movements)))
}

/// A case that comes in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseBody {
    /// What comes in.
    vintage_id: VintageId,
    /// How many bottles, 1 to 200.
    #[schema(minimum = 1, maximum = 200, example = 12)]
    bottles: usize,
    /// The bin to begin with; when it is full the next ones of its rack that have room follow, in the order of their
    /// names. What does not fit, and everything without it, waits to be put away.
    #[serde(default)]
    from_bin: Option<BinId>,
    /// What is known of each bottle.
    #[serde(default)]
    facts: BottleFacts,
    /// Who does it; the caller when absent.
    #[serde(default)]
    user: Option<String>,
}

/// Receives a case and lays it away, at one go; it is undone at one go too.
#[utoipa::path(post, path = "/movements/case", tag = "movements", operation_id = "movement_create_case", request_body(content = CaseBody, example = json!({"vintage_id": "0197…", "bottles": 12, "from_bin": "03_01", "facts": {"price_minor": 2450, "currency": "EUR"}})), responses(
    (status = 201, body = Vec<Movement>),
    (status = 422, description = "A field is wrong, or there is no such vintage or bin", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create_case(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(body): ApiJson<CaseBody>,
) -> Result<(StatusCode, ApiJson<Vec<Movement>>), Problem> {
    let actor = caller.actor(body.user.as_deref())?;
    let receive = move |conn: &mut Conn| {
        let CaseBody { vintage_id, bottles, from_bin, facts, .. } = &body;
        case::case_receive(conn, vintage_id, *bottles, from_bin.as_ref(), facts, &actor, config::now())
    };
    Ok((StatusCode::CREATED, ApiJson(store.write(receive).await?)))
}

/// Undoes a movement by a correction that restores place and status exactly. A photo of a label that came with a receipt waits
/// for its bottle again.
#[utoipa::path(post, path = "/movements/{movement}/undo", tag = "movements", operation_id = "movement_undo", params(("movement" = String, Path, description = "Id of the movement")), request_body = By, responses(
    (status = 201, body = Movement),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Already undone, or the bottle has moved since", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn undo(
    State(store): State<Store>,
    State(data): State<DataDir>,
    caller: Caller,
    ApiPath(id): ApiPath<MovementId>,
    ApiJson(by): ApiJson<By>,
) -> Result<(StatusCode, ApiJson<Movement>), Problem> {
    let actor = caller.actor(by.user.as_deref())?;
    let undo = move |conn: &mut Conn| {
        let receipt = movements::movement_receipt(conn, &id)?;
        Ok((movements::movement_undo(conn, &id, &actor, config::now())?, receipt))
    };
    let (movement, receipt) = store.write(undo).await?;
    if let Some((vintage, at)) = receipt {
        tokio::task::spawn_blocking(move || Photos::of(&data).give_back(&vintage, at)).await?;
    }
    Ok((StatusCode::CREATED, ApiJson(movement)))
}
