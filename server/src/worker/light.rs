//! The light is on for a picture and off after it, whatever becomes of the scan.
//!
//! A child process waits for this one's end and switches the light off. It is started before the light is switched on, so that
//! not even a kill -9 leaves the cellar lit.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use vision::capture::light::Switch;

use crate::cli::Light;

/// What the child says when it can no longer be surprised by a signal.
pub(crate) const READY: &[u8] = b"ready\n";
/// A switch has this long to answer.
pub(crate) const SWITCH_DEADLINE: Duration = Duration::from_secs(10);

/// While it lives, the light is on.
pub(crate) struct Lit {
    /// Waits for the end of its standard input.
    keeper: Option<Child>,
}

/// The two switches, read from the settings.
pub(crate) fn switches(light: &Light) -> anyhow::Result<(Option<Switch>, Option<Switch>)> {
    let read = |text: &Option<String>, name: &str| match text.as_deref().map(str::trim).filter(|text| !text.is_empty())
    {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|error| anyhow::anyhow!("{name}: {error}")),
    };
    Ok((read(&light.light_on, "WINECELLAR_LIGHT_ON")?, read(&light.light_off, "WINECELLAR_LIGHT_OFF")?))
}

/// Switches the light on and waits until it is steady. With what went wrong: a picture is tried all the same.
pub(crate) fn on(light: &Light) -> anyhow::Result<(Lit, Option<String>)> {
    let (on, off) = switches(light)?;
    let mut lit = Lit { keeper: None };
    if off.is_some() {
        match keeper(light.light_off.as_deref().unwrap_or_default()) {
            Ok(keeper) => lit.keeper = Some(keeper),
            // A light that nobody would switch off again is not switched on.
            Err(error) => return Ok((lit, Some(format!("The light stayed off, its keeper did not start: {error}.")))),
        }
    }
    let Some(on) = on else { return Ok((lit, None)) };
    match on.flip(SWITCH_DEADLINE) {
        Ok(()) => {
            std::thread::sleep(Duration::from_secs(light.light_wait));
            Ok((lit, None))
        }
        Err(error) => Ok((lit, Some(format!("The light could not be switched on: {error}.")))),
    }
}

fn keeper(off: &str) -> std::io::Result<Child> {
    // This program, also when its file has been replaced by an upgrade meanwhile.
    let mut child = Command::new("/proc/self/exe")
        .args(["stock", "darken"])
        .env("WINECELLAR_LIGHT_OFF", off)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = vec![0; READY.len()];
    let ready = child.stdout.take().map(|mut out| out.read_exact(&mut said));
    match ready {
        Some(Ok(())) if said == READY => Ok(child),
        _ => {
            // It has ended, or is about to.
            drop(child.kill());
            drop(child.wait());
            Err(std::io::Error::other("it said nothing"))
        }
    }
}

impl Drop for Lit {
    fn drop(&mut self) {
        let Some(mut keeper) = self.keeper.take() else { return };
        // The end of its input tells it that the picture is taken.
        drop(keeper.stdin.take());
        let until = Instant::now() + SWITCH_DEADLINE + Duration::from_secs(2);
        while matches!(keeper.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
