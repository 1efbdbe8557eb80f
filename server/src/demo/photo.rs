//! Photos of the demo rack, as it is or with bottles taken away or moved.

use std::path::Path;

use vision::render;

use crate::{
    exit::Ended,
    out,
    worker::{artifacts, atomic},
};

/// Renders the rack without the named bottles (`BIN=N`), and with others in another bin (`BIN=BIN`), and writes a JPEG.
pub(crate) fn write(without: &[String], moved: &[String], out: &Path) -> anyhow::Result<()> {
    let mut scene = render::demo_scene();
    for item in without {
        let usage = |why: String| Ended::Usage(format!("--without `{item}`: {why}"));
        let pair = item.split_once('=').and_then(|(bin, number)| Some((bin, number.parse::<u32>().ok()?)));
        let (bin, number) = pair.ok_or_else(|| usage("give BIN=N, such as 03_03=1".to_owned()))?;
        let truth = scene.truth();
        let holds = truth.iter().find(|(id, _)| id == bin).map(|(_, count)| *count);
        let holds =
            holds.ok_or_else(|| usage(format!("the demo rack has no bin `{bin}`; it has {}", names(&truth))))?;
        if number > holds {
            return Err(usage(format!("bin {bin} holds {holds}")).into());
        }
        scene.without(bin, number);
    }
    for item in moved {
        let usage = |why: String| Ended::Usage(format!("--moved `{item}`: {why}"));
        let pair = item.split_once('=');
        let (from, to) = pair.ok_or_else(|| usage("give BIN=BIN, such as 03_03=04_01".to_owned()))?;
        if from == to || !scene.carry(from, to) {
            return Err(usage(format!("bin {from} has no bottle to spare, or {to} no room for it")).into());
        }
    }
    atomic::write(out, &artifacts::jpeg(&render::render(&scene))?)?;
    out::line(out.display())?;
    Ok(())
}

fn names(truth: &[(String, u32)]) -> String {
    truth.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", ")
}
