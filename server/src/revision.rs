//! Revisions on the wire: `ETag` on what is read, `If-Match` on what is written (RFC 9110, sections 8.8.3 and 13.1.1).
//! A write says which revision it was made on, so that of two screens the later one never overwrites the other unseen.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{extract::ApiJson, problem::Problem};

/// A thing with its revision as `ETag`.
pub(crate) struct Tagged<T>(pub(crate) i32, pub(crate) T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = ApiJson(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// The revision that a write was made on, from `If-Match`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(pub(crate) i32);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = parts.headers.get(header::IF_MATCH).ok_or_else(Problem::precondition_required)?;
        let tag = header.to_str().unwrap_or_default().trim();
        let number = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|text| text.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| Problem::bad_request(format!("If-Match `{tag}` is not an ETag of ours, such as \"3\"")))
    }
}
