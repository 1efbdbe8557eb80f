//! A page while it loads, when it has come, and when it cannot come.

use leptos::prelude::*;

use crate::{
    components::icon::icon,
    error::{AppError, ErrorCode},
};

/// Shows what a resource brought. While it re-reads, the old content stays.
pub fn load<T>(resource: Resource<Result<T, AppError>>, show: fn(T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">"One moment\u{2026}"</p> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(data) => show(data),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// Why there is nothing to see.
pub fn failure(error: &AppError) -> AnyView {
    let title = match error.code {
        ErrorCode::NotFound => "Not here",
        ErrorCode::Busy | ErrorCode::Network => "Not just now",
        _ => "That did not work",
    };
    let text = error.message.clone();
    view! { <div class="empty" role="alert">{icon("look")}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}

/// Nothing to see, and that is fine.
pub fn empty(symbol: &str, title: &'static str, text: &'static str) -> AnyView {
    view! { <div class="empty">{icon(symbol)}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}
