//! `winecellar stock tidy`.

use anyhow::ensure;

use crate::{
    cli::{Place, Tidy},
    config, disk,
    nas::deadline,
    out,
    room::{self, Keep},
};

/// Clears away what need not be kept; fails where the room does not suffice all the same, so that somebody is told.
pub(crate) fn run(place: &Place, args: &Tidy) -> anyhow::Result<()> {
    let (data, nas, now) = (place.data(), place.nas(), config::now());
    let keep = Keep { days: args.keep_days, free: args.keep_free_mb << 20 };
    for id in room::tidy(&data, nas.as_ref(), &keep, now)? {
        out::line(format_args!("removed the pictures of scan {id}"))?;
    }
    let free = disk::free(data.ensure()?)?;
    out::line(format_args!("{} MB free at {}", free >> 20, data.ensure()?.display()))?;
    if let (Some(nas), Some(days)) = (nas.clone(), args.nas_keep_days) {
        let gone = deadline::run(deadline::STEP, move |steps| room::tidy_nas(&nas, days, now, steps))?;
        out::line(format_args!("removed the pictures of {gone} scans from the NAS"))?;
    }
    let waiting = if nas.is_some() { "; scans that the NAS does not have yet are never removed" } else { "" };
    ensure!(
        free >= keep.free,
        "only {} MB are free at {}, wanted are {}: remove old backups, use a larger disk, or set WINECELLAR_KEEP_FREE_MB lower{waiting}",
        free >> 20,
        data.ensure()?.display(),
        args.keep_free_mb
    );
    Ok(())
}
