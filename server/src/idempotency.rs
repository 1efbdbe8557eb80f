//! `Idempotency-Key` on POSTs of the API and of the app's acts: a request that is sent again is answered again and done once.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use models::db::idempotency::{self, IdempotencyKey};
use models::hex::hex;
use models::import::LARGEST;
use sha2::{Digest, Sha256};

use crate::{access::Caller, problem::Problem, state::Store};

const HEADER: &str = "idempotency-key";
/// Longest answer that is kept, in bytes; longer ones are told as done without their body.
const MOST_KEPT: usize = 1 << 20;

tokio::task_local! {
    /// The key of the request that this task answers: [`Store::write`] notes it in the transaction of the act.
    static CURRENT: IdempotencyKey;
}

/// The key of the request being answered; server functions get it by `AppCtx::once`.
pub(crate) fn current() -> Option<IdempotencyKey> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Whether a path takes keys. Not where secrets go in or out: neither an answer with a token nor the fingerprint of a
/// password may be kept.
pub(crate) fn is_for(path: &str) -> bool {
    let secret = ["/api/v1/session", "/api/v1/users", "/api/v1/tokens"];
    // A label that is read enters nothing, and what is printed is a PDF: both may be done twice.
    let nothing = ["/api/v1/labels:"];
    let others = secret.iter().chain(&nothing).any(|place| path.starts_with(place));
    (path.starts_with("/api/") || path.starts_with("/_fn/")) && !others
}

/// The middleware: around all routes of the API and the server functions.
pub(crate) async fn once(State(store): State<Store>, caller: Caller, request: Request, next: Next) -> Response {
    let Some(header) = request.headers().get(HEADER) else { return next.run(request).await };
    if request.method() != Method::POST || !is_for(request.uri().path()) {
        return next.run(request).await;
    }
    let key = header.to_str().unwrap_or_default().trim().to_owned();
    if !(1..=200).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Problem::field("Idempotency-Key", "must be 1 to 200 visible ASCII characters").into_response();
    }
    answer(store, caller, key, request, next).await.unwrap_or_else(Problem::into_response)
}

/// The largest body of a path; its route may allow less.
fn longest(path: &str) -> usize {
    match path {
        import if import.starts_with("/api/v1/imports") => LARGEST,
        picture if picture.starts_with("/api/v1/calibration") => crate::calibrate::MOST_BYTES,
        _ => crate::router::BODY_LIMIT,
    }
}

async fn answer(store: Store, caller: Caller, key: String, request: Request, next: Next) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, longest(parts.uri.path())).await.map_err(|_| Problem::too_large())?;
    // With the query: an import's columns are named there.
    let asked = parts.uri.path_and_query().map_or(parts.uri.path(), |both| both.as_str());
    let request_hash = fingerprint(parts.method.as_str(), asked, &body);
    let key = IdempotencyKey { owner: caller.owner, key, request_hash };
    let asked = key.clone();
    let known = store.read(move |conn| idempotency::idempotency_find(conn, &asked.owner, &asked.key)).await?;
    if let Some(known) = known {
        return match known.answer {
            _ if known.request_hash != key.request_hash => {
                Err(Problem::field("Idempotency-Key", "was used for another request; take a new key for a new act"))
            }
            Some((status, body)) => Ok(replay(status, body)),
            None => Err(Problem::answer_lost()),
        };
    }
    let response = CURRENT.scope(key.clone(), next.run(Request::from_parts(parts, Body::from(body)))).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Problem::answer_lost())?;
    keep(&store, key, parts.status, &body).await;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Keeps the answer. Failing to is no failure of the act: whoever asks again is told that it is done.
async fn keep(store: &Store, key: IdempotencyKey, status: StatusCode, body: &Bytes) {
    let text = if body.len() <= MOST_KEPT { String::from_utf8_lossy(body).into_owned() } else { String::new() };
    let status = i32::from(status.as_u16());
    let kept = store.write(move |conn| idempotency::idempotency_finish(conn, &key, status, &text)).await;
    if let Err(problem) = kept {
        tracing::warn!(detail = problem.detail, "an answer could not be kept for its Idempotency-Key");
    }
}

fn fingerprint(method: &str, path: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), path.as_bytes(), body] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn replay(status: i32, body: String) -> Response {
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::try_from(code).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
