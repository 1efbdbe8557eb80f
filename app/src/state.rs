//! What lives as long as the app does, handed down by context.

pub mod acts;
pub mod live;
