//! How fresh the page is: a counter that rises whenever the cellar changed, and the state of the line to the server.

use leptos::prelude::*;

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
}

impl Live {
    /// Makes the signals and gives them to everything below the caller.
    pub fn provide() -> Self {
        let live = Self { revision: RwSignal::new(0), link: RwSignal::new(Link::Opening) };
        provide_context(live);
        live
    }

    /// The signals of this app.
    pub fn get() -> Self {
        expect_context()
    }

    /// Says that something changed. Harmless after the app was taken down.
    pub fn bump(self) {
        self.revision.try_update(|n| *n = n.wrapping_add(1));
    }
}
