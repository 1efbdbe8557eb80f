//! Pick to light: the API lights a bin.

use axum::{extract::State, http::StatusCode};
use models::{
    db::racks,
    ids::{BinId, RackId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    extract::{ApiJson, ApiPath},
    pick::Lights,
    problem::Problem,
    state::Store,
};

/// The bin is being lit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lit {
    /// For how many seconds.
    seconds: u64,
}

/// Lights a bin, and no other, for a while. Nobody waits for the lamp: the answer says that it was told.
#[utoipa::path(post, path = "/racks/{rack}/bins/{bin}/light", tag = "racks", operation_id = "bin_light", params(("rack" = String, Path, description = "Id of the rack"), ("bin" = String, Path, description = "Name, such as 03_03")), responses(
    (status = 202, description = "The lamp was told", body = Lit, example = json!({"seconds": 30})),
    (status = 404, description = "There is no such bin, or it has no lamp", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn light(
    State(store): State<Store>,
    State(lights): State<Lights>,
    ApiPath((rack, bin)): ApiPath<(RackId, BinId)>,
) -> Result<(StatusCode, ApiJson<Lit>), Problem> {
    let wanted = bin.clone();
    let name = store
        .read(move |conn| {
            let rack = racks::rack_get(conn, &rack)?;
            let found = racks::bin_get(conn, &wanted)?;
            Ok((found.rack_id == rack.id).then_some(rack.facts.name))
        })
        .await?;
    let name = name.ok_or_else(|| Problem::not_found(format!("bin {bin} is not in this rack")))?;
    let seconds = lights.seconds().filter(|_| lights.has(&name));
    let no_lamps =
        || Problem::not_found(format!("the rack `{name}` has no lamps: see WINECELLAR_LIGHTS in docs/INTEGRATIONS.md"));
    let seconds = seconds.ok_or_else(no_lamps)?;
    lights.show(vec![bin]);
    Ok((StatusCode::ACCEPTED, ApiJson(Lit { seconds })))
}
