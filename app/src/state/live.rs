//! How fresh the page is: a counter that rises whenever the cellar changed, and the state of the line to the server.

use leptos::prelude::*;

use super::acts::Acts;
use crate::browser;

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

    /// A counter that rises as `revision` does, but stands still while somebody is typing into a form of the page: what
    /// is typed must not be lost because somebody else has moved a bottle. What was saved refreshes the page.
    pub fn unless_typing(self, acts: Acts) -> Memo<(u32, u32)> {
        Memo::new(move |before: Option<&(u32, u32)>| {
            let now = (acts.saved.get(), self.revision.get());
            match before {
                Some(before) if before.0 == now.0 && browser::typing::unsaved() => *before,
                _ => now,
            }
        })
    }

    /// Says that something changed. Harmless after the app was taken down.
    pub fn bump(self) {
        self.revision.try_update(|n| *n = n.wrapping_add(1));
    }
}
