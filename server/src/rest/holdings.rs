//! Holdings: the search that forgives.

use axum::extract::State;
use chrono::Datelike;
use models::catalogue::{Answer, Query, Sort, State as Which};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    config,
    extract::{ApiJson, ApiQuery},
    problem::Problem,
    state::AppState,
};

/// What is asked; a facet may come several times, and any of its values fits.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the pairs that `Query::from_pairs` reads")]
pub(crate) struct HoldingQuery {
    /// Words in any order, all of which must fit: producer, name, origin, grape, tag, or the year. Accents and case do
    /// not matter, a beginning is enough, and one typing error in a word of four letters (two in one of eight) is
    /// forgiven. What fits exactly comes first.
    #[param(example = "chateau margaus 2015")]
    q: Option<String>,
    /// Which bottles; `in_cellar` when absent.
    #[param(inline)]
    state: Option<Which>,
    /// `red`, `white`, `rose`, `orange`.
    colour: Option<Vec<String>>,
    /// Country as it is written.
    #[param(example = json!(["France"]))]
    country: Option<Vec<String>>,
    /// Region as it is written.
    region: Option<Vec<String>>,
    /// A grape of the blend.
    grape: Option<Vec<String>>,
    /// Year, or `nv`.
    vintage: Option<Vec<String>>,
    /// Volume in millilitres, such as `1500`.
    format: Option<Vec<String>>,
    /// `young`, `ready`, `peak`, `past`, `unknown`.
    drink: Option<Vec<String>>,
    /// `rack:ID`, `bin:NAME`, `unplaced` or `gone`.
    #[param(example = json!(["bin:03_03"]))]
    place: Option<Vec<String>>,
    /// What a bottle cost, in its own currency: `EUR 0-10`, `EUR 10-20`, `EUR 20-50`, `EUR 50-100`, `EUR 100-250`,
    /// `EUR 250+`, `unknown`; ten times that for crowns and the like, a hundred times for yen, forints and the like. The
    /// lower end belongs to the range.
    price: Option<Vec<String>>,
    /// Mean of our ratings: `0-79`, `80-84`, `85-89`, `90-94`, `95-100`, `unknown`.
    rating: Option<Vec<String>>,
    /// A tag.
    tag: Option<Vec<String>>,
    /// The order; `relevance` when absent.
    #[param(inline)]
    sort: Option<Sort>,
    /// `asc` (when absent) or `desc`. What is not known comes last both ways.
    order: Option<String>,
    /// `next` of the page before. It keeps its place when bottles come and go meanwhile.
    cursor: Option<String>,
    /// Holdings per page, 1 to 200; 50 when absent.
    limit: Option<i64>,
    /// Values listed of each facet, 0 (no facets) to 1000; 50 when absent. Chosen values are always listed.
    facets: Option<i64>,
}

/// Holdings (the bottles of one vintage in one format) that match, with what they can be narrowed by.
#[utoipa::path(get, path = "/holdings", tag = "bottles", operation_id = "holding_list", params(HoldingQuery), responses(
    (status = 200, body = Answer),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The database is away: no old answer is given", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    ApiQuery(pairs): ApiQuery<Vec<(String, String)>>,
) -> Result<ApiJson<Answer>, Problem> {
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query = Query::from_pairs(pairs, config::now().year())?;
    let app = state.app;
    Ok(ApiJson(tokio::task::spawn_blocking(move || app.catalogue.search(&app.db, &query)).await??))
}
