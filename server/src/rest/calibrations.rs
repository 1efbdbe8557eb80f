//! Versions of calibrations: putting one into force, looking at them, going back, and the camera that has moved.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use models::{
    bin::{Rack, RackFacts},
    calibration::{About, Calibration, Origin, PlacedBin},
    db::{calibrations, layouts::Wanted, racks},
    error::RuleError,
    ids::{BinId, CalibrationId, RackId},
};
use plan::{
    cells::write_cells,
    layout::{Layout, LayoutError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::export;
use crate::{
    access::Caller,
    calibrate::{self, MOST_BINS, Pictures, ShiftNow, must_calibrate, with_picture},
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::{AppState, Store},
    worker::{camera, layout},
};

/// Versions that are listed.
const LISTED: i64 = 50;

/// A calibration to be put into force.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCalibration {
    /// The rack; none enters a new one.
    #[serde(default)]
    rack: Option<RackId>,
    /// The rack as it is to be: corners, lens, sizes, kind.
    facts: RackFacts,
    /// All its bins. One that is not among them goes out of use; one that holds bottles refuses.
    #[schema(max_items = 500)]
    bins: Vec<PlacedBin>,
    /// The camera; empty: the one of the settings.
    #[serde(default)]
    #[schema(max_length = 500)]
    camera: String,
    /// Id of the picture it was drawn on.
    #[serde(default)]
    picture: Option<String>,
    /// How many bottles it shows, by bin: as a person counted, or left as the program had.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, i32>)]
    counts: BTreeMap<BinId, i32>,
    /// Those of the counts that a person gave: the camera learns from them.
    #[serde(default)]
    #[schema(max_items = 500)]
    corrected: Vec<BinId>,
    /// What is to be remembered of it.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Calibrated {
    /// The new version.
    calibration: Calibration,
    /// Bins that are new.
    added: Vec<BinId>,
    /// Bins with another outline or capacity, in use again or no longer.
    changed: Vec<BinId>,
    /// Bins that are not in it and so out of use.
    disabled: Vec<BinId>,
}

/// Puts a calibration into force and keeps it as a version.
#[utoipa::path(post, path = "/calibrations", tag = "calibration", operation_id = "calibration_create", request_body = NewCalibration, responses(
    (status = 201, body = Calibrated)
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(new): ApiJson<NewCalibration>,
) -> Result<(StatusCode, ApiJson<Calibrated>), Problem> {
    must_calibrate(&caller, &state.store).await?;
    let actor = caller.actor(None)?;
    check(&new)?;
    let pictures = Pictures::of(&state.data);
    let asked = new.picture.clone();
    let image = with_picture(move || asked.map(|id| pictures.draft(&id)).transpose()).await?;
    let about = About {
        camera: new.camera.trim().to_owned(),
        has_picture: image.is_some(),
        counts: new.counts.clone(),
        corrected: new.corrected.clone(),
        note: new.note.clone(),
    };
    let (drawn, version) = state
        .store
        .write(move |conn| {
            let wanted = match &new.rack {
                Some(rack) => Wanted::Known(rack.clone(), Some(new.facts.clone())),
                None => Wanted::New(new.facts.clone()),
            };
            calibrations::calibration_save(conn, &wanted, &new.bins, &about, Origin::Drawn, &actor, config::now())
        })
        .await?;
    if let Some(image) = image {
        let (data, db, rack, id) =
            (state.data.clone(), state.store.0.clone(), drawn.rack.id.clone(), version.id.clone());
        tokio::task::spawn_blocking(move || calibrate::keep_picture(&db, &data, &rack, &id, &image)).await?;
    }
    let (added, changed, disabled) = (drawn.added, drawn.changed, drawn.disabled);
    Ok((StatusCode::CREATED, ApiJson(Calibrated { calibration: version, added, changed, disabled })))
}

/// What can be said without the book: the geometry, and the camera.
fn check(new: &NewCalibration) -> Result<(), Problem> {
    if !new.camera.trim().is_empty() {
        camera::check(new.camera.trim()).map_err(|why| Problem::field("camera", why))?;
    }
    if !(1..=MOST_BINS).contains(&new.bins.len()) {
        return Err(Problem::field("bins", format!("are {}; a rack has 1 to {MOST_BINS} bins", new.bins.len())));
    }
    new.facts.check().map_err(|rule| rule.within("facts"))?;
    layout_of(&new.facts, &new.bins)?.validate().map_err(|error| match error {
        LayoutError::Field { field, problem } => RuleError::field(among_all(&field, &new.bins), problem),
        other => RuleError::from(other),
    })?;
    Ok(())
}

fn layout_of(facts: &RackFacts, bins: &[PlacedBin]) -> Result<Layout, Problem> {
    layout::from_facts(facts, bins).map_err(|error| Problem::field("facts", format!("{error:#}")))
}

