//! What computes a network's answer, whatever library does the arithmetic.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why the detector cannot be used, or has failed on a picture.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The file is no network that can be run here.
    #[error("the model cannot be loaded: {0}")]
    Load(String),
    /// The description beside the model has a wrong value.
    #[error("the model's description: {field}: {problem}")]
    Sidecar {
        /// Path of the value, such as `input.size`.
        field: String,
        /// What is wrong and what is allowed.
        problem: String,
    },
    /// The file asks for more than a counting network needs, or for something it has no business with.
    #[error("the model is refused: {0}")]
    Refused(String),
    /// The network failed on a picture.
    #[error("the model failed: {0}")]
    Run(String),
    /// The results differ from those recorded in training.
    #[error("the model computes wrong numbers on this machine: {0}")]
    SelfTest(String),
}

/// One output of a network: its shape, and its values row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Lengths of the axes; the first is the batch of one.
    pub shape: Vec<usize>,
    /// As many values as the shape has places, all finite.
    pub values: Vec<f32>,
}

/// Runs a network; threads share it.
pub trait Engine: Send + Sync {
    /// The network's outputs for one input of shape 1 × channels × height × width.
    fn run(&self, shape: [usize; 4], input: Vec<f32>) -> Result<Vec<Answer>, ModelError>;

    /// What does the arithmetic, for reports.
    fn name(&self) -> &'static str;
}

/// What one run of a network may take; a scan runs one for each bin and thread.
pub(super) struct Budget {
    /// Values of all layers together: 1 GiB of f32, some hundred times what our network needs for its largest canvas.
    values: usize,
    /// Multiplications: some seconds of one core, ten times what our network needs for its largest canvas.
    work: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { values: 1 << 28, work: 1 << 35 }
    }
}

impl Budget {
    /// Takes from it; refuses what it does not hold any more.
    pub(super) fn take(&mut self, values: usize, work: usize) -> Result<(), ModelError> {
        let whole = Self::default();
        let left = |have: usize, take: usize, whole: usize, what: &str| {
            have.checked_sub(take)
                .ok_or_else(|| ModelError::Refused(format!("its layers take more than {whole} {what} for one picture")))
        };
        self.values = left(self.values, values, whole.values, "values")?;
        self.work = left(self.work, work, whole.work, "multiplications")?;
        Ok(())
    }
}

/// Turns a library's panic into an error: a scan goes on without the bin.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, ModelError>) -> Result<T, ModelError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
        Err(ModelError::Run(format!("the arithmetic broke off: {}", text.unwrap_or("no reason given"))))
    })
}

/// Refuses answers that are no numbers or have lost values on the way.
pub(super) fn checked(answers: Vec<Answer>) -> Result<Vec<Answer>, ModelError> {
    if answers.is_empty() {
        return Err(ModelError::Run("it gives no answer".into()));
    }
    for (i, answer) in answers.iter().enumerate() {
        if answer.values.len() != answer.shape.iter().product::<usize>() {
            return Err(ModelError::Run(format!("answer {i} does not fill its shape {:?}", answer.shape)));
        }
        if let Some(at) = answer.values.iter().position(|v| !v.is_finite()) {
            return Err(ModelError::Run(format!("answer {i} is no number at place {at}")));
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let broken: Result<(), _> = guarded(|| {
            let none: Vec<u8> = Vec::new();
            let _ = none[std::hint::black_box(3)];
            Ok(())
        });
        assert!(broken.expect_err("a panic").to_string().contains("index out of bounds"));
    }

    #[test]
    fn answers_must_be_numbers() {
        let answer = |values: &[f32]| vec![Answer { shape: vec![1, 2], values: values.to_vec() }];
        assert!(checked(answer(&[0.0, 1.0])).is_ok());
        assert!(checked(answer(&[0.0, f32::NAN])).expect_err("NaN").to_string().contains("no number at place 1"));
        assert!(checked(answer(&[0.0])).is_err() && checked(Vec::new()).is_err());
    }
}
