//! The whole URL table.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use app::ctx::AppCtx;
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Request, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::{IntoAny, provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list, generate_route_list_with_exclusions};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use crate::{
    access::{Caller, forms, guard},
    calibrate, device, events, idempotency, labels, language, media, openapi, pick, print,
    problem::Problem,
    rest, site,
    state::AppState,
    trouble, uploads,
};

/// Largest body of a request, where nothing else is said.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

/// The pages use none of a browser's instruments: the camera is the server's.
const PERMISSIONS: &str =
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), hid=(), midi=()";

/// Everything that is served.
pub(crate) fn build(state: AppState, folder: Option<&Path>) -> Router {
    let (api, _) = rest::routes().split_for_parts();
    let api = api.layer(middleware::from_fn_with_state(state.clone(), idempotency::once));
    let (context, shell) = (context(&state), shell(&state));
    let desk_shell = desk_shell(&state);
    // The server functions come with the first list; they must not be routed twice.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let desk = generate_route_list_with_exclusions(app::Desk, Some(functions));
    let pages = Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), context.clone(), shell)
        .leptos_routes_with_context(&state, desk, context, desk_shell)
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(state.clone(), pick::on_find))
        .layer(CompressionLayer::new().no_deflate());
    let mut router = Router::new()
        .merge(api)
        .merge(openapi::docs())
        .merge(pages)
        .merge(forms::routes())
        .merge(language::routes().layer(CompressionLayer::new().no_deflate()))
        .merge(trouble::routes())
        .route("/integration/surveillance/motion", post(rest::motion::notice))
        .merge(device::routes())
        .merge(calibrate::forms::routes())
        .merge(labels::forms::routes())
        .merge(print::route::routes())
        .route("/events", get(events::stream))
        .route("/media/scans/{scan}/{picture}", get(media::scan_picture))
        .route("/media/scans/{scan}/bins/{picture}", get(media::scan_bin))
        .route("/media/bins/{picture}", get(media::bin))
        .route("/media/calibration/{picture}", get(media::draft))
        .route("/media/calibrations/{picture}", get(media::calibration))
        .route("/media/labels/{picture}", get(media::label))
        .route("/media/references/{picture}", get(media::reference))
        .route(
            "/import/upload",
            post(uploads::receive).layer(DefaultBodyLimit::max(models::import::LARGEST + 64 * 1024)),
        )
        .route(
            "/label/upload",
            axum::routing::post(labels::upload::receive).layer(DefaultBodyLimit::max(labels::LARGEST)),
        )
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .fallback(not_found);
    if let Some(folder) = folder {
        router = router.merge(site::files(folder));
    }
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(state.clone(), guard))
        // Refuses writes that another site's page makes a browser send.
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn(security_headers))
        .layer(middleware::from_fn(language::speak))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http())
        .with_state(state)
}

/// What pages and server functions are lent: the database, the clock, and who asks.
pub(crate) fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let ctx = state.app.clone();
    move || {
        let parts = use_context::<Parts>();
        let caller = parts.and_then(|parts| parts.extensions.get::<Caller>().map(Caller::visitor));
        let once = Arc::new(Mutex::new(idempotency::current()));
        provide_context(AppCtx { visitor: caller.unwrap_or_default(), once, ..ctx.clone() });
    }
}

/// The document around a page.
pub(crate) fn shell(state: &AppState) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    let options = state.leptos.clone();
    move || app::shell(options.clone()).into_any()
}

/// The document around a page of the desk.
pub(crate) fn desk_shell(state: &AppState) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    let options = state.leptos.clone();
    move || app::desk_shell(options.clone()).into_any()
}

/// A person gets the app's own "not found" page, a program gets problem details.
async fn not_found(State(state): State<AppState>, request: Request<axum::body::Body>) -> Response {
    let accepts_html =
        request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"));
    let path = request.uri().path();
    if !accepts_html || path.starts_with("/api/") || path.starts_with("/media/") {
        return Problem::not_found(format!("there is nothing at {path}")).into_response();
    }
    let page = leptos_axum::render_app_to_stream_with_context(context(&state), shell(&state));
    let mut response = page(request).await.into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Headers that every answer carries.
async fn security_headers(request: Request<axum::body::Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages set their own, with a nonce; whatever does not is data and may load nothing.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}
