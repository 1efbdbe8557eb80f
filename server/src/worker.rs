//! The vision batch: one scan from frame to proposals. It runs in the process that was asked (the systemd unit, a
//! person's shell, or a child of the server for "scan now"); a file lock admits one at a time.

pub(crate) mod artifacts;
pub(crate) mod atomic;
pub(crate) mod camera;
pub(crate) mod harvest;
pub(crate) mod layout;
pub(crate) mod lessons;
pub(crate) mod light;
pub(crate) mod lock;
pub(crate) mod outcome;
pub(crate) mod reference;
pub(crate) mod results;
pub(crate) mod scan;
pub(crate) mod snapshot;
