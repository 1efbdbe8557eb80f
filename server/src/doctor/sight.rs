//! What a scan needs: settings that can be read, a model that counts as it was trained to, a camera that gives a picture.

use std::time::Duration;

use vision::{capture, detect::Detector, quality};

use super::Check;
use crate::{
    cli::{Doctor, Place},
    config,
};

const CAMERA: &str = "camera";

/// The settings, before anything is tried with them.
pub(super) fn settings(place: &Place, args: &Doctor) -> Check {
    let mut wrong = Vec::new();
    if let Err(why) = config::address(&args.addr) {
        wrong.push(format!("WINECELLAR_ADDR `{}`: {why}", args.addr));
    }
    let url = place.url();
    if !["sqlite:", "mysql://", "mariadb://"].iter().any(|form| url.starts_with(form)) {
        wrong.push("DATABASE_URL is neither sqlite:PATH nor mysql://USER:PASSWORD@HOST/NAME".to_owned());
    }
    if let Some(spec) = args.source.as_deref().filter(|spec| !spec.trim().is_empty())
        && let Err(error) = spec.parse::<vision::source::SourceSpec>()
    {
        wrong.push(format!("WINECELLAR_SOURCE: {error}"));
    }
    Check::of_complaints("settings", "can all be read", &wrong, "set them right in /etc/winecellar/shared.env")
}

pub(super) fn checks(place: &Place, args: &Doctor) -> Vec<Check> {
    let mut checks = vec![model()];
    if !args.no_camera {
        checks.push(camera(place, args));
    }
    checks
}

/// Loading runs the model on a known input and compares the answer with the one recorded in training.
fn model() -> Check {
    match Detector::builtin() {
        Ok(detector) => Check::ok("model", format!("{} answers its test input as in training", detector.name())),
        Err(error) => Check::fail("model", error.to_string(), "install the program anew: this file is damaged"),
    }
}

fn camera(place: &Place, args: &Doctor) -> Check {
    let source = match place.data().source(args.source.as_deref()) {
        Ok(source) => source,
        Err(error) => return Check::warn(CAMERA, format!("{error:#}"), "set WINECELLAR_SOURCE"),
    };
    match capture::capture(&source, Duration::from_secs(args.deadline)) {
        Err(error) => Check::fail(
            CAMERA,
            error.to_string(),
            "see that it is plugged in or answers in a browser, that no other program holds it, and that the service's \
             user is in the group video; `winecellar stock snapshot` tries again",
        ),
        Ok(frames) => {
            let seen = frames.first().map(|frame| (frame.image.dimensions(), quality::assess(&frame.image).refusal()));
            match seen {
                None => Check::fail(CAMERA, format!("{source} gave no picture"), "see that it is switched on"),
                Some((_, Some(reason))) => Check::warn(
                    CAMERA,
                    format!("{source}: {reason}"),
                    "light, lens and view: a scan now has no opinion",
                ),
                Some(((width, height), None)) => Check::ok(CAMERA, format!("{source}: {width}x{height}")),
            }
        }
    }
}
