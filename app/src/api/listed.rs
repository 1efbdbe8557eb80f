//! The catalogue: wines that one need not own, from which a new one is filled in.

use leptos::prelude::*;
use models::{
    Instant,
    listed::{CatalogueList, CatalogueMatch},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// Wines that are shown.
#[cfg(feature = "ssr")]
const MOST: usize = 8;

/// What the catalogue says to some words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Whether there is any list.
    pub any: bool,
    /// Wines that the words may mean, likeliest first.
    pub found: Vec<CatalogueMatch>,
}

/// What the page of the catalogue shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The lists, by name.
    pub lists: Vec<CatalogueList>,
    /// Wines that the words may mean, likeliest first.
    pub found: Vec<CatalogueMatch>,
    /// The server's clock.
    pub now: Instant,
}

/// The lists, and the wines that some words may mean.
#[server(input = GetUrl)]
pub async fn get_catalogue(find: String) -> Result<Catalogue, AppError> {
    let ctx = crate::ctx::AppCtx::get()?;
    let search = ctx.listed;
    let read = move |conn: &mut models::db::Conn, now| {
        let lists = models::db::listed::catalogue_lists(conn)?;
        let found = if find.trim().is_empty() { Vec::new() } else { search(conn, &find, MOST)? };
        Ok(Catalogue { lists, found, now })
    };
    ctx.read(read).await
}

/// Looks for wines by words of producer and name.
#[server(input = GetUrl)]
pub async fn get_listed(find: String) -> Result<Listed, AppError> {
    let ctx = crate::ctx::AppCtx::get()?;
    let search = ctx.listed;
    let read = move |conn: &mut models::db::Conn, _| {
        let any = !models::db::listed::catalogue_lists(conn)?.is_empty();
        let found = if find.trim().is_empty() { Vec::new() } else { search(conn, &find, MOST)? };
        Ok(Listed { any, found })
    };
    ctx.read(read).await
}
