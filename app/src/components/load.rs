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
    let last: StoredValue<Option<T>> = StoredValue::new(None);
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">"One moment\u{2026}"</p> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(data) => {
                        last.set_value(Some(data.clone()));
                        show(data)
                    }
                    // While the server or its database is away what was there can still be read.
                    Err(error) => match last.get_value().filter(|_| away(error.code)) {
                        Some(data) => show(data),
                        None => failure(&error),
                    },
                }
            })}
        </Transition>
    }
    .into_any()
}

fn away(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Network | ErrorCode::Busy)
}

/// Why there is nothing to see.
pub fn failure(error: &AppError) -> AnyView {
    let title = match error.code {
        ErrorCode::NotFound => "Not here",
        code if away(code) => "Not just now",
        _ => "That did not work",
    };
    let text = error.message.clone();
    view! { <div class="empty" role="alert">{icon("look")}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}

/// Nothing to see, and that is fine.
pub fn empty(symbol: &str, title: &'static str, text: &'static str) -> AnyView {
    view! { <div class="empty">{icon(symbol)}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}
