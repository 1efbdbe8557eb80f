//! The form of `/labels/print`, which answers with the sheets.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use models::{
    db::bottle_labels::bottle_label_note,
    label_sheet::{LabelSheet, SHEETS},
};

use super::{
    Wanted, address,
    items::{self, Labels},
    pdf,
};
use crate::{
    access::{Caller, forms::Fields},
    config,
    problem::Problem,
    state::AppState,
};

/// The route.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/labels/print/sheet.pdf", post(form))
}

/// Which sheets, and where on them to begin.
pub(crate) struct On<'a> {
    /// Name of the sheet; the usual one where none is said.
    pub(crate) sheet: Option<&'a str>,
    /// The first place that is free, from 1.
    pub(crate) start: usize,
    /// What stands before the path of each code, where it is not what the server was asked by.
    pub(crate) address: Option<&'a str>,
}

/// Makes the sheets.
pub(crate) async fn sheets(
    state: &AppState,
    headers: &HeaderMap,
    wanted: Wanted,
    on: On<'_>,
) -> Result<Response, Problem> {
    let sheet = LabelSheet::named(on.sheet.unwrap_or(SHEETS[0].name)).ok_or_else(|| {
        let names: Vec<_> = SHEETS.iter().map(|sheet| sheet.name).collect();
        Problem::field("sheet", format!("is no sheet that is known: {}", names.join(", ")))
    })?;
    if !(1..=sheet.labels()).contains(&on.start) {
        return Err(Problem::field("start", format!("is no place on the sheet: 1 to {}", sheet.labels())));
    }
    let base = address::base(on.address.or(state.public_url.as_deref()), headers)?;
    let Labels { items, bottles } = state.store.read(move |conn| items::labels(conn, &wanted)).await?;
    let skip = on.start - 1;
    let made = tokio::task::spawn_blocking(move || pdf(&items, sheet, skip, &base)).await?;
    let bytes = made.map_err(|error| {
        tracing::error!(%error, "labels cannot be printed");
        Problem::unavailable("the labels cannot be made; the server's log says why")
    })?;
    // Only what was made counts as printed.
    if !bottles.is_empty() {
        state.store.write(move |conn| bottle_label_note(conn, &bottles, config::now())).await?;
    }
    let headers =
        [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, "inline; filename=\"labels.pdf\"")];
    Ok((headers, bytes).into_response())
}

async fn form(
    State(state): State<AppState>,
    _: Caller,
    headers: HeaderMap,
    Fields(sent): Fields<Vec<(String, String)>>,
) -> Response {
    let of =
        |name: &str| sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty());
    let wanted = match (of("what"), of("rack")) {
        (Some("rack"), Some(rack)) => Wanted::Rack(rack.into()),
        (Some("unlabelled"), _) => Wanted::Unlabelled,
        _ => {
            Wanted::Bottles(sent.iter().filter(|(key, _)| key == "bottle").map(|(_, id)| id.as_str().into()).collect())
        }
    };
    let start = of("start").map_or(Some(1), |start| start.parse().ok()).unwrap_or(0);
    match sheets(&state, &headers, wanted, On { sheet: of("sheet"), start, address: of("address") }).await {
        Ok(sheets) => sheets,
        Err(problem) => {
            let why = app::texts::in_our_words(&problem.detail);
            Redirect::to(&format!("/labels/print{}", app::forms::query(&why, &[]))).into_response()
        }
    }
}
