//! How fresh the page is: a counter that rises whenever the cellar changed, and the state of the line to the server.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::browser::typing;

/// The line to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Not yet known: the page has just opened.
    Opening,
    /// Changes arrive.
    Up,
    /// The server is away; the browser keeps trying.
    Down,
}

/// Shared by every page: read `revision` in a resource's source and it re-reads when the cellar changes.
#[derive(Clone, Copy)]
pub struct Live {
    /// Rises with each change.
    pub revision: RwSignal<u32>,
    /// Whether the server is there.
    pub link: RwSignal<Link>,
    /// Acts that wait for it.
    pub waiting: RwSignal<u32>,
}

impl Live {
    /// Makes the signals and gives them to everything below the caller.
    pub fn provide() -> Self {
        let live = Self { revision: RwSignal::new(0), link: RwSignal::new(Link::Opening), waiting: RwSignal::new(0) };
        provide_context(live);
        live
    }

    /// The signals of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// What `fetch` tells of `id`, read again when the cellar changes. While somebody is at a form inside the element with
    /// `data-of` = `id`, what is shown stays: what is typed must not be lost because somebody else has moved a bottle. A form
    /// whose act was done is emptied (`shell/queue.js`), so that what it did is shown at once.
    pub fn steady<T, F>(self, id: Memo<String>, fetch: fn(String) -> F) -> Resource<T>
    where
        T: Send + Sync + Serialize + DeserializeOwned + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let source = move || (id.get(), self.revision.get());
        Resource::new(source, move |(id, _)| async move {
            let mut told = fetch(id.clone()).await;
            // The answer may have come after the typing began; what it says may be old when the typing ends.
            while typing::settled(&id).await {
                told = fetch(id.clone()).await;
            }
            told
        })
    }

    /// Says that something changed. Harmless after the app was taken down.
    pub fn bump(self) {
        self.revision.try_update(|n| *n = n.wrapping_add(1));
    }
}
