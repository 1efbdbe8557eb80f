//! What a reading of a label leaves to the form that receives the bottle: the photo that waits, and the barcode.

use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenForm {
    /// The secret by which the photo is claimed; empty without one.
    pub photo: String,
    /// The barcode as it was read or typed; empty without one.
    pub code: String,
}

impl SeenForm {
    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 2] {
        [("photo", &self.photo), ("code", &self.code)]
    }

    /// What the address carries.
    pub fn of(query: &ParamsMap) -> Self {
        let part = |name| query.get(name).unwrap_or_default();
        Self { photo: part("photo"), code: part("code") }
    }

    /// Remembers the barcode for the vintage and its bottles' size.
    #[cfg(feature = "ssr")]
    pub(crate) fn learn(
        &self,
        conn: &mut models::db::Conn,
        vintage: &models::ids::VintageId,
        case: &super::case::CaseForm,
        actor: &models::movement::Actor,
        now: models::Instant,
    ) -> Result<(), models::db::DbError> {
        if self.code.trim().is_empty() {
            return Ok(());
        }
        models::db::barcodes::barcode_learn(conn, &self.code.parse()?, vintage, case.facts()?.volume_ml, actor, now)
    }

    /// Makes the photo that waits the vintage's own. One that has waited too long is gone, and the bottle came in all the same.
    #[cfg(feature = "ssr")]
    pub(crate) async fn keep_photo(
        self,
        photos: std::sync::Arc<dyn crate::ctx::LabelPhotos>,
        vintage: models::ids::VintageId,
        at: models::Instant,
    ) {
        if !self.photo.is_empty() {
            let _ = tokio::task::spawn_blocking(move || photos.claim(&self.photo, &vintage, at)).await;
        }
    }
}
