//! A network with its description, and the proof at start that this machine computes what the trainer computed.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use tract_onnx::pb::ModelProto;

use super::canvas::Canvas;
use super::engine::{Answer, Engine, ModelError};
use super::framing::Framing;
use super::peaks::{HeatMap, Peak};
use super::plain::Plain;
use super::planes::planes;
use super::sidecar::{Decoding, Golden, Sidecar, TEST_SIDE, built_in};
use super::vetting::{MOST_BYTES, parsed, vetted};
use super::with_tract::WithTract;
use super::{boxes, classes};

/// Largest deviation allowed in the self-test; other processors round differently, wrong kernels are far off.
const TOLERANCE: f32 = 0.02;
/// Largest description.
const MOST_TEXT: u64 = 1 << 20;

const MODEL: &[u8] = include_bytes!("../../../models/onnx/bottle_ends.onnx");
const GOLDEN: &str = include_str!("../../../models/onnx/bottle_ends.golden.json");

/// What a network says about a canvas.
pub(super) enum Word {
    /// Ends, as a heat map.
    Heat(HeatMap),
    /// Ends, as boxes that became peaks already.
    Boxes(Vec<Peak>),
    /// A count and its probability.
    Class(u32, f64),
}

pub(super) struct Network {
    engine: Box<dyn Engine>,
    pub(super) sidecar: Sidecar,
    /// Which weights they are, in 8 hexadecimal digits.
    pub(super) fingerprint: String,
}

impl Network {
    /// The network that is part of the program.
    pub(super) fn builtin() -> Result<Self, ModelError> {
        // The recorded answers change with the weights, and are read sooner.
        Self::tested(&parsed(MODEL)?, built_in(GOLDEN)?, fingerprint(GOLDEN.as_bytes()))
    }

    /// A user's own: the ONNX file, and beside it the description with the ending `.json`.
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let load = |path: &Path, error: std::io::Error| ModelError::Load(format!("{}: {error}", path.display()));
        let limited = |path: &Path, most: u64| {
            let size = fs::metadata(path).map_err(|e| load(path, e))?;
            if !size.is_file() || size.len() > most {
                return Err(ModelError::Refused(format!("{} is no file of at most {most} bytes", path.display())));
            }
            fs::read(path).map_err(|e| load(path, e))
        };
        let description = path.with_extension("json");
        if !description.exists() {
            let problem = format!("is missing: a model needs {} beside it (docs/VISION.md)", description.display());
            return Err(ModelError::Sidecar { field: "file".into(), problem });
        }
        let text = limited(&description, MOST_TEXT)?;
        let sidecar = Sidecar::from_json(&String::from_utf8_lossy(&text))?;
        Self::from_bytes(&limited(path, MOST_BYTES as u64)?, sidecar)
    }

    /// A model of unknown origin.
    pub(super) fn from_bytes(onnx: &[u8], sidecar: Sidecar) -> Result<Self, ModelError> {
        Self::tested(&vetted(onnx)?, sidecar, fingerprint(onnx))
    }

    fn tested(model: &ModelProto, sidecar: Sidecar, fingerprint: String) -> Result<Self, ModelError> {
        // Plain networks run by the quicker engine; tract knows all the others, and takes over where it computes otherwise.
        let mut network = match Plain::new(model) {
            Some(plain) => Self { engine: Box::new(plain), sidecar, fingerprint },
            None => return Self { engine: Box::new(WithTract::new(model)?), sidecar, fingerprint }.proven(),
        };
        match network.self_test() {
            Err(ModelError::SelfTest(_)) => {
                network.engine = Box::new(WithTract::new(model)?);
                network.proven()
            }
            told => told.map(|()| network),
        }
    }

    fn proven(self) -> Result<Self, ModelError> {
        self.self_test().map(|()| self)
    }

    /// What does the arithmetic.
    pub(super) fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// What a network says about a canvas, or about its mirror image.
    pub(super) fn ask(&self, canvas: &Canvas, mirrored: bool) -> Result<Word, ModelError> {
        let input = &self.sidecar.input;
        let mut values = planes(canvas, input.channels, &input.scaling, input.outside);
        let framing = &canvas.framing;
        if mirrored {
            values.chunks_exact_mut(framing.width).for_each(<[f32]>::reverse);
        }
        let answers = self.engine.run([1, input.channels.count(), framing.height, framing.width], values)?;
        word(&self.sidecar, answers, framing)
    }

    /// Runs the test input twice: the answer must be the recorded one, the same again, and of the shape described.
    fn self_test(&self) -> Result<(), ModelError> {
        let [width, height] = self.sidecar.input.size.unwrap_or([TEST_SIDE; 2]);
        let shape = [1, self.sidecar.input.channels.count(), height, width];
        let answers = self.engine.run(shape, test_input(shape))?;
        for golden in &self.sidecar.golden {
            compare(golden, &answers)?;
        }
        if self.sidecar.golden.is_empty() && self.engine.run(shape, test_input(shape))? != answers {
            return Err(ModelError::SelfTest("it answers the same picture differently the second time".into()));
        }
        let whole = crate::geometry::rectangle(width as f64, height as f64);
        word(&self.sidecar, answers, &Framing::fixed(&whole, [width, height], false, true)).map(|_| ())
    }
}

