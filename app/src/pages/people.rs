//! `/people`: who may come in, who is in, and the tokens of programs. For admins; plain forms throughout.

use leptos::prelude::*;
use leptos_meta::Title;
use models::{
    Instant,
    user::{Role, Session, Token, User},
};

use crate::{
    api::people::{People, get_people, new_token},
    components::{icon::icon, load::load, when::when, who::refused},
    forms,
    state::live::Live,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_people());
    // Asked for once: what was shown stays until the page is left.
    let made = Resource::new(|| (), |()| new_token());
    view! {
        <Title text="People"/>
        <header class="head"><h1>"People"</h1></header>
        {refused()}
        {load(made, shown_once)}
        {load(data, show)}
    }
    .into_any()
}

fn shown_once(token: Option<String>) -> AnyView {
    let Some(token) = token else { return ().into_any() };
    view! {
        <p class="notice" role="alert">"The new token. It is shown this once; copy it now:"</p>
        <p><code class="secret">{token}</code></p>
    }
    .into_any()
}

fn show(page: People) -> AnyView {
    let now = page.now;
    let users: Vec<_> = page.users.into_iter().map(person).collect();
    let sessions: Vec<_> = page.sessions.into_iter().map(|one| session(one, now)).collect();
    let tokens: Vec<_> = page.tokens.into_iter().map(|one| token(one, now)).collect();
    view! {
        <ul class="bottles">{users}</ul>
        <h2>"Add a person"</h2>
        <form class="sheet" method="post" action="/people/add">
            <label>"Name"<input name="name" required maxlength="100" autocomplete="off"/></label>
            <label>"Role"{roles(&Role::OF_PEOPLE, Role::Member)}</label>
            <label>"Password, 10 characters or more"<input name="password" type="password" minlength="10" maxlength="200" autocomplete="new-password"/></label>
            <label>"PIN for the kiosk"<input name="pin" type="password" inputmode="numeric" minlength="4" maxlength="8" autocomplete="off"/></label>
            <button class="button button-main" type="submit">"Add"</button>
        </form>
        <h2>"Signed in"</h2>
        <ul class="bottles">{sessions}</ul>
        <h2>"Tokens of programs"</h2>
        <ul class="bottles">{tokens}</ul>
        <form class="sheet" method="post" action="/people/tokens">
            <label>"What for"<input name="name" required maxlength="100" autocomplete="off"/></label>
            <label>"Role"{roles(Role::ALL, Role::Worker)}</label>
            <label>"Only these of its rights (empty: all)"<input name="scopes" autocomplete="off" placeholder="read stock"/></label>
            <label>"Ends after days (empty: never)"<input name="days" inputmode="numeric" autocomplete="off"/></label>
            <button class="button button-main" type="submit">"Make a token"</button>
        </form>
    }
    .into_any()
}

fn roles(offered: &[Role], chosen: Role) -> AnyView {
    let options: Vec<_> = offered
        .iter()
        .map(|role| view! { <option value=role.as_str() selected=*role == chosen>{role.as_str()}</option> })
        .collect();
    view! { <select name="role">{options}</select> }.into_any()
}

fn person(user: User) -> AnyView {
    let id = user.id.to_string();
    let has = match (user.has_password, user.has_pin) {
        (true, true) => "password and PIN",
        (true, false) => "password",
        (false, true) => "PIN only",
        (false, false) => "neither password nor PIN",
    };
    let state = if user.enabled { "" } else { ", may not sign in" };
    let what = format!("{} \u{b7} {has}{state}", user.role.as_str());
    let acts = format!("/history{}", forms::address(&[("by", &user.name)]));
    view! {
        <li class="bottle">
            {icon("person")}
            <div class="bottle-words"><strong>{user.name.clone()}</strong><small>{what}</small></div>
            <a class="button" href=acts aria-label=format!("What {} did", user.name)>{icon("history")}"History"</a>
            <details>
                <summary class="button">"Change"</summary>
                <form class="sheet" method="post" action="/people/change">
                    <input type="hidden" name="user" value=id.clone()/>
                    <input type="hidden" name="revision" value=user.revision/>
                    <label>"Name"<input name="name" required maxlength="100" value=user.name.clone()/></label>
                    <label>"Role"{roles(&Role::OF_PEOPLE, user.role)}</label>
                    <label class="tick"><input type="checkbox" name="enabled" checked=user.enabled/>"May sign in"</label>
                    <button class="button" type="submit">"Keep"</button>
                </form>
                <form class="sheet" method="post" action="/people/password">
                    <input type="hidden" name="user" value=id.clone()/>
                    <label>"New password"<input name="secret" type="password" required minlength="10" maxlength="200" autocomplete="new-password"/></label>
                    <button class="button" type="submit">"Set password"</button>
                </form>
                <form class="sheet" method="post" action="/people/pin">
                    <input type="hidden" name="user" value=id/>
                    <label>"New PIN (empty: none)"<input name="secret" type="password" inputmode="numeric" minlength="4" maxlength="8" autocomplete="off"/></label>
                    <button class="button" type="submit">"Set PIN"</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}

fn session(session: Session, now: Instant) -> AnyView {
    let agent: String = session.agent.chars().take(60).collect();
    let what = format!("{} \u{b7} {agent}", session.kind.as_str());
    let label = format!("Sign out {}", session.user);
    view! {
        <li class="bottle">
            {icon("in")}
            <div class="bottle-words"><strong>{session.user}</strong><small>{what}</small></div>
            {when(session.seen_at, now)}
            <form method="post" action="/people/sign-out">
                <input type="hidden" name="session" value=session.id/>
                <button class="button" type="submit" aria-label=label>"Sign out"</button>
            </form>
        </li>
    }
    .into_any()
}

fn token(token: Token, now: Instant) -> AnyView {
    let over = token.revoked_at.is_some() || token.expires_at.is_some_and(|end| end <= now);
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let only = if scopes.is_empty() { String::new() } else { format!(", only {}", scopes.join(" ")) };
    let state = if over { " \u{b7} opens nothing any more" } else { "" };
    let used = if token.used_at.is_none() { " \u{b7} never used" } else { "" };
    let what = format!("{}{only} \u{b7} made by {}{used}{state}", token.role.as_str(), token.created_by);
    let label = format!("Revoke {}", token.name);
    let revoke = (!over).then(|| {
        view! {
            <form method="post" action="/people/tokens/revoke">
                <input type="hidden" name="token" value=token.id.to_string()/>
                <button class="button" type="submit" aria-label=label>"Revoke"</button>
            </form>
        }
    });
    view! {
        <li class="bottle">
            {icon("key")}
            <div class="bottle-words"><strong>{token.name.clone()}</strong><small>{what}</small></div>
            {token.used_at.map(|at| when(at, now))}
            {revoke}
        </li>
    }
    .into_any()
}
