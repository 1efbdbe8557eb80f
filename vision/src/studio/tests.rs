//! What the studio promises to those who learn from its pictures.

use super::bottle::Bottle;
use super::cast;
use super::grain::Dice;
use super::light::Light;
use super::shot::{Camera, Set, SetBin, shoot};
use super::solid::{Form, Solid};
use super::space::{Vec3, grey, v};
use super::stuff::Stuff;
use super::{arrange, develop};

/// A set with one bottle in one square bin, seen from 150 cm.
fn alone(bottle: Bottle, before: Vec<Solid>) -> Set {
    let mut solids = vec![Solid::new(Form::Bottle(Box::new(bottle)), Stuff::Bottle)];
    solids.extend(before);
    let corner = |x: f32, y: f32| v(x, y, 0.0);
    let opening = vec![corner(-6.0, 6.0), corner(6.0, 6.0), corner(6.0, -6.0), corner(-6.0, -6.0)];
    let camera = Camera {
        at: v(0.0, 0.0, 150.0),
        aim: v(0.0, 0.0, 0.0),
        roll: 0.0,
        focal: 900.0,
        size: [120, 120],
        barrel: 0.0,
    };
    let bins = vec![SetBin { id: "001".into(), opening, bottles: vec![0] }];
    Set { solids, light: Light::even(), camera, bins, seed: 1 }
}

fn lying(axis: Vec3) -> Bottle {
    let mut dice = Dice::new(4);
    let kind = cast::kind(&mut dice);
    let base = if axis.z > 0.0 { v(0.0, 0.0, -kind.length()) } else { v(0.0, 0.0, 0.0) };
    kind.bottle(base, axis, &mut dice)
}

#[test]
fn an_end_lies_where_the_lens_puts_it() {
    let bottle = lying(v(0.0, 0.0, 1.0));
    let (_, radius, neck) = bottle.end();
    assert!(neck);
    let shot = shoot(&alone(bottle, Vec::new()), 1);
    let bin = &shot.bins[0];
    assert!(bin.sure);
    let [x, y, r] = bin.ends[0];
    assert!((x - 60.0).abs() < 1e-3 && (y - 60.0).abs() < 1e-3, "{x} {y}");
    assert!((r - f64::from(radius) * 6.0).abs() < 1e-3, "{r}");
    let base = shoot(&alone(lying(v(0.0, 0.0, -1.0)), Vec::new()), 1);
    assert!(base.bins[0].ends[0][2] > 2.0 * r, "a base is far wider than a neck");
}

#[test]
fn a_hidden_end_is_not_claimed() {
    let card = super::joinery::board([-20.0, 0.0], [20.0, 0.0], 40.0, [9.0, 8.0], Stuff::Lamp { colour: grey(1.0) });
    assert!(!shoot(&alone(lying(v(0.0, 0.0, 1.0)), vec![card]), 1).bins[0].sure);
}

#[test]
fn a_seed_gives_the_same_picture_again() {
    let take = || {
        let (mut set, process) = arrange(5);
        // Small, as this runs unoptimised in the tests.
        set.camera.focal *= 0.2;
        set.camera.size = set.camera.size.map(|side| side / 5);
        develop(&shoot(&set, 1), &process)
    };
    assert_eq!(take(), take());
}

#[test]
fn sets_hold_what_they_say() {
    let (mut bottles, mut empty) = (0, 0);
    for seed in 0..60 {
        let (set, _) = arrange(seed);
        assert!(!set.bins.is_empty(), "set {seed} has no bin");
        for bin in &set.bins {
            assert!(bin.opening.len() >= 3);
            empty += usize::from(bin.bottles.is_empty());
            bottles += bin.bottles.len();
            for &i in &bin.bottles {
                assert!(matches!(set.solids[i].form, Form::Bottle(_)), "set {seed}: bin {} names a board", bin.id);
            }
        }
    }
    assert!(bottles > 500 && empty > 50, "{bottles} bottles, {empty} empty bins");
}
