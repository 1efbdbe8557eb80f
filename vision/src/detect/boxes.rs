//! From the output of a YOLO detector to bottle ends.

use super::End;
use super::engine::{Answer, ModelError};
use super::framing::Framing;
use super::peaks::{Peak, log_odds};
use super::sidecar::Boxes;

/// Boxes of a lower score than this share of the threshold are not even doubts.
const DOUBT: f64 = 0.5;
/// Of the boxes above that no more than this many are compared with each other.
const MOST: usize = 2000;

/// How the values of an output lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 1 × boxes × (middle, size, objectness, scores), YOLO v5.
    BoxesFirst,
    /// 1 × (middle, size, scores) × boxes, YOLO v8 and v11.
    ValuesFirst,
}

/// Reads boxes, surest first. A box with its score at the threshold has log-odds of 0.
pub(super) fn boxes(answer: &Answer, order: Order, wanted: &Boxes, framing: &Framing) -> Result<Vec<Peak>, ModelError> {
    let head = if order == Order::BoxesFirst { 5 } else { 4 };
    let (count, values) = match (order, &answer.shape[..]) {
        (Order::BoxesFirst, &[1, count, values]) | (Order::ValuesFirst, &[1, values, count]) => (count, values),
        _ => (0, 0),
    };
    // A network has more boxes than values for each: a transposed output shows by that.
    if values <= head || count == 0 || values > count.max(head + 100) {
        let wanted = if order == Order::BoxesFirst { "1×boxes×(5+classes)" } else { "1×(4+classes)×boxes" };
        return Err(ModelError::Refused(format!(
            "its output must have the shape {wanted}, and has {:?}",
            answer.shape
        )));
    }
    if let Some(class) = wanted.classes.iter().find(|class| head + **class >= values) {
        let problem = format!("names class {class}, the model has {}", values - head);
        return Err(ModelError::Sidecar { field: "decoding.classes".into(), problem });
    }
    let at = |k: usize, v: usize| match order {
        Order::BoxesFirst => f64::from(answer.values[k * values + v]),
        Order::ValuesFirst => f64::from(answer.values[v * count + k]),
    };
    let unit = if wanted.relative { [framing.width as f64, framing.height as f64] } else { [1.0; 2] };
    let mut found = Vec::new();
    for k in 0..count {
        let classes = (0..values - head).filter(|class| wanted.classes.is_empty() || wanted.classes.contains(class));
        let best = classes.map(|class| at(k, head + class)).fold(0.0, f64::max);
        let score = (best * if order == Order::BoxesFirst { at(k, 4) } else { 1.0 }).clamp(0.0, 1.0);
        let [x, y, w, h] = [at(k, 0) * unit[0], at(k, 1) * unit[1], at(k, 2) * unit[0], at(k, 3) * unit[1]];
        let sound = w > 0.0 && h > 0.0 && [x, y, w, h].iter().all(|v| v.abs() < 1e5);
        if score >= DOUBT * wanted.score && sound {
            found.push(([x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0], score));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(MOST);
    let mut kept: Vec<([f64; 4], f64)> = Vec::new();
    for (area, score) in found {
        if kept.iter().all(|(other, _)| overlap(*other, area) <= wanted.nms) {
            kept.push((area, score));
        }
    }
    let threshold = log_odds(wanted.score);
    Ok(kept.into_iter().map(|(area, score)| peak(area, score, threshold, framing)).collect())
}

fn peak([left, top, right, bottom]: [f64; 4], score: f64, threshold: f64, framing: &Framing) -> Peak {
    let [x, y] = framing.outwards([(left + right) / 2.0, (top + bottom) / 2.0]);
    let radius = ((right - left) / framing.zoom[0] + (bottom - top) / framing.zoom[1]) / 4.0;
    let logit = log_odds(score) - threshold;
    Peak { end: End::new(x, y, radius, super::peaks::sigmoid(logit)), logit, features: Vec::new() }
}

/// Intersection over union of two boxes given as left, top, right, bottom.
fn overlap(a: [f64; 4], b: [f64; 4]) -> f64 {
    let side = |k: usize| (a[k + 2].min(b[k + 2]) - a[k].max(b[k])).max(0.0);
    let shared = side(0) * side(1);
    let area = |c: [f64; 4]| (c[2] - c[0]) * (c[3] - c[1]);
    shared / (area(a) + area(b) - shared).max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framing() -> Framing {
        Framing { left: 10.0, top: 20.0, zoom: [2.0; 2], width: 64, height: 64, used: [64, 64] }
    }

    fn wanted() -> Boxes {
        Boxes { score: 0.25, nms: 0.45, classes: Vec::new(), relative: false }
    }

    /// Eight boxes of one class: two of the same bottle, one other, the rest without a score.
    fn answer(order: Order) -> Answer {
        let mut rows = vec![vec![0.0f32; if order == Order::BoxesFirst { 6 } else { 5 }]; 8];
        for (row, (x, score)) in rows.iter_mut().zip([(20.0, 0.9), (21.0, 0.8), (50.0, 0.5)]) {
            row[..4].copy_from_slice(&[x, 30.0, 16.0, 16.0]);
            row[4] = if order == Order::BoxesFirst { 1.0 } else { score };
            *row.last_mut().expect("values") = score;
        }
        let width = rows[0].len();
        match order {
            Order::BoxesFirst => Answer { shape: vec![1, 8, width], values: rows.concat() },
            Order::ValuesFirst => {
                let values = (0..width).flat_map(|v| rows.iter().map(move |row| row[v])).collect();
                Answer { shape: vec![1, width, 8], values }
            }
        }
    }

    #[test]
    fn both_orders_say_the_same() {
        let of = |order| boxes(&answer(order), order, &wanted(), &framing()).expect("boxes");
        let found = of(Order::BoxesFirst);
        assert_eq!(found, of(Order::ValuesFirst));
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].end.x, found[0].end.y, found[0].end.r), (20.0, 35.0, 4.0));
        assert!(found[1].logit > 0.0, "above the threshold means likelier than not");
    }

    #[test]
    fn a_transposed_output_and_a_missing_class_are_refused() {
        let wide = Answer { shape: vec![1, 200, 8], values: vec![0.0; 1600] };
        assert!(boxes(&wide, Order::ValuesFirst, &wanted(), &framing()).is_err());
        let class = Boxes { classes: vec![3], ..wanted() };
        let told = boxes(&answer(Order::ValuesFirst), Order::ValuesFirst, &class, &framing()).expect_err("no class");
        assert!(told.to_string().contains("decoding.classes"));
    }

    proptest! {
        #[test]
        fn any_numbers_give_bounded_ends(values in prop::collection::vec(-1e30f32..1e30, 60)) {
            let answer = Answer { shape: vec![1, 10, 6], values };
            for found in boxes(&answer, Order::BoxesFirst, &wanted(), &framing()).expect("boxes") {
                prop_assert!(found.end.r.is_finite() && found.end.x.is_finite() && found.logit.is_finite());
            }
        }
    }
}
