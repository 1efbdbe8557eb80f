//! Tokens of programs. For admins.

use axum::{extract::State, http::StatusCode};
use models::{
    db::tokens,
    ids::TokenId,
    user::{Token, TokenFacts},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Caller, forms},
    config,
    extract::{ApiJson, ApiPath},
    problem::Problem,
    state::{AppState, Store},
};

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeToken {
    /// The token itself. It is told this once and nowhere kept.
    secret: String,
    /// What is kept of it.
    token: Token,
}

/// All tokens, newest first, also those that open nothing any more.
#[utoipa::path(get, path = "/tokens", tag = "access", operation_id = "token_list", responses((status = 200, body = Vec<Token>)))]
pub(crate) async fn list(State(store): State<Store>) -> Result<ApiJson<Vec<Token>>, Problem> {
    store.read(tokens::token_list).await.map(ApiJson)
}

/// Makes a token. Send it as `Authorization: Bearer wct_…`.
#[utoipa::path(post, path = "/tokens", tag = "access", operation_id = "token_create", request_body(content = TokenFacts, example = json!({"name": "scanner", "role": "worker", "days": 365})), responses(
    (status = 201, body = MadeToken),
    (status = 422, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(facts): ApiJson<TokenFacts>,
) -> Result<(StatusCode, ApiJson<MadeToken>), Problem> {
    let (secret, token) = forms::new_token(&state, facts, caller.acting()).await?;
    Ok((StatusCode::CREATED, ApiJson(MadeToken { secret, token })))
}

/// Ends a token for good.
#[utoipa::path(delete, path = "/tokens/{token}", tag = "access", operation_id = "token_revoke", params(("token" = String, Path, description = "Id of the token")), responses(
    (status = 200, body = Token),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn revoke(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<TokenId>,
) -> Result<ApiJson<Token>, Problem> {
    store.write(move |conn| tokens::token_revoke(conn, &id, &caller.acting(), config::now())).await.map(ApiJson)
}