/// The name of a value among all bins, of which only those in use are checked.
fn among_all(field: &str, bins: &[PlacedBin]) -> String {
    let found = field.strip_prefix("bins[").and_then(|rest| rest.split_once(']')).and_then(|(place, rest)| {
        let mut used = bins.iter().enumerate().filter(|(_, bin)| bin.enabled);
        Some(format!("bins[{}]{rest}", used.nth(place.parse().ok()?)?.0))
    });
    found.unwrap_or_else(|| field.to_owned())
}

/// The versions of a rack, newest first, up to 50.
#[utoipa::path(get, path = "/racks/{rack}/calibrations", tag = "calibration", operation_id = "calibration_list", params(("rack" = String, Path, description = "Id of the rack")), responses(
    (status = 200, body = Vec<Calibration>),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiPath(rack): ApiPath<RackId>,
) -> Result<ApiJson<Vec<Calibration>>, Problem> {
    let list = store.read(move |conn| {
        racks::rack_get(conn, &rack)?;
        calibrations::calibration_list(conn, &rack, LISTED)
    });
    list.await.map(ApiJson)
}

/// One version.
#[utoipa::path(get, path = "/calibrations/{calibration}", tag = "calibration", operation_id = "calibration_get", params(("calibration" = String, Path, description = "Id of the version")), responses(
    (status = 200, body = Calibration),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(id): ApiPath<CalibrationId>,
) -> Result<ApiJson<Calibration>, Problem> {
    store.read(move |conn| calibrations::calibration_get(conn, &id)).await.map(ApiJson)
}

/// Goes back to a version: rack and bins are again as it has them, as a new version. Refused while a bin that it does not have
/// holds bottles.
#[utoipa::path(post, path = "/calibrations/{calibration}/restore", tag = "calibration", operation_id = "calibration_restore", params(("calibration" = String, Path, description = "Id of the version")), responses(
    (status = 200, body = Calibrated),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn restore(
    State(state): State<AppState>,
    caller: Caller,
    ApiPath(id): ApiPath<CalibrationId>,
) -> Result<ApiJson<Calibrated>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let actor = caller.actor(None)?;
    let (drawn, calibration) = calibrate::restore(&state, id, actor).await?;
    let (added, changed, disabled) = (drawn.added, drawn.changed, drawn.disabled);
    Ok(ApiJson(Calibrated { calibration, added, changed, disabled }))
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LayoutQuery {
    /// `true`: only the bins, as the `cells_polygons.json` of the system before.
    cells: Option<bool>,
}

/// A version as a file: a layout for `winecellar layout import`, or a `cells_polygons.json`.
#[utoipa::path(get, path = "/calibrations/{calibration}/layout", tag = "calibration", operation_id = "calibration_layout", params(("calibration" = String, Path, description = "Id of the version"), LayoutQuery), responses(
    (status = 200, body = Object),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn file(
    State(store): State<Store>,
    ApiPath(id): ApiPath<CalibrationId>,
    ApiQuery(query): ApiQuery<LayoutQuery>,
) -> Result<Response, Problem> {
    let version = store.read(move |conn| calibrations::calibration_get(conn, &id)).await?;
    let layout = layout_of(&version.facts, &version.bins)?;
    let (name, text) = match query.cells {
        Some(true) => ("cells_polygons.json", write_cells(&layout.bins)),
        _ => ("layout.json", layout.to_json()),
    };
    Ok(export::file("application/json", name, text.into_bytes()))
}

async fn rack_of(store: &Store, id: RackId) -> Result<Rack, Problem> {
    store.read(move |conn| racks::rack_get(conn, &id)).await
}

/// Whether the camera has moved, by the newest scan's picture, and the corners that would be right now.
#[utoipa::path(get, path = "/racks/{rack}/shift", tag = "calibration", operation_id = "shift_get", params(("rack" = String, Path, description = "Id of the rack")), responses(
    (status = 200, body = ShiftNow),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn shift(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<RackId>,
) -> Result<ApiJson<ShiftNow>, Problem> {
    let rack = rack_of(&state.store, id).await?;
    let (db, data) = (state.store.0.clone(), state.data.clone());
    with_picture(move || calibrate::look(&db, &data, &rack)).await.map(ApiJson)
}

/// Which scan's pictures were looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptShift {
    /// The scan.
    scan: String,
}

/// Takes the corrected corners over as a new version.
#[utoipa::path(post, path = "/racks/{rack}/shift", tag = "calibration", operation_id = "shift_accept", params(("rack" = String, Path, description = "Id of the rack")), request_body = AcceptShift, responses(
    (status = 200, body = Calibration),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn accept_shift(
    State(state): State<AppState>,
    caller: Caller,
    ApiPath(id): ApiPath<RackId>,
    ApiJson(asked): ApiJson<AcceptShift>,
) -> Result<ApiJson<Calibration>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let actor = caller.actor(None)?;
    let rack = rack_of(&state.store, id).await?;
    let (db, data) = (state.store.0.clone(), state.data.clone());
    with_picture(move || calibrate::accept(&db, &data, &rack, &asked.scan, &actor, config::now())).await.map(ApiJson)
}