fn fingerprint(of: &[u8]) -> String {
    Sha256::digest(of).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn word(sidecar: &Sidecar, answers: Vec<Answer>, framing: &Framing) -> Result<Word, ModelError> {
    let first = answers.first().ok_or_else(|| ModelError::Run("it gives no answer".into()))?;
    Ok(match &sidecar.decoding {
        Decoding::HeatMap {} => Word::Heat(HeatMap::new(answers, [framing.width, framing.height])?),
        Decoding::Classification {} => {
            let (count, p) = classes::likeliest(first)?;
            Word::Class(count, p)
        }
        Decoding::YoloV5(wanted) => Word::Boxes(boxes::boxes(first, boxes::Order::BoxesFirst, wanted, framing)?),
        Decoding::YoloV8(wanted) | Decoding::YoloV11(wanted) => {
            Word::Boxes(boxes::boxes(first, boxes::Order::ValuesFirst, wanted, framing)?)
        }
    })
}

/// The ends that a described model's answers tell of, surest first; none for a classifier. The answers must be checked
/// numbers, as an [`Engine`] gives them.
pub fn decode(sidecar: &Sidecar, answers: Vec<Answer>, framing: &Framing) -> Result<Vec<Peak>, ModelError> {
    Ok(match word(sidecar, answers, framing)? {
        Word::Heat(map) => map.peaks(framing),
        Word::Boxes(peaks) => peaks,
        Word::Class(..) => Vec::new(),
    })
}

fn compare(golden: &Golden, answers: &[Answer]) -> Result<(), ModelError> {
    let answer = answers.get(golden.output).ok_or_else(|| {
        ModelError::SelfTest(format!("there is no output {}, it has {}", golden.output, answers.len()))
    })?;
    for (&i, &want) in golden.indices.iter().zip(&golden.values) {
        let got = answer.values.get(i).copied().unwrap_or(f32::NAN);
        // Written so that NaN fails too.
        let close = (got - want).abs() <= TOLERANCE * (1.0 + want.abs());
        if !close {
            return Err(ModelError::SelfTest(format!(
                "place {i} of output {} is {got} instead of {want}",
                golden.output
            )));
        }
    }
    Ok(())
}

/// A picture that needs no file: the trainer computes the same one.
fn test_input(shape: [usize; 4]) -> Vec<f32> {
    (0..shape.iter().product::<usize>()).map(|i| ((i * 7919 % 1009) as f32 / 1009.0 - 0.5) * 2.0).collect()
}
