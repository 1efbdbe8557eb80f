//! Everything that touches the browser itself. Called from effects only, so it never runs on the server.

pub mod clock;
#[cfg(feature = "hydrate")]
pub mod events;
pub mod post;
#[cfg(feature = "hydrate")]
pub mod queue;
pub mod typing;
