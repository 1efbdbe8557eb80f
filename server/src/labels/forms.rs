//! What the pages of labels and codes send without a script, and where a scanned code leads.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use models::{
    barcode::Barcode,
    db::{
        Conn, DbError,
        barcodes::{barcode_forget, barcode_wines},
        bottles::bottle_get,
        racks::bin_list,
        vintages::vintage_get,
        wines::wine_get,
    },
    ids::VintageId,
    scanned::Scanned,
};
use serde::Deserialize;

use super::{Photos, lists, photos};
use crate::{
    access::{Caller, forms::Fields},
    config,
    extract::ApiQuery,
    problem::Problem,
    state::AppState,
};

/// The routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/code", get(follow))
        .route("/code/forget", post(forget))
        .route("/label/photo/remove", post(remove_photo))
        .merge(lists::routes())
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    c: String,
}

/// Leads to the bin, the bottle or the wine that a code means; else to the page that tells what is known of it.
async fn follow(
    State(state): State<AppState>,
    _: Caller,
    ApiQuery(asked): ApiQuery<Code>,
) -> Result<Response, Problem> {
    let place = match Scanned::read(&asked.c) {
        Some(scanned) => state.store.read(move |conn| place(conn, &scanned)).await?,
        None => None,
    };
    let text: String = asked.c.chars().take(500).collect();
    let place = place.unwrap_or_else(|| format!("/codes{}", app::forms::address(&[("c", &text)])));
    Ok(Redirect::to(&place).into_response())
}

/// The page of what was scanned, if there is one and no other.
fn place(conn: &mut Conn, scanned: &Scanned) -> Result<Option<String>, DbError> {
    let found = match scanned {
        Scanned::Bin(id) => bin_list(conn)?.iter().any(|bin| bin.id == *id).then(|| format!("/bins/{id}")),
        Scanned::Bottle(id) => {
            there(bottle_get(conn, id, chrono::Datelike::year(&config::now())))?.map(|_| format!("/bottles/{id}"))
        }
        Scanned::Wine(id) => there(wine_get(conn, id))?.map(|_| format!("/wines/{id}")),
        Scanned::Barcode(code) => match barcode_wines(conn, std::slice::from_ref(code))?.as_slice() {
            [only] => Some(format!("/wines/{}", only.wine_id)),
            _ => None,
        },
    };
    Ok(found)
}

fn there<T>(found: Result<T, DbError>) -> Result<Option<T>, DbError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(DbError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct Forget {
    code: Barcode,
    vintage: VintageId,
}

async fn forget(State(state): State<AppState>, _: Caller, Fields(asked): Fields<Forget>) -> Result<Response, Problem> {
    let Forget { code, vintage } = asked;
    // A second tap, or another screen that was faster: what is gone is gone.
    let wine = state.store.write(move |conn| {
        let Some(vintage) = there(vintage_get(conn, &vintage))? else { return Ok(None) };
        there(barcode_forget(conn, &code, Some(&vintage.id)))?;
        Ok(Some(vintage.wine_id))
    });
    let to = wine.await?.map_or_else(|| "/bottles".to_owned(), |wine| format!("/wines/{wine}"));
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
struct OfVintage {
    vintage: VintageId,
}

async fn remove_photo(
    State(state): State<AppState>,
    _: Caller,
    Fields(asked): Fields<OfVintage>,
) -> Result<Response, Problem> {
    let (wine, _) = photos::remove(&state.store, &Photos::of(&state.data), asked.vintage).await?;
    Ok(Redirect::to(&format!("/wines/{wine}")).into_response())
}
