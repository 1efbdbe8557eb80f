//! Racks, and the bins in them.

use axum::{extract::State, http::StatusCode};
use models::{
    bin::{Bin, Point, Rack, RackFacts},
    db::racks,
    ids::{BinId, RackId},
    rack_plan::{self, Room},
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

/// A rack to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRack {
    /// The rack.
    rack: RackFacts,
    /// Bottles that lie side by side in one bin, 1 to 200; the rack's depth multiplies it. When it is left out, no bins
    /// are made.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    capacity: Option<i32>,
    /// Diameter of a bottle in millimetres, 20 to 200, in place of `capacity`: as many as fit into each bin. The rack's
    /// `width_mm` must be known.
    #[serde(default)]
    #[schema(minimum = 20, maximum = 200, example = 76.0)]
    bottle_mm: Option<f64>,
    /// What stands before the names of the bins, up to 16 characters: names are unique in the whole cellar.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9_-]{0,16}$", example = "N-")]
    prefix: String,
    /// Bins that are there but cannot be used, without the prefix.
    #[serde(default)]
    #[schema(max_items = 200)]
    dead: Vec<BinId>,
}

/// A rack with its bins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RackDetail {
    /// The rack.
    rack: Rack,
    /// Its bins, by name.
    bins: Vec<Bin>,
}

/// What can be changed of a bin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BinFacts {
    /// Outline in pixels of the rectified picture, 3 to 64 corners.
    #[schema(value_type = Vec<[f64; 2]>, min_items = 3, max_items = 64)]
    polygon: Vec<Point>,
    /// How many bottles fit, 1 to 200.
    #[schema(minimum = 1, maximum = 200)]
    capacity: i32,
    /// Whether it is used.
    enabled: bool,
}

/// A bin to be drawn into a rack.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBin {
    /// Name, unique in the cellar.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,32}$", example = "03_03")]
    id: BinId,
    /// Outline in pixels of the rectified picture, 3 to 64 corners.
    #[schema(value_type = Vec<[f64; 2]>, min_items = 3, max_items = 64)]
    polygon: Vec<Point>,
    /// How many bottles fit, 1 to 200.
    #[schema(minimum = 1, maximum = 200)]
    capacity: i32,
}

/// Racks that stand.
#[utoipa::path(get, path = "/racks", tag = "racks", operation_id = "rack_list", responses((status = 200, body = Vec<Rack>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<Rack>>, Problem> {
    store.read(racks::rack_list).await.map(ApiJson)
}

/// Enters a rack; with `capacity` or `bottle_mm` also its bins, named `row_column` from the top left.
#[utoipa::path(post, path = "/racks", tag = "racks", operation_id = "rack_create", request_body = NewRack, responses(
    (status = 201, body = RackDetail),
    (status = 409, description = "A bin of that name is there already", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiJson(new): ApiJson<NewRack>,
) -> Result<(StatusCode, Tagged<RackDetail>), Problem> {
    let actor = caller.actor(None)?;
    if new.capacity.is_some() && new.bottle_mm.is_some() {
        return Err(Problem::field("bottle_mm", "stands in place of `capacity`: give one of them"));
    }
    let detail = store.write(move |conn| {
        let rack = racks::rack_insert(conn, &new.rack, &actor, config::now())?;
        let room = new.capacity.map(Room::Bottles).or(new.bottle_mm.map(Room::Diameter));
        let planned = match room {
            Some(room) => {
                rack_plan::with_prefix(rack_plan::bins(&rack.id, &rack.facts, room, &new.dead)?, &new.prefix)?
            }
            None => Vec::new(),
        };
        let bins = planned
            .iter()
            .map(|bin| racks::bin_insert(conn, bin, &actor, config::now()))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(RackDetail { rack, bins })
    });
    let detail = detail.await?;
    Ok((StatusCode::CREATED, Tagged(detail.rack.revision, detail)))
}

/// One rack with its bins.
#[utoipa::path(get, path = "/racks/{rack}", tag = "racks", operation_id = "rack_get", params(("rack" = String, Path, description = "Id of the rack")), responses(
    (status = 200, body = RackDetail, headers(("ETag" = String, description = "The revision, for If-Match"))),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<RackId>,
) -> Result<Tagged<RackDetail>, Problem> {
    let detail = store.read(move |conn| {
        let rack = racks::rack_get(conn, &id)?;
        let bins = racks::bins_of(conn, &id)?;
        Ok(RackDetail { rack, bins })
    });
    detail.await.map(|detail| Tagged(detail.rack.revision, detail))
}

/// Changes a rack: all of it but its bins.
#[utoipa::path(put, path = "/racks/{rack}", tag = "racks", operation_id = "rack_update", params(("rack" = String, Path, description = "Id of the rack")), request_body = RackFacts, responses(
    (status = 200, body = Rack, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<RackId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<RackFacts>,
) -> Result<Tagged<Rack>, Problem> {
    let actor = caller.actor(None)?;
    let rack = store.write(move |conn| racks::rack_update(conn, &id, &facts, revision, &actor, config::now())).await?;
    Ok(Tagged(rack.revision, rack))
}

/// Takes a rack down; refused while bottles lie in it. The journal of edits can bring it back.
#[utoipa::path(delete, path = "/racks/{rack}", tag = "racks", operation_id = "rack_archive", params(("rack" = String, Path, description = "Id of the rack")), responses(
    (status = 204, description = "Done"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Bottles lie in it", body = Problem, content_type = "application/problem+json"),
    (status = 412, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn archive(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<RackId>,
    IfMatch(revision): IfMatch,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor(None)?;
    store.write(move |conn| racks::rack_archive(conn, &id, revision, &actor, config::now())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draws a bin into a rack.
#[utoipa::path(post, path = "/racks/{rack}/bins", tag = "racks", operation_id = "bin_create", params(("rack" = String, Path, description = "Id of the rack")), request_body = NewBin, responses(
    (status = 201, body = Bin),
    (status = 409, description = "A bin of that name is there already", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create_bin(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(rack): ApiPath<RackId>,
    ApiJson(new): ApiJson<NewBin>,
) -> Result<(StatusCode, Tagged<Bin>), Problem> {
    let actor = caller.actor(None)?;
    let NewBin { id, polygon, capacity } = new;
    let bin = Bin { id, rack_id: rack, polygon, capacity, enabled: true, revision: 0 };
    let bin = store.write(move |conn| racks::bin_insert(conn, &bin, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, Tagged(bin.revision, bin)))
}

/// Changes outline, capacity and use of a bin.
#[utoipa::path(put, path = "/bins/{bin}", tag = "racks", operation_id = "bin_update", params(("bin" = String, Path, description = "Name, such as 03_03")), request_body = BinFacts, responses(
    (status = 200, body = Bin, headers(("ETag" = String, description = "The new revision"))),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has changed it since; the detail says who and what", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn update_bin(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<BinId>,
    IfMatch(revision): IfMatch,
    ApiJson(facts): ApiJson<BinFacts>,
) -> Result<Tagged<Bin>, Problem> {
    let actor = caller.actor(None)?;
    let BinFacts { polygon, capacity, enabled } = facts;
    let bin = store.write(move |conn| {
        let rack_id = racks::bin_get(conn, &id)?.rack_id;
        let bin = Bin { id: id.clone(), rack_id, polygon: polygon.clone(), capacity, enabled, revision };
        racks::bin_update(conn, &bin, revision, &actor, config::now())
    });
    let bin = bin.await?;
    Ok(Tagged(bin.revision, bin))
}
