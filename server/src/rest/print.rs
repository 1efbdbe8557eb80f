//! Labels with codes of our own.

use axum::{extract::State, http::HeaderMap, response::Response};
use models::{
    ids::{BottleId, RackId},
    label_sheet::MOST_LABELS,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    extract::ApiJson,
    print::{
        Wanted,
        route::{On, sheets},
    },
    problem::Problem,
    state::AppState,
};

/// What to print: a rack, bottles, or `unlabelled`; exactly one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrintLabels {
    /// The bins in use of this rack.
    rack: Option<RackId>,
    /// These bottles, at most 1000.
    bottles: Option<Vec<BottleId>>,
    /// The bottles in the cellar for which no label was printed yet, at most 1000 of them, in the order they came in.
    #[serde(default)]
    unlabelled: bool,
    /// The sheet: `3x8` (70 x 37 mm), `4x10` (52.5 x 29.7 mm), `3x9`, `3x7` (63.5 x 38.1 mm with margins), `2x5`, `2x4`; `3x8` when absent.
    #[schema(example = "3x8")]
    sheet: Option<String>,
    /// The first free place of the first sheet, from 1, row by row; 1 when absent.
    #[schema(minimum = 1, example = 1)]
    start: Option<usize>,
    /// What stands before the path of each code; WINECELLAR_ADDRESS when absent, else the address that this request was sent to.
    #[schema(example = "http://cellar.local:8000")]
    address: Option<String>,
}

/// Prints labels with QR codes, A4: the code of a bin or a bottle is the address of its page. Bottles count as labelled from then on.
#[utoipa::path(post, path = "/labels:print", tag = "wines", operation_id = "label_print", request_body = PrintLabels, responses(
    (status = 200, description = "The sheets", body = Vec<u8>, content_type = "application/pdf"),
    (status = 404, description = "There is no such rack or bottle", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "There is nothing to print, or no such sheet or place", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn print(
    State(state): State<AppState>,
    headers: HeaderMap,
    ApiJson(asked): ApiJson<PrintLabels>,
) -> Result<Response, Problem> {
    let PrintLabels { rack, bottles, unlabelled, sheet, start, address } = asked;
    let wanted = match (rack, bottles, unlabelled) {
        (Some(rack), None, false) => Wanted::Rack(rack),
        (None, Some(bottles), false) if bottles.len() <= MOST_LABELS => Wanted::Bottles(bottles),
        (None, None, true) => Wanted::Unlabelled,
        (None, Some(_), false) => {
            return Err(Problem::field("bottles", format!("are more than {MOST_LABELS}")));
        }
        _ => return Err(Problem::field("rack", "say exactly one of `rack`, `bottles` and `unlabelled`")),
    };
    let on = On { sheet: sheet.as_deref(), start: start.unwrap_or(1), address: address.as_deref() };
    sheets(&state, &headers, wanted, on).await
}
