//! The whole chain on the demonstration's rack.

use vision::detect::Detector;
use vision::rectify::rectify;
use vision::render::{demo_scene, render};

/// No bottle of this rack was in the training pictures; see models/onnx/MODEL_CARD.md.
#[test]
fn every_bin_of_the_demonstration_is_counted() {
    let scene = demo_scene();
    let layout = scene.layout();
    layout.validate().expect("a valid layout");
    let picture = rectify(&render(&scene), &layout).expect("straightened");
    let readings = Detector::builtin().expect("the network").read(&picture, &layout.bins);
    let wrong: Vec<_> = readings.iter().zip(scene.truth()).filter(|(r, (_, n))| r.count != Some(*n)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
