//! What was read on a label and waits for a person's word.

use leptos::prelude::*;
use models::listed::CatalogueMatch;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// One thing that the label says, as `POST /api/v1/labels:parse` tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadField {
    /// Which field.
    pub name: String,
    /// What it says.
    pub value: String,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// What else it may be.
    pub alternatives: Vec<String>,
}

/// A wine of the cellar that the label may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadMatch {
    /// Its id.
    pub wine_id: String,
    /// Who made it.
    pub producer: String,
    /// Its name.
    pub name: String,
    /// How much of it was read, 0 to 1.
    pub likeness: f32,
    /// Why it is named: `barcode` or `label`.
    pub reason: String,
    /// The year of the bottle received last with its barcode.
    pub year: Option<i32>,
    /// Its content in millilitres.
    pub volume_ml: Option<i32>,
}

/// A label that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadLabel {
    /// Likeliest first.
    pub matches: Vec<ReadMatch>,
    /// Wines of the catalogue, likeliest first.
    pub catalogue: Vec<CatalogueMatch>,
    /// What it says.
    pub fields: Vec<ReadField>,
    /// The secret by which the photo is claimed.
    pub photo: String,
    /// The digits of the barcode on it.
    pub barcode: Option<String>,
    /// Whether Google has read it.
    pub by_google: bool,
    /// Why it was read here although Google should have.
    pub instead: Option<String>,
}

/// Who is set to read labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelReader {
    /// This machine.
    Local,
    /// Google: photos leave the house.
    Google,
    /// Nobody.
    None,
}

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelPage {
    /// What was read, once a photo has come.
    pub read: Option<ReadLabel>,
    /// Who reads the next one.
    pub reader: LabelReader,
}

/// Reads the page.
#[server(input = GetUrl)]
pub async fn get_label(read: String) -> Result<LabelPage, AppError> {
    use crate::{ctx::AppCtx, error::ErrorCode};
    let reader = AppCtx::get()?.label_reader;
    if read.is_empty() {
        return Ok(LabelPage { read: None, reader });
    }
    let (kept, _) = super::imports::upload(&read)?;
    let gone = |_| AppError::new(ErrorCode::NotFound, crate::texts::file_is_gone());
    Ok(LabelPage { reader, read: Some(serde_json::from_slice(&kept).map_err(gone)?) })
}
