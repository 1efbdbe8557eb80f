//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{icon::icon, load::empty};

/// Says so, with status 404.
pub fn page() -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        {empty("look", "Nothing lies here", "The address leads to no page of this cellar.")}
        <p class="buttons"><a class="button" href="/">{icon("home")}"Home"</a></p>
    }
    .into_any()
}
