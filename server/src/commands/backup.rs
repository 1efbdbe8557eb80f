//! `winecellar backup`.

use anyhow::Context;

use crate::{
    backup::{
        make::{self, Wanted},
        place::{self, Held, Named},
    },
    cli::{Backup, Place},
    config, out,
};

/// Makes a backup, verified; then clears up, if asked.
pub(crate) fn run(place: &Place, args: &Backup) -> anyhow::Result<()> {
    let data = place.data();
    let out = args.out.clone().unwrap_or_else(|| data.backups());
    let db = place.open_migrated()?;
    let now = config::now();
    let named = Named { images: args.images, at: now };
    let (folder, path) = make::target(&out, &named);
    let _held = Held::take(&folder)?;
    let wanted = Wanted { db: &db, data: &data, images: args.images, now };
    let manifest = make::make(&wanted, &folder, &path)?;
    let size = std::fs::metadata(&path).with_context(|| format!("cannot measure {}", path.display()))?.len();
    let rows: u64 = manifest.rows.iter().map(|sum| sum.rows).sum();
    let pictures = manifest.files.len() - manifest.tables.len();
    out::line(format_args!(
        "{}: {rows} rows of {} tables, {pictures} pictures and tables of scans, {} kB; read back and found whole",
        path.display(),
        manifest.tables.len(),
        size.div_ceil(1024)
    ))?;
    if let Some(days) = args.keep {
        for name in place::clear_up(&folder, &named, days as usize)? {
            out::line(format_args!("removed {name}"))?;
        }
    }
    Ok(())
}
