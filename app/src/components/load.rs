//! A page while it loads, when it has come, and when it cannot come.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    components::icon::icon,
    error::{AppError, ErrorCode},
    texts,
};

/// Shows what a resource brought. While it re-reads, the old content stays.
pub fn load<T>(resource: Resource<Result<T, AppError>>, show: fn(T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    let location = use_location();
    let address = move || (location.pathname.get_untracked(), location.search.get_untracked());
    let last: StoredValue<Option<(_, T)>> = StoredValue::new(None);
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">{texts::one_moment()}</p> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(data) => {
                        last.set_value(Some((address(), data.clone())));
                        show(data)
                    }
                    // While the server or its database is away what was there can still be read; at another address it
                    // would answer a question that was not asked.
                    Err(error) => match last.get_value().filter(|(of, _)| away(error.code) && *of == address()) {
                        Some((_, data)) => show(data),
                        None => failure(&error),
                    },
                }
            })}
        </Transition>
    }
    .into_any()
}

/// The page of the one thing that `:id` in the address names.
pub fn load_one<T, F>(fetch: fn(String) -> F, show: fn(T) -> AnyView) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    load(Resource::new(move || id.get(), fetch), show)
}

fn away(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Network | ErrorCode::Busy)
}

/// Why there is nothing to see.
pub fn failure(error: &AppError) -> AnyView {
    let title = match error.code {
        ErrorCode::NotFound => texts::not_here(),
        code if away(code) => texts::not_just_now(),
        _ => texts::did_not_work(),
    };
    let text = error.message.clone();
    view! { <div class="empty" role="alert">{icon("look")}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}

/// Nothing to see, and that is fine.
pub fn empty(symbol: &str, title: &'static str, text: &'static str) -> AnyView {
    view! { <div class="empty">{icon(symbol)}<h2>{title}</h2><p>{text}</p></div> }.into_any()
}
