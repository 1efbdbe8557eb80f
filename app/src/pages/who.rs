//! `/who`: at the kiosk, who stands here; elsewhere, as whom one is signed in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::user::Role;

use crate::{
    api::people::{Who, get_names, get_who},
    components::{
        icon::icon,
        load::{empty, load},
        who::refused,
    },
    error::AppError,
    format, texts,
};

/// The page.
pub fn page() -> AnyView {
    let data = Resource::new(|| (), |()| async { Ok::<_, AppError>((get_who().await?, get_names().await?)) });
    view! {
        <Title text=texts::who_question()/>
        <header class="head"><h1>{texts::who_is_here()}</h1></header>
        {refused()}
        {move || changed(use_query_map().read().get("done").as_deref())}
        {load(data, show)}
    }
    .into_any()
}

fn show((who, names): (Who, Vec<String>)) -> AnyView {
    if who.is_person || who.role != Some(Role::Kiosk) {
        return account(&who);
    }
    if names.is_empty() {
        return view! {
            {empty("person", texts::nobody_has_pin(), texts::nobody_has_pin_cure())}
            <p><a class="button" rel="external" href="/sign-in?next=/people">{texts::sign_in_as_admin()}</a></p>
        }
        .into_any();
    }
    let query = use_query_map();
    let chosen = query.read_untracked().get("name").filter(|name| names.contains(name));
    // One name alone needs no choosing.
    let chosen = chosen.or_else(|| (names.len() == 1).then(|| names[0].clone()));
    let choices: Vec<_> = names
        .into_iter()
        .map(|name| {
            let checked = chosen.as_deref() == Some(&name);
            view! { <label class="choice"><input type="radio" name="name" value=name.clone() required checked=checked/><span>{name}</span></label> }
        })
        .collect();
    let pin = RwSignal::new(String::new());
    view! {
        <form class="person" method="post" action="/who">
            <fieldset class="choices"><legend class="hidden">{texts::your_name()}</legend>{choices}</fieldset>
            <div class="pad">
                <input type="password" name="pin" inputmode="numeric" autocomplete="off" required minlength="4" maxlength="8"
                    pattern="[0-9]*" aria-label=texts::pin() prop:value=pin on:input=move |event| pin.set(event_target_value(&event))/>
                {keys(pin)}
                <button class="button button-main button-wide" type="submit">{texts::that_is_me()}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The keys of the pad. They need JavaScript; the field beside them does not.
fn keys(pin: RwSignal<String>) -> AnyView {
    let digit = move |digit: char| {
        let press = move |_| {
            pin.update(|pin| {
                if pin.len() < 8 {
                    pin.push(digit)
                }
            })
        };
        view! { <button type="button" class="button" on:click=press>{digit.to_string()}</button> }
    };
    let digits: Vec<_> = ('1'..='9').map(digit).collect();
    view! {
        <div class="keys">
            {digits}
            <button type="button" class="button" aria-label=texts::clear() on:click=move |_| pin.set(String::new())>{icon("close")}</button>
            {digit('0')}
            <button type="button" class="button" aria-label=texts::delete_digit() on:click=move |_| pin.update(|pin| pin.truncate(pin.len().saturating_sub(1)))>
                {icon("back")}
            </button>
        </div>
    }
    .into_any()
}

/// What came of a form of this page, by a word of the address.
fn changed(word: Option<&str>) -> AnyView {
    let text = match word {
        Some("password") => texts::password_changed(),
        Some("pin") => texts::pin_changed(),
        _ => return ().into_any(),
    };
    view! { <p class="quiet" role="status">{icon("check")}{text}</p> }.into_any()
}

/// One's own password and PIN. Both ask for the password that there is: a browser may have been left open.
fn secrets() -> AnyView {
    let form = |action: &'static str, summary: &'static str, new: AnyView| {
        view! {
            <details>
                <summary class="button">{icon("key")}{summary}</summary>
                <form class="sheet" method="post" action=action>
                    <label>{texts::present_password()}<input name="current" type="password" required maxlength="200" autocomplete="current-password"/></label>
                    {new}
                    <button class="button button-main" type="submit">{texts::change()}</button>
                </form>
            </details>
        }
        .into_any()
    };
    let password = view! {
        <label>{texts::new_password_ten()}
            <input name="secret" type="password" required minlength="10" maxlength="200" autocomplete="new-password"/>
        </label>
    };
    let pin = view! {
        <label>{texts::new_kiosk_pin()}
            <input name="secret" type="password" inputmode="numeric" minlength="4" maxlength="8" pattern="[0-9]*" autocomplete="off"/>
        </label>
    };
    view! {
        {form("/who/password", texts::change_my_password(), password.into_any())}
        {form("/who/pin", texts::change_my_pin(), pin.into_any())}
    }
    .into_any()
}

fn account(who: &Who) -> AnyView {
    let role = who.role.map_or("\u{2013}", format::role_word);
    let people = (who.role == Some(Role::Admin)).then(
        || view! { <a class="button" rel="external" href="/people">{icon("person")}{texts::people_and_tokens()}</a> },
    );
    view! {
        <p>{texts::you_are(&who.name, &role)}</p>
        <div class="buttons">
            {people}
            <form method="post" action="/sign-out"><button class="button" type="submit">{icon("leave")}{texts::sign_out()}</button></form>
        </div>
        {who.has_password.then(secrets)}
    }
    .into_any()
}
