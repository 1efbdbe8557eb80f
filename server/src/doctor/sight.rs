//! What a scan needs: settings that can be read, a model that counts as it was trained to, a camera that gives a picture.

use std::time::Duration;

use clap::CommandFactory;
use vision::clean::{self, View};

use super::Check;
use crate::{
    cli::{Cli, Doctor, Place},
    settings::{known::Known, values},
    worker::{light, snapshot},
};

const CAMERA: &str = "camera";

/// The settings, before anything is tried with them.
pub(super) fn settings(place: &Place, args: &Doctor) -> Check {
    let known = Known::of(&Cli::command());
    let given = [
        ("WINECELLAR_ADDR", Some(args.addr.clone())),
        ("DATABASE_URL", Some(place.url())),
        ("WINECELLAR_SOURCE", args.source.clone()),
        ("WINECELLAR_LIGHT_ON", args.light.light_on.clone()),
        ("WINECELLAR_LIGHT_OFF", args.light.light_off.clone()),
    ];
    let wrong: Vec<String> =
        given.into_iter().filter_map(|(key, value)| values::complaint(key, known.get(key)?, &value?)).collect();
    Check::of_complaints("settings", "can all be read", &wrong, "set them right in /etc/winecellar/shared.env")
}

pub(super) fn checks(place: &Place, args: &Doctor) -> Vec<Check> {
    let mut checks = vec![model(place)];
    if !args.no_camera {
        checks.push(camera(place, args));
    }
    checks
}

/// Loading runs the model on a known input and compares the answer with the one recorded in training.
fn model(place: &Place) -> Check {
    match place.detector() {
        Ok(detector) => Check::ok("model", format!("{} answers its test input as in training", detector.name())),
        Err(error) if place.model.is_some() => Check::fail(
            "model",
            format!("{error:#}"),
            "set the file and its description right (docs/VISION.md), or leave WINECELLAR_MODEL out for the built-in model",
        ),
        Err(error) => Check::fail("model", format!("{error:#}"), "install the program anew: this file is damaged"),
    }
}

fn camera(place: &Place, args: &Doctor) -> Check {
    let source = match place.data().source(args.source.as_deref()) {
        Ok(source) => source,
        Err(error) => return Check::warn(CAMERA, format!("{error:#}"), "set WINECELLAR_SOURCE"),
    };
    let (lit, trouble) = match light::on(&args.light) {
        Ok(lit) => lit,
        Err(error) => return Check::fail(CAMERA, format!("{error:#}"), "set the light's switches right"),
    };
    let taken = clean::snapshot(&source, &snapshot::shots(), Duration::from_secs(args.deadline), |_| View::Clear);
    drop(lit);
    match (taken, trouble) {
        (Err(refused), _) if refused.seen.is_none() => Check::fail(
            CAMERA,
            refused.reason,
            "see that it is plugged in or answers in a browser, that no other program holds it, and that the service's \
             user is in the group video; `winecellar stock snapshot` tries again",
        ),
        (Err(refused), trouble) => Check::warn(
            CAMERA,
            format!("{source}: {} {}", refused.reason, trouble.unwrap_or_default()).trim_end().to_owned(),
            "light, lens and view: a scan now has no opinion",
        ),
        (Ok(_), Some(trouble)) => Check::warn(CAMERA, format!("{source}: {trouble}"), "see to the light's switches"),
        (Ok(seen), None) => {
            let (width, height) = seen.frame.image.dimensions();
            let faults: String = seen.overcome.iter().map(|fault| format!("; overcome: {fault}")).collect();
            Check::ok(CAMERA, format!("{source}: {width}x{height}, {} picture(s){faults}", seen.frames))
        }
    }
}
