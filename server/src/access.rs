//! Who asks, and what it may do. The way of a request: [`guard`] works out the [`Caller`] (`principal`), looks into the
//! one table (`table`), and lets it in with the caller in its extensions. Signing in and out is `desk`, one's own
//! password and PIN `own`; forms of the pages are `forms`, the API's share of it is `rest/session.rs`. docs/ACCESS.md has the whole of it.

pub(crate) mod cookies;
pub(crate) mod desk;
pub(crate) mod forms;
pub(crate) mod guard;
mod guests;
pub(crate) mod limiter;
pub(crate) mod own;
mod principal;
pub(crate) mod secret;
pub(crate) mod setup;
pub(crate) mod table;
pub(crate) mod way;

use std::{convert::Infallible, net::IpAddr};

use axum::{extract::FromRequestParts, http::request::Parts};
use models::{
    ids::UserId,
    movement::{Actor, Source},
    user::{Permission, Role},
};

use crate::problem::Problem;

pub(crate) use guard::{guard, see};
pub(crate) use principal::ScreenTrust;

/// Who sends this request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Name shown in the history.
    pub(crate) name: String,
    /// What it is in this cellar; nobody has no role.
    pub(crate) role: Option<Role>,
    /// What of its role it may use; empty: all.
    pub(crate) scopes: Vec<Permission>,
    /// The person, where it is one: signed in, or named by PIN.
    pub(crate) user: Option<UserId>,
    /// Names it for good, also when another one bears the same name: whose Idempotency-Keys are whose.
    pub(crate) owner: String,
    /// Through what it comes.
    pub(crate) source: Source,
    /// The cookie's session, by its fingerprint.
    pub(crate) session: Option<String>,
    /// The session of the person at the kiosk, by its fingerprint.
    pub(crate) person: Option<String>,
    /// Where it comes from.
    pub(crate) address: Option<IpAddr>,
}

impl Caller {
    /// Nobody in particular.
    fn nobody(address: Option<IpAddr>) -> Self {
        Self {
            name: "nobody".to_owned(),
            role: None,
            scopes: Vec::new(),
            user: None,
            owner: String::new(),
            source: Source::Web,
            session: None,
            person: None,
            address,
        }
    }

    /// Where it comes from, as what is counted for an address is counted.
    pub(crate) fn from(&self) -> String {
        self.address.map(|address| address.to_string()).unwrap_or_default()
    }

    /// The actor of what is done now. A screen or a program may name the person it acts for, 1 to 100 characters; a
    /// person acts for itself.
    pub(crate) fn actor(&self, user: Option<&str>) -> Result<Actor, Problem> {
        let name = user.map_or(self.name.as_str(), str::trim);
        models::wine::text("user", name, 1, 100)?;
        if self.user.is_some() && name != self.name {
            let detail = format!("you are signed in as {}; leave `user` out, or sign in as {name}", self.name);
            return Err(Problem::field("user", detail));
        }
        Ok(Actor { name: name.to_owned(), source: self.source })
    }

    /// The actor of what it does under its own name.
    pub(crate) fn acting(&self) -> Actor {
        Actor { name: self.name.clone(), source: self.source }
    }

    /// Whether it holds a permission, where the route alone does not tell what is needed.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.role.is_some_and(|role| models::user::allowed(role, &self.scopes, permission))
    }

    /// The caller as pages and server functions know it.
    pub(crate) fn visitor(&self) -> app::ctx::Visitor {
        app::ctx::Visitor {
            name: self.name.clone(),
            role: self.role,
            scopes: self.scopes.clone(),
            user: self.user.clone(),
            has_password: self.user.is_some() && self.session.is_some() && self.person.is_none(),
            source: self.source,
            at_kiosk: self.session.is_none() && self.role == Some(Role::Kiosk),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::nobody(None)))
    }
}
