//! The two helpers of a scan that run as processes of their own: one holds the camera, one waits to switch the light off.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use vision::capture::{self, Shots, light::Switch};

use crate::{
    cli::{Darken, Grab},
    worker::light::{READY, SWITCH_DEADLINE},
};

/// `stock grab`: pictures of a Video4Linux camera to stdout, for [`vision::capture::Helper`]. Ends with the last one.
pub(crate) fn grab(args: &Grab) -> anyhow::Result<()> {
    let source = args.source.parse().context("the source")?;
    let shots = Shots { frames: args.frames, spacing: Duration::from_millis(args.spacing), helper: None };
    let mut out = io::stdout().lock();
    capture::serve(&source, &shots, Duration::from_millis(args.deadline), &mut out).context("nobody reads the pictures")
}

/// `stock darken`: outlives the scan that started it, by a moment.
pub(crate) fn darken(args: &Darken) -> anyhow::Result<()> {
    let switch: Switch = args.light_off.parse().context("WINECELLAR_LIGHT_OFF")?;
    // systemd and Ctrl-C mean all processes of the scan; this one is needed a little longer. A handler once set stays.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
            drop(signal(kind)?);
        }
        io::Result::Ok(())
    })?;
    let mut out = io::stdout();
    out.write_all(READY).and_then(|()| out.flush()).context("nobody waits for the light")?;
    // The other end is closed by the kernel, however the scan ends.
    io::copy(&mut io::stdin(), &mut io::sink()).context("cannot wait for the scan's end")?;
    switch.flip(SWITCH_DEADLINE).context("the light stays on")
}
