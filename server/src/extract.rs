//! axum's extractors with problem details as their refusal.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Multipart, Path, Query, Request},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::Problem;

/// A JSON body, in or out.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Problem))]
pub(crate) struct ApiJson<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for ApiJson<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

/// A form with files.
pub(crate) struct ApiParts(pub(crate) Multipart);

impl<S: Send + Sync> FromRequest<S> for ApiParts {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(Multipart::from_request(request, state).await?))
    }
}

/// Query parameters.
#[derive(FromRequestParts)]
#[from_request(via(Query), rejection(Problem))]
pub(crate) struct ApiQuery<T>(pub(crate) T);

/// Path parameters.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Problem))]
pub(crate) struct ApiPath<T>(pub(crate) T);
