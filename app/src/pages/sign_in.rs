//! `/sign-in` and `/setup`: the pages for somebody who is nobody yet. Plain forms; the server answers them.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::who::refused;

/// `/sign-in`
pub fn page() -> AnyView {
    let query = use_query_map();
    let next = query.read_untracked().get("next").unwrap_or_else(|| "/".to_owned());
    view! {
        <Title text="Sign in"/>
        <header class="head"><h1>"Sign in"</h1></header>
        {refused()}
        <form class="sheet" method="post" action="/sign-in">
            <input type="hidden" name="next" value=next/>
            <label>"Name"<input name="name" required autocomplete="username" maxlength="100" autocapitalize="words"/></label>
            <label>"Password"<input name="password" type="password" required autocomplete="current-password" maxlength="200"/></label>
            <button class="button button-main" type="submit">"Sign in"</button>
        </form>
    }
    .into_any()
}

/// `/setup`
pub fn setup() -> AnyView {
    let query = use_query_map();
    let token = query.read_untracked().get("token").unwrap_or_default();
    view! {
        <Title text="Set up"/>
        <header class="head"><h1>"The first admin"</h1></header>
        {refused()}
        <p class="quiet">"This link works once. Whoever you name here may do everything, and may add others."</p>
        <form class="sheet" method="post" action="/setup">
            <input type="hidden" name="token" value=token/>
            <label>"Your name"<input name="name" required autocomplete="username" maxlength="100" autocapitalize="words"/></label>
            <label>"Password, at least 10 characters"
                <input name="password" type="password" required autocomplete="new-password" minlength="10" maxlength="200"/>
            </label>
            <button class="button button-main" type="submit">"Make me admin"</button>
        </form>
    }
    .into_any()
}
