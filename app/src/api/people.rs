//! Who is here, who could be, and what admins see of people and programs. Signing in and all changes are forms of the
//! server's (`server/src/access/forms.rs`): they set cookies.

use leptos::prelude::*;
use models::{
    Instant,
    user::{Role, Session, Token, User},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Who {
    /// Name in the history.
    pub name: String,
    /// What it is here.
    pub role: Option<Role>,
    /// Whether it is a person, by password or PIN; else a screen.
    pub is_person: bool,
    /// Whether this is the screen beside the rack.
    pub at_kiosk: bool,
    /// Whether the person has signed in by password, and so may change it.
    pub has_password: bool,
}

/// What an admin sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// Everybody, by name.
    pub users: Vec<User>,
    /// Who is signed in.
    pub sessions: Vec<Session>,
    /// Tokens of programs.
    pub tokens: Vec<Token>,
    /// The server's clock.
    pub now: Instant,
}

/// Who asks.
#[server(input = GetUrl)]
pub async fn get_who() -> Result<Who, AppError> {
    let visitor = crate::ctx::AppCtx::get()?.visitor;
    Ok(Who {
        name: visitor.name,
        role: visitor.role,
        is_person: visitor.user.is_some(),
        at_kiosk: visitor.at_kiosk,
        has_password: visitor.has_password,
    })
}

/// Names that a kiosk offers: people who have a PIN.
#[server(input = GetUrl)]
pub async fn get_names() -> Result<Vec<String>, AppError> {
    let users = crate::ctx::AppCtx::get()?.read(|conn, _| models::db::users::user_list(conn)).await?;
    Ok(users.into_iter().filter(|user| user.enabled && user.has_pin).map(|user| user.name).collect())
}

/// People, sessions and tokens.
#[server(input = GetUrl)]
pub async fn get_people() -> Result<People, AppError> {
    use models::db::{sessions::session_list, tokens::token_list, users::user_list};
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            Ok(People { users: user_list(conn)?, sessions: session_list(conn, now)?, tokens: token_list(conn)?, now })
        })
        .await
}

/// The token that this very request made, while its page is rendered; asked for over the network there is none.
#[server(input = GetUrl)]
pub async fn new_token() -> Result<Option<String>, AppError> {
    Ok(use_context::<crate::ctx::NewToken>().map(|token| token.0))
}
