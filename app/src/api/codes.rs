//! A code that was scanned and leads nowhere by itself: what it may be, and remembering it.

use leptos::prelude::*;
use models::{ids::WineId, wine::Wine};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::Done;
use crate::error::AppError;

/// A wine that a barcode stood on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodedWine {
    /// Its id.
    pub wine: WineId,
    /// Producer and name.
    pub title: String,
    /// The vintage that was received last with it.
    pub year: Option<i32>,
}

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodePage {
    /// What was scanned, as it came; empty where nothing was.
    pub text: String,
    /// Its digits, where it is a barcode.
    pub barcode: Option<String>,
    /// The wines that bear it.
    pub known: Vec<CodedWine>,
    /// Wines that match what was looked for.
    pub found: Vec<Wine>,
}

/// How many wines are offered for a code.
#[cfg(feature = "ssr")]
const WINES: i64 = 12;

/// What a code may be, and wines whose names hold every word of `wanted`.
#[server(input = GetUrl)]
pub async fn get_code(
    #[server(default)] text: String,
    #[server(default)] wanted: String,
) -> Result<CodePage, AppError> {
    use models::{
        barcode::Barcode,
        db::{barcodes::barcode_wines, wines::wine_list},
    };
    let text: String = text.trim().chars().take(500).collect();
    let code: Option<Barcode> = text.parse().ok();
    crate::ctx::AppCtx::get()?
        .read(move |conn, _| {
            let known = barcode_wines(conn, code.as_slice())?.into_iter().map(|one| CodedWine {
                wine: one.wine_id,
                title: format!("{} {}", one.producer, one.name),
                year: one.year,
            });
            let known = known.collect();
            let found = match wanted.trim() {
                "" => Vec::new(),
                words => wine_list(conn, Some(words), None, WINES)?,
            };
            Ok(CodePage { text, barcode: code.map(String::from), known, found })
        })
        .await
}

/// Remembers a barcode for a vintage of a wine, which is made if need be.
#[server]
pub async fn remember_code(
    code: String,
    wine: WineId,
    #[server(default)] year: String,
    #[server(default)] size: String,
) -> Result<Done, AppError> {
    use models::{
        barcode::Barcode,
        db::{barcodes::barcode_learn, vintages::vintage_ensure, wines::wine_get},
        window::Window,
    };
    let actor = crate::ctx::actor();
    let back = {
        let code = code.clone();
        move |why: &str| format!("/codes{}", crate::forms::address(&[("c", &code), ("refused", why)]))
    };
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let code: Barcode = code.parse()?;
            let facts = wine_get(conn, &wine)?.facts;
            let year = crate::forms::whole("year", &year)?;
            let volume = crate::forms::bottle::size("size", &size, 750)?;
            let vintage = vintage_ensure(conn, &wine, year, Window::default(), &actor, now)?;
            barcode_learn(conn, &code, &vintage.id, volume, &actor, now)?;
            let title = format!("{} {}", facts.producer, facts.name);
            Ok((Done { text: crate::texts::code_remembered(&title), undo: None }, format!("/wines/{wine}")))
        })
        .await;
    super::wines::ended(done, back)
}
