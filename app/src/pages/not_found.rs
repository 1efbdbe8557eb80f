//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{icon::icon, load::empty};
use crate::texts;

/// Says so, with status 404.
pub fn page() -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=texts::not_found()/>
        {empty("look", texts::nothing_lies_here(), texts::no_such_page())}
        <p class="buttons"><a class="button" href="/">{icon("home")}{texts::home()}</a></p>
    }
    .into_any()
}
