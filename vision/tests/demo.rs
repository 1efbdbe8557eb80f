//! The whole chain on the demonstration's rack.

use vision::detect::Detector;
use vision::rectify::rectify;
use vision::render::{demo_scene, render};

/// The network is young (see docs/VISION.md): this guards against getting worse, it does not claim exactness.
#[test]
fn reads_most_of_the_demonstration() {
    let scene = demo_scene();
    let layout = scene.layout();
    layout.validate().expect("a valid layout");
    let picture = rectify(&render(&scene), &layout).expect("straightened");
    let readings = Detector::builtin().expect("the network").read(&picture, &layout.bins);
    let right = readings.iter().zip(scene.truth()).filter(|(r, (_, n))| r.count == Some(*n)).count();
    assert!(right >= 18, "{right} of {} bins", readings.len());
}
