//! `winecellar doctor`.

use anyhow::ensure;

use crate::{
    cli::{Doctor, Place},
    doctor::{self, State},
    out,
};

/// Prints every check; fails if one does.
pub(crate) fn run(place: &Place, args: &Doctor) -> anyhow::Result<()> {
    let checks = doctor::examine(place, args);
    if args.json {
        out::line(serde_json::to_string_pretty(&checks)?)?;
    } else {
        for check in &checks {
            let state = match check.state {
                State::Ok => "ok  ",
                State::Warn => "WARN",
                State::Fail => "FAIL",
            };
            out::line(format_args!("{state}  {:<22}{}", check.name, check.found))?;
            if let Some(cure) = &check.cure {
                out::line(format_args!("      {:<22}-> {cure}", ""))?;
            }
        }
    }
    let failed: Vec<&str> = checks.iter().filter(|check| check.state == State::Fail).map(|check| check.name).collect();
    ensure!(failed.is_empty(), "{} of {} checks failed: {}", failed.len(), checks.len(), failed.join(", "));
    Ok(())
}
