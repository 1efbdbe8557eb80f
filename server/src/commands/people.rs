//! `winecellar user …` and `winecellar token …`. Secrets come by a prompt or by stdin, never as an argument, where every
//! process of the machine could read them.

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use models::{
    db::{Db, tokens, users},
    movement::{Actor, Source},
    user::{self, TokenFacts},
};

use crate::{
    access::secret,
    cli::{Place, Token, User},
    config, out,
};

/// Whoever may run commands on the box.
fn actor() -> Actor {
    Actor { name: "command line".to_owned(), source: Source::Api }
}

/// `user …`
pub(super) fn user(place: &Place, args: User) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    match args {
        User::Add { name, role } => {
            // What is wrong with these is told before anybody thinks of a password.
            let (name, role) = (user::name(&name)?, role.of_person()?);
            let hash = secret::stretch(&password()?)?;
            let new = users::NewUser { name, role, password_hash: Some(hash), pin_hash: None };
            let user = db.write(|conn| users::user_insert(conn, &new, &actor(), config::now()))?;
            out::line(format_args!("{} ({}) may sign in", user.name, user.role.as_str()))
        }
        User::List => {
            for user in db.read(users::user_list)? {
                let state = if user.enabled { "" } else { ", disabled" };
                let pin = if user.has_pin { ", PIN" } else { "" };
                let password = if user.has_password { "" } else { ", no password" };
                out::line(format_args!("{} ({}{password}{pin}{state})", user.name, user.role.as_str()))?;
            }
            Ok(())
        }
        User::Password { name } => {
            let user = db.read(|conn| users::user_named(conn, &name))?;
            let hash = secret::stretch(&password()?)?;
            let user = db.write(|conn| users::user_set_password(conn, &user.id, &hash, &actor(), config::now()))?;
            out::line(format_args!("{} has a new password and is signed out everywhere", user.name))
        }
        User::Disable { name } => enable(&db, &name, false),
        User::Enable { name } => enable(&db, &name, true),
    }
}

fn enable(db: &Db, name: &str, enabled: bool) -> anyhow::Result<()> {
    let user = db.write(|conn| {
        let user = users::user_named(conn, name)?;
        let now = config::now();
        users::user_update(conn, &user.id, &user.name, user.role, enabled, user.revision, &actor(), now)
    })?;
    out::line(format_args!("{} {}", user.name, if enabled { "may sign in" } else { "may not sign in any more" }))
}

/// A new password that keeps the rules: asked for twice at a terminal, else the first line of stdin.
fn password() -> anyhow::Result<String> {
    let password = if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("New password: ").context("cannot ask for the password")?;
        let again = rpassword::prompt_password("Once more: ").context("cannot ask for the password")?;
        anyhow::ensure!(first == again, "the two passwords differ; start again");
        first
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("cannot read the password from stdin")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    user::check_password(&password)?;
    Ok(password)
}

/// `token …`
pub(super) fn token(place: &Place, args: Token) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    match args {
        Token::Create { name, role, scopes, days } => {
            let facts = TokenFacts { name, role, scopes: user::scopes(&scopes)?, days };
            let token = format!("{}{}", secret::TOKEN_PREFIX, secret::random()?);
            let hash = secret::fingerprint(&token);
            db.write(|conn| tokens::token_insert(conn, &facts, &hash, &actor(), config::now()))?;
            out::line(token)
        }
        Token::List => {
            for token in db.read(tokens::token_list)? {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                let scopes = if scopes.is_empty() { String::new() } else { format!(" only {}", scopes.join(" ")) };
                let end = match (token.revoked_at, token.expires_at) {
                    (Some(at), _) => format!(", revoked {}", at.date()),
                    (None, Some(at)) => format!(", until {}", at.date()),
                    (None, None) => String::new(),
                };
                out::line(format_args!("{}  {} ({}{scopes}{end})", token.id, token.name, token.role.as_str()))?;
            }
            Ok(())
        }
        Token::Revoke { id } => {
            let token = db.write(|conn| tokens::token_revoke(conn, &id.into(), &actor(), config::now()))?;
            out::line(format_args!("{} opens nothing any more", token.name))
        }
    }
}
