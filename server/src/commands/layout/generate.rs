//! `winecellar layout generate`: bins by rule.

use anyhow::Context;
use models::rack_plan;
use plan::{
    cells::write_cells,
    lattice::Lattice,
    layout::{BinShape, Layout},
    lens::Lens,
};

use super::{put, room};
use crate::cli;

/// Writes the bins, or the whole layout where the corners are given.
pub(super) fn run(args: &cli::Generate) -> anyhow::Result<()> {
    let [width, height] = pixels("--size", &args.size)?;
    rack_plan::check_prefix(&args.prefix).context("--prefix")?;
    let pattern = rack_plan::pattern(args.kind).context("--kind: the bins of a free rack are drawn, not worked out")?;
    let lattice = Lattice {
        pattern,
        rows: args.rows,
        columns: args.columns,
        staggered: args.staggered,
        rim: args.rim,
        width: f64::from(width),
        height: f64::from(height),
        board: args.board,
    };
    let size_mm = args.mm.as_deref().map(|text| sizes("--mm", text)).transpose()?;
    let mm = size_mm.map(|size| [size[0] / f64::from(width), size[1] / f64::from(height)]);
    let mut bins = Vec::new();
    for cell in lattice.cells()? {
        let mut bin = BinShape { id: format!("{}{}", args.prefix, cell.name), polygon: cell.outline, capacity: 0 };
        bin.capacity = room(&args.room, &bin, mm)?.unwrap_or(0);
        bins.push(bin);
    }
    let (Some(corners), Some(frame)) = (&args.corners, &args.frame) else {
        return put(args.out.as_deref(), &write_cells(&bins));
    };
    let [x0, y0, x1, y1, x2, y2, x3, y3] = numbers("--corners", corners)?;
    let lens = match args.lens.as_deref() {
        None => None,
        Some(text) => {
            let [k1, k2, p1, p2] = numbers("--lens", text)?;
            Some(Lens { k1, k2, p1, p2 })
        }
    };
    let layout = Layout {
        corners: [[x0, y0], [x1, y1], [x2, y2], [x3, y3]],
        frame: pixels("--frame", frame)?,
        rectified: [width, height],
        lens,
        size_mm,
        bins,
    };
    layout.validate()?;
    put(args.out.as_deref(), &layout.to_json())
}

fn numbers<const N: usize>(option: &str, text: &str) -> anyhow::Result<[f64; N]> {
    let parts: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    parts
        .ok()
        .and_then(|parts| <[f64; N]>::try_from(parts).ok())
        .with_context(|| format!("{option}: `{text}` is not {N} numbers with commas between them"))
}

fn sizes(option: &str, text: &str) -> anyhow::Result<[f64; 2]> {
    let parts = text.split_once('x').and_then(|(w, h)| Some([w.trim().parse().ok()?, h.trim().parse().ok()?]));
    parts.with_context(|| format!("{option}: `{text}` is not WIDTHxHEIGHT, such as 1600x1200"))
}

fn pixels(option: &str, text: &str) -> anyhow::Result<[u32; 2]> {
    let sides = sizes(option, text)?;
    anyhow::ensure!(
        sides.iter().all(|side| side.fract() == 0.0 && (16.0..=16_384.0).contains(side)),
        "{option}: `{text}`: each side has 16 to 16384 whole pixels"
    );
    Ok(sides.map(|side| side as u32))
}
