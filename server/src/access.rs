//! Who asks. Every handler that writes takes a [`Caller`], so that no line of the journal is without a name.

use axum::{extract::FromRequestParts, http::request::Parts};
use models::movement::{Actor, Source};

use crate::problem::Problem;

/// Who sends this request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Name shown in the history.
    pub(crate) name: String,
}

impl Caller {
    /// The actor of what is done now. A program may name the person it acts for, 1 to 100 characters.
    pub(crate) fn actor(&self, user: Option<&str>) -> Result<Actor, Problem> {
        let name = user.map_or(self.name.as_str(), str::trim);
        models::wine::text("user", name, 1, 100)?;
        Ok(Actor { name: name.to_owned(), source: Source::Api })
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self { name: "api".to_owned() }))
    }
}
