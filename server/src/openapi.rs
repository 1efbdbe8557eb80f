//! The OpenAPI document and its reader at /docs.

mod answers;
mod examples;
mod shapes;

use axum::{
    Router,
    http::{HeaderValue, header},
};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::{rest, state::AppState};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "winecellar",
        description = "The cellar's book and what the camera sees of it. Times are UTC; money is in the currency's smallest unit; errors are application/problem+json with the field named.",
        license(name = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "bins", description = "Cells of the rack and what lies in them"),
        (name = "wines", description = "Wines and their vintages"),
        (name = "bottles", description = "One record per bottle"),
        (name = "movements", description = "The append-only journal; undo is a movement too"),
        (name = "notes", description = "Tasting notes and ratings"),
        (name = "wishes", description = "Wines to buy"),
        (name = "racks", description = "Racks and how they are built"),
        (name = "calibration", description = "Where a camera sees which bin: the steps of drawing it, and each version of it"),
        (name = "changes", description = "The journal of edits, each of which can be undone"),
        (name = "scans", description = "What the camera saw"),
        (name = "proposals", description = "Mismatches that wait for a person"),
        (name = "numbers", description = "The cellar in numbers"),
        (name = "access", description = "Signing in, people and the tokens of programs; who may use which route is in docs/ACCESS.md"),
        (name = "health", description = "Whether the server works")
    )
)]
struct Document;

/// The document, made from the routes themselves.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let (_, routes) = rest::routes().split_for_parts();
    let mut document = Document::openapi();
    document.merge(routes);
    answers::tell(&mut document);
    examples::show(&mut document);
    if let Some(components) = &mut document.components {
        shapes::settle(components);
    }
    document
}

/// Swagger UI at /docs, from files inside this program, and the document at /openapi.json.
pub(crate) fn docs() -> Router<AppState> {
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    Router::from(SwaggerUi::new("/docs").url("/openapi.json", document()))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
}
