//! `/sign-in` and `/setup`: the pages for somebody who is nobody yet. Plain forms; the server answers them.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::who::refused;
use crate::texts;

/// `/sign-in`
pub fn page() -> AnyView {
    let query = use_query_map();
    let next = query.read_untracked().get("next").unwrap_or_else(|| "/".to_owned());
    view! {
        <Title text=texts::sign_in()/>
        <header class="head"><h1>{texts::sign_in()}</h1></header>
        {refused()}
        <form class="sheet" method="post" action="/sign-in">
            <input type="hidden" name="next" value=next/>
            <label>{texts::name()}<input name="name" required autocomplete="username" maxlength="100" autocapitalize="words"/></label>
            <label>{texts::password()}<input name="password" type="password" required autocomplete="current-password" maxlength="200"/></label>
            <button class="button button-main" type="submit">{texts::sign_in()}</button>
        </form>
    }
    .into_any()
}

/// `/setup`
pub fn setup() -> AnyView {
    let query = use_query_map();
    let token = query.read_untracked().get("token").unwrap_or_default();
    view! {
        <Title text=texts::set_up()/>
        <header class="head"><h1>{texts::first_admin()}</h1></header>
        {refused()}
        <p class="quiet">{texts::link_works_once()}</p>
        <form class="sheet" method="post" action="/setup">
            <input type="hidden" name="token" value=token/>
            <label>{texts::your_name()}<input name="name" required autocomplete="username" maxlength="100" autocapitalize="words"/></label>
            <label>{texts::password_at_least()}
                <input name="password" type="password" required autocomplete="new-password" minlength="10" maxlength="200"/>
            </label>
            <button class="button button-main" type="submit">{texts::make_me_admin()}</button>
        </form>
    }
    .into_any()
}
