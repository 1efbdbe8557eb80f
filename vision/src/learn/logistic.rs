//! Logistic regression with a prior, by Newton's method (iteratively reweighted least squares).

/// One row: its values, whether the answer is yes, and how much it counts.
pub(crate) struct Row {
    pub(crate) values: Vec<f64>,
    pub(crate) yes: bool,
    pub(crate) weight: f64,
}

const ROUNDS: usize = 25;
/// Rounds end when no weight changes by more.
const STILL: f64 = 1e-6;

/// The weights that make the rows' answers likeliest, held to `prior` by springs of the given `strength`s (above 0).
/// Returns the prior when the rows give no solution.
pub(crate) fn regress(rows: &[Row], prior: &[f64], strength: &[f64]) -> Vec<f64> {
    let n = prior.len();
    let mut w = prior.to_vec();
    for _ in 0..ROUNDS {
        let mut hessian = vec![0.0; n * n];
        let mut gradient = vec![0.0; n];
        for i in 0..n {
            hessian[i * n + i] = strength[i];
            gradient[i] = strength[i] * (w[i] - prior[i]);
        }
        for row in rows {
            let z: f64 = row.values.iter().zip(&w).map(|(v, w)| v * w).sum();
            let p = 1.0 / (1.0 + (-z).exp());
            let error = row.weight * (p - f64::from(u8::from(row.yes)));
            let curve = row.weight * (p * (1.0 - p)).max(1e-6);
            for i in 0..n {
                gradient[i] += error * row.values[i];
                for k in 0..=i {
                    hessian[i * n + k] += curve * row.values[i] * row.values[k];
                }
            }
        }
        let Some(step) = solve(hessian, gradient, n) else { return prior.to_vec() };
        // A step of Newton's method may leap over the goal: no weight goes further than 2 at a time.
        let longest = step.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let share = if longest > 2.0 { 2.0 / longest } else { 1.0 };
        w.iter_mut().zip(&step).for_each(|(w, s)| *w -= share * s);
        if longest < STILL {
            break;
        }
    }
    if w.iter().all(|v| v.is_finite()) { w } else { prior.to_vec() }
}

/// Solves A·x = b for a symmetric positive A given by its lower half (Cholesky).
fn solve(mut a: Vec<f64>, mut b: Vec<f64>, n: usize) -> Option<Vec<f64>> {
    for i in 0..n {
        for k in 0..=i {
            let known: f64 = (0..k).map(|j| a[i * n + j] * a[k * n + j]).sum();
            let rest = a[i * n + k] - known;
            if i == k {
                if rest.is_nan() || rest <= 1e-12 {
                    return None;
                }
                a[i * n + i] = rest.sqrt();
            } else {
                a[i * n + k] = rest / a[k * n + k];
            }
        }
    }
    for i in 0..n {
        let known: f64 = (0..i).map(|j| a[i * n + j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| a[j * n + i] * b[j]).sum();
        b[i] = (b[i] - known) / a[i * n + i];
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_line_between_yes_and_no() {
        let rows: Vec<Row> =
            (0..40).map(|i| Row { values: vec![f64::from(i) / 10.0, 1.0], yes: i >= 20, weight: 1.0 }).collect();
        let w = regress(&rows, &[0.0, 0.0], &[0.01, 0.01]);
        assert!(w[0] > 2.0 && (-w[1] / w[0] - 1.95).abs() < 0.1, "{w:?}");
        // Strong springs hold it where it was.
        let held = regress(&rows, &[1.0, 0.0], &[1e9, 1e9]);
        assert!((held[0] - 1.0).abs() < 1e-3);
    }
}
