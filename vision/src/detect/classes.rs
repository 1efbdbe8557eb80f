//! From the output of a classifier to a count.

use super::engine::{Answer, ModelError};

/// Most classes: a bin of more bottles is no matter for a classifier.
const MOST: usize = 512;

/// The likeliest count and its probability.
pub(super) fn likeliest(answer: &Answer) -> Result<(u32, f64), ModelError> {
    let n = answer.values.len();
    let flat = answer.shape.iter().filter(|side| **side != 1).count() <= 1;
    if !flat || !(2..=MOST).contains(&n) {
        let seen = &answer.shape;
        return Err(ModelError::Refused(format!(
            "a classifier's output must have the shape 1×classes (2 to {MOST}), and has {seen:?}"
        )));
    }
    let sum: f64 = answer.values.iter().map(|v| f64::from(*v)).sum();
    let shares = answer.values.iter().all(|v| (0.0..=1.0).contains(v)) && (sum - 1.0).abs() < 0.01;
    let highest = answer.values.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let weight = |v: f32| if shares { f64::from(v) } else { f64::from(v - highest).exp() };
    let all: f64 = answer.values.iter().map(|v| weight(*v)).sum();
    let best = answer.values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
    Ok((best as u32, weight(answer.values[best]) / all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(shape: &[usize], values: &[f32]) -> Result<(u32, f64), ModelError> {
        likeliest(&Answer { shape: shape.to_vec(), values: values.to_vec() })
    }

    #[test]
    fn probabilities_and_logits() {
        assert_eq!(of(&[1, 3], &[0.1, 0.2, 0.7]).map(|(n, p)| (n, (p * 100.0).round())), Ok((2, 70.0)));
        let (n, p) = of(&[1, 2, 1, 1], &[3.0, 1.0]).expect("logits");
        assert!(n == 0 && (p - 0.8808).abs() < 1e-3);
        assert!(of(&[1, 2, 2], &[0.0; 4]).is_err() && of(&[1, 1], &[0.0]).is_err());
    }

    proptest! {
        #[test]
        fn any_numbers_give_a_probability(values in prop::collection::vec(-1e30f32..1e30, 2..40)) {
            let (n, p) = of(&[1, values.len()], &values).expect("a count");
            prop_assert!((n as usize) < values.len() && (0.0..=1.0).contains(&p));
        }
    }
}
