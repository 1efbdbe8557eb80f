//! Photos of the demo rack, as it is or with bottles taken away.

use std::path::Path;

use anyhow::Context;
use vision::render;

use crate::out;
use crate::worker::{artifacts, atomic};

/// Renders the rack without the named bottles (`BIN=N`) and writes a JPEG.
pub(crate) fn write(without: &[String], out: &Path) -> anyhow::Result<()> {
    let mut scene = render::demo_scene();
    for item in without {
        let (bin, number) =
            item.split_once('=').with_context(|| format!("--without `{item}`: give BIN=N, such as 03_03=1"))?;
        let number: u32 = number.parse().with_context(|| format!("--without `{item}`: N must be a number"))?;
        let truth = scene.truth();
        let holds = truth.iter().find(|(id, _)| id == bin).map(|(_, count)| *count);
        let holds = holds.with_context(|| {
            format!("--without `{item}`: the demo rack has no bin `{bin}`; it has {}", names(&truth))
        })?;
        anyhow::ensure!(number <= holds, "--without `{item}`: bin {bin} holds {holds}");
        scene.without(bin, number);
    }
    atomic::write(out, &artifacts::jpeg(&render::render(&scene))?)?;
    out::line(out.display())?;
    Ok(())
}

fn names(truth: &[(String, u32)]) -> String {
    truth.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", ")
}
