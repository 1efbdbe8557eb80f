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
    format, forms,
    state::live::Live,
    texts,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let data = Resource::new(move || live.revision.get(), |_| get_people());
    // Asked for once: what was shown stays until the page is left.
    let made = Resource::new(|| (), |()| new_token());
    view! {
        <Title text=texts::people()/>
        <header class="head"><h1>{texts::people()}</h1></header>
        {refused()}
        {load(made, shown_once)}
        {load(data, show)}
    }
    .into_any()
}

fn shown_once(token: Option<String>) -> AnyView {
    let Some(token) = token else { return ().into_any() };
    view! {
        <p class="notice" role="alert">{texts::new_token()}</p>
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
        <h2>{texts::add_person()}</h2>
        <form class="sheet" method="post" action="/people/add">
            <label>{texts::name()}<input name="name" required maxlength="100" autocomplete="off"/></label>
            <label>{texts::role()}{roles(&Role::OF_PEOPLE, Role::Member)}</label>
            <label>{texts::password_ten()}<input name="password" type="password" minlength="10" maxlength="200" autocomplete="new-password"/></label>
            <label>{texts::pin_for_kiosk()}<input name="pin" type="password" inputmode="numeric" minlength="4" maxlength="8" autocomplete="off"/></label>
            <button class="button button-main" type="submit">{texts::add()}</button>
        </form>
        <h2>{texts::signed_in()}</h2>
        <ul class="bottles">{sessions}</ul>
        <h2>{texts::tokens_of_programs()}</h2>
        <ul class="bottles">{tokens}</ul>
        <form class="sheet" method="post" action="/people/tokens">
            <label>{texts::what_for()}<input name="name" required maxlength="100" autocomplete="off"/></label>
            <label>{texts::role()}{roles(Role::ALL, Role::Worker)}</label>
            <label>{texts::only_these_rights()}<input name="scopes" autocomplete="off" placeholder="read stock"/></label>
            <label>{texts::ends_after_days()}<input name="days" inputmode="numeric" autocomplete="off"/></label>
            <button class="button button-main" type="submit">{texts::make_token()}</button>
        </form>
    }
    .into_any()
}

fn roles(offered: &[Role], chosen: Role) -> AnyView {
    let options: Vec<_> = offered
        .iter()
        .map(|role| view! { <option value=role.as_str() selected=*role == chosen>{format::role_word(*role)}</option> })
        .collect();
    view! { <select name="role">{options}</select> }.into_any()
}

fn person(user: User) -> AnyView {
    let id = user.id.to_string();
    let has = match (user.has_password, user.has_pin) {
        (true, true) => texts::password_and_pin(),
        (true, false) => texts::password_word(),
        (false, true) => texts::pin_only(),
        (false, false) => texts::no_password_no_pin(),
    };
    let state = if user.enabled { "" } else { texts::may_not_sign_in() };
    let what = format!("{} \u{b7} {has}{state}", format::role_word(user.role));
    let acts = format!("/history{}", forms::address(&[("by", &user.name)]));
    view! {
        <li class="bottle">
            {icon("person")}
            <div class="bottle-words"><strong>{user.name.clone()}</strong><small>{what}</small></div>
            <a class="button" href=acts aria-label=texts::what_did(&user.name)>{icon("history")}{texts::history()}</a>
            <details>
                <summary class="button">{texts::change()}</summary>
                <form class="sheet" method="post" action="/people/change">
                    <input type="hidden" name="user" value=id.clone()/>
                    <input type="hidden" name="revision" value=user.revision/>
                    <label>{texts::name()}<input name="name" required maxlength="100" value=user.name.clone()/></label>
                    <label>{texts::role()}{roles(&Role::OF_PEOPLE, user.role)}</label>
                    <label class="tick"><input type="checkbox" name="enabled" checked=user.enabled/>{texts::may_sign_in()}</label>
                    <button class="button" type="submit">{texts::keep_changes()}</button>
                </form>
                <form class="sheet" method="post" action="/people/password">
                    <input type="hidden" name="user" value=id.clone()/>
                    <label>{texts::new_password()}<input name="secret" type="password" required minlength="10" maxlength="200" autocomplete="new-password"/></label>
                    <button class="button" type="submit">{texts::set_password()}</button>
                </form>
                <form class="sheet" method="post" action="/people/pin">
                    <input type="hidden" name="user" value=id/>
                    <label>{texts::new_pin()}<input name="secret" type="password" inputmode="numeric" minlength="4" maxlength="8" autocomplete="off"/></label>
                    <button class="button" type="submit">{texts::set_pin()}</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}

fn session(session: Session, now: Instant) -> AnyView {
    let agent: String = session.agent.chars().take(60).collect();
    let what = format!("{} \u{b7} {agent}", session.kind.as_str());
    let label = texts::sign_out_who(&session.user);
    view! {
        <li class="bottle">
            {icon("in")}
            <div class="bottle-words"><strong>{session.user}</strong><small>{what}</small></div>
            {when(session.seen_at, now)}
            <form method="post" action="/people/sign-out">
                <input type="hidden" name="session" value=session.id/>
                <button class="button" type="submit" aria-label=label>{texts::sign_out()}</button>
            </form>
        </li>
    }
    .into_any()
}

fn token(token: Token, now: Instant) -> AnyView {
    let over = token.revoked_at.is_some() || token.expires_at.is_some_and(|end| end <= now);
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let only = if scopes.is_empty() { String::new() } else { format!(", {}", texts::only_scopes(&scopes.join(" "))) };
    let mut what = vec![format!("{}{only}", format::role_word(token.role)), texts::made_by(&token.created_by)];
    what.extend(token.used_at.is_none().then(|| texts::never_used().to_owned()));
    what.extend(over.then(|| texts::opens_nothing().to_owned()));
    let what = what.join(" \u{b7} ");
    let label = texts::revoke_what(&token.name);
    let revoke = (!over).then(|| {
        view! {
            <form method="post" action="/people/tokens/revoke">
                <input type="hidden" name="token" value=token.id.to_string()/>
                <button class="button" type="submit" aria-label=label>{texts::revoke()}</button>
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
