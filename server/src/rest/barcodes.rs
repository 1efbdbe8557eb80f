//! Barcodes and the owner's wines that they stood on.

use axum::{extract::State, http::StatusCode};
use models::{
    barcode::Barcode,
    bottle::BottleFacts,
    db::barcodes::{self, KnownBarcode},
    ids::{VintageId, WineId},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::Store,
};

/// Most that are listed.
const MOST: i64 = 1000;

/// Which barcodes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Id of a wine.
    wine: Option<WineId>,
}

/// What a barcode stands on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBarcode {
    /// The vintage.
    vintage_id: VintageId,
    /// Content of the bottle in millilitres, 187 to 30000; 750 when absent.
    #[schema(minimum = 187, maximum = 30_000, example = 750)]
    volume_ml: Option<i32>,
}

/// Of which vintage to forget it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Forget {
    /// Id of the vintage; without one the code is forgotten altogether.
    vintage: Option<VintageId>,
}

/// The barcodes that are known, at most 1000, the newest received first; of one wine, or of all.
#[utoipa::path(get, path = "/barcodes", tag = "wines", operation_id = "barcode_list", params(Which), responses((status = 200, body = Vec<KnownBarcode>)))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<ApiJson<Vec<KnownBarcode>>, Problem> {
    store.read(move |conn| barcodes::barcode_list(conn, None, which.wine.as_ref(), MOST)).await.map(ApiJson)
}

/// What a barcode (EAN-13, EAN-8, UPC-A) stood on, the vintage received last first. Nothing where nobody knows it.
#[utoipa::path(get, path = "/barcodes/{code}", tag = "wines", operation_id = "barcode_get", params(("code" = String, Path, description = "The 8, 12 or 13 digits")), responses(
    (status = 200, body = Vec<KnownBarcode>),
    (status = 422, description = "It is no barcode, or its check digit is wrong", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(
    State(store): State<Store>,
    ApiPath(code): ApiPath<String>,
) -> Result<ApiJson<Vec<KnownBarcode>>, Problem> {
    let code: Barcode = code.parse()?;
    store.read(move |conn| barcodes::barcode_list(conn, Some(&code), None, MOST)).await.map(ApiJson)
}

/// Remembers that a vintage bears the barcode; it is named first from now on. The flow of `/label` does so by itself when a bottle is received.
#[utoipa::path(put, path = "/barcodes/{code}", tag = "wines", operation_id = "barcode_learn", params(("code" = String, Path, description = "The 8, 12 or 13 digits")), request_body = NewBarcode, responses(
    (status = 204, description = "Remembered"),
    (status = 404, description = "There is no such vintage", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn learn(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(code): ApiPath<String>,
    ApiJson(new): ApiJson<NewBarcode>,
) -> Result<StatusCode, Problem> {
    let code: Barcode = code.parse()?;
    let facts = BottleFacts { volume_ml: new.volume_ml.unwrap_or(750), ..BottleFacts::default() };
    facts.check()?;
    let actor = caller.actor(None)?;
    store
        .write(move |conn| {
            barcodes::barcode_learn(conn, &code, &new.vintage_id, facts.volume_ml, &actor, config::now())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a barcode, of one vintage or altogether.
#[utoipa::path(delete, path = "/barcodes/{code}", tag = "wines", operation_id = "barcode_forget", params(("code" = String, Path, description = "The 8, 12 or 13 digits"), Forget), responses(
    (status = 204, description = "Forgotten"),
    (status = 404, description = "Nobody knows it", body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn forget(
    State(store): State<Store>,
    ApiPath(code): ApiPath<String>,
    ApiQuery(of): ApiQuery<Forget>,
) -> Result<StatusCode, Problem> {
    let code: Barcode = code.parse()?;
    store.write(move |conn| barcodes::barcode_forget(conn, &code, of.vintage.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}
