//! What guests may choose from.

use leptos::prelude::*;
use models::catalogue::Holding;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// A wine with this tag is never shown to guests.
pub const PRIVATE: &str = "private";

/// The list of tonight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tonight {
    /// What is ready or at its peak, without what is kept private.
    pub wines: Vec<Holding>,
    /// People who may take the screen back, by their PIN.
    pub names: Vec<String>,
    /// Whether whoever looks is a person of the house, or anybody where nobody has a PIN.
    pub may_end: bool,
}

/// Reads it.
#[server(input = GetUrl)]
pub async fn get_tonight() -> Result<Tonight, AppError> {
    use models::catalogue::{Facet, Query, Sort};
    let ctx = crate::ctx::AppCtx::get()?;
    let year = crate::format::year_of((ctx.now)());
    let filters = [(Facet::Drink, ["ready", "peak"].map(str::to_owned).into())].into();
    let query = Query { filters, sort: Sort::Name, limit: 200, facet_limit: 0, ..Query::all(year) };
    let mut wines = ctx.search(query).await?.items;
    wines.retain(|wine| !wine.tags.iter().any(|tag| tag.eq_ignore_ascii_case(PRIVATE)));
    wines.sort_by_key(|wine| (wine.style, wine.colour));
    let names = super::people::get_names().await?;
    let may_end = ctx.visitor.user.is_some() || names.is_empty();
    Ok(Tonight { wines, names, may_end })
}
