//! What people's answers have taught about a rack, in the data folder:
//!
//! `learning/<rack>/examples/<scan>_<bin>.json` and `.jpg` (the bin as it was seen), `learning/<rack>/heads/0001.json`
//! and so on (what was learned, all versions), and `learning/<rack>/current` (the number in use, 0 = none).

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context;
use models::ids::RackId;
use serde::{Deserialize, Serialize};
use vision::{
    detect::{Detector, Head},
    learn::{Example, Lesson, teach},
};

use super::atomic;
use crate::config::DataDir;

/// Examples kept of a rack; the oldest scans' go first. At 10 to 30 kB each this is below 20 MB.
pub(super) const MOST_EXAMPLES: usize = 600;
/// Versions kept; the oldest go first.
const MOST_HEADS: usize = 20;

/// One rack's folder.
pub(crate) struct Lessons(PathBuf);

/// An example with what it needs to be made again for another model.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stored {
    /// The model whose features it holds.
    pub(crate) model: String,
    /// What was seen and what a person said.
    #[serde(flatten)]
    pub(crate) example: Example,
}

/// A version of what was learned.
#[derive(Serialize, Deserialize)]
struct Version {
    /// How the lesson ended, for a person.
    words: String,
    head: Head,
}

impl Lessons {
    /// The folder of a rack; it need not exist.
    pub(crate) fn of(data: &DataDir, rack: &RackId) -> Self {
        Self(data.learning().join(rack.as_str()))
    }

    fn examples(&self) -> PathBuf {
        self.0.join("examples")
    }

    fn heads(&self) -> PathBuf {
        self.0.join("heads")
    }

    /// Whether an example is there for this model with this truth.
    pub(crate) fn holds(&self, name: &str, model: &str, truth: u32) -> bool {
        read_example(&self.examples().join(format!("{name}.json")))
            .is_ok_and(|stored| stored.model == model && stored.example.truth == truth)
    }

    /// Keeps an example and its picture (JPEG).
    pub(crate) fn keep(&self, name: &str, stored: &Stored, picture: &[u8]) -> anyhow::Result<()> {
        let folder = self.examples();
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        atomic::put(&folder.join(format!("{name}.jpg")), picture)?;
        atomic::write(&folder.join(format!("{name}.json")), &serde_json::to_vec(stored)?)
    }

    /// Forgets an example whose answer was taken back.
    pub(crate) fn forget(&self, name: &str) -> anyhow::Result<()> {
        for ending in ["json", "jpg"] {
            atomic::remove(&self.examples().join(format!("{name}.{ending}")))?;
        }
        Ok(())
    }

    /// Forgets the oldest examples beyond the number that is kept.
    pub(crate) fn trim(&self) -> anyhow::Result<()> {
        let names = names(&self.examples(), ".json")?;
        let surplus = names.len().saturating_sub(MOST_EXAMPLES);
        names.iter().take(surplus).try_for_each(|name| self.forget(name))
    }

    /// The examples made with a model; files that cannot be read are passed over with a word.
    pub(crate) fn load(&self, model: &str) -> anyhow::Result<Vec<Example>> {
        let mut examples = Vec::new();
        for name in names(&self.examples(), ".json")? {
            match read_example(&self.examples().join(format!("{name}.json"))) {
                Ok(stored) if stored.model == model => examples.push(stored.example),
                Ok(_) => {}
                Err(error) => tracing::warn!("an example is passed over: {error:#}"),
            }
        }
        Ok(examples)
    }

    /// The number in use; 0 = nothing was learned.
    pub(crate) fn current(&self) -> anyhow::Result<u32> {
        match fs::read_to_string(self.0.join("current")) {
            Ok(text) => {
                let path = self.0.join("current");
                text.trim().parse().with_context(|| format!("{}: no number; delete the file", path.display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.0.join("current").display())),
        }
    }

    fn use_version(&self, number: u32) -> anyhow::Result<()> {
        atomic::write(&self.0.join("current"), format!("{number}\n").as_bytes())
    }

    fn version(&self, number: u32) -> anyhow::Result<Version> {
        let path = self.heads().join(format!("{number:04}.json"));
        let data = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&data).with_context(|| path.display().to_string())
    }

    /// Gives the detector what was learned, if anything was; a scan never fails for that.
    pub(crate) fn apply(&self, detector: &mut Detector) {
        let head = self.current().and_then(|number| match number {
            0 => Ok(None),
            number => self.version(number).map(|version| Some(version.head)),
        });
        match head {
            Ok(None) => {}
            Ok(Some(head)) => {
                if !detector.learned(head) {
                    tracing::warn!(
                        "what the rack has taught belongs to another model; `winecellar vision learn` learns anew"
                    );
                }
            }
            Err(error) => tracing::warn!("what the rack has taught is left aside: {error:#}"),
        }
    }

    /// Learns from the examples and uses the result if it is better; returns the number in use after it.
    pub(crate) fn learn(&self, detector: &Detector) -> anyhow::Result<(Lesson, u32)> {
        let number = self.current()?;
        let neutral = Head::neutral(&detector.identity(), detector.calibration());
        let now = match number {
            0 => neutral,
            number => {
                Some(self.version(number)?.head).filter(|head| head.model == detector.identity()).unwrap_or(neutral)
            }
        };
        let lesson = teach(&self.load(&detector.identity())?, &now);
        let Lesson::Better { head, .. } = &lesson else { return Ok((lesson, number)) };
        let version = Version { words: lesson.to_string(), head: (**head).clone() };
        let made = names(&self.heads(), ".json")?;
        let next = made.last().and_then(|name| name.parse::<u32>().ok()).unwrap_or(0) + 1;
        fs::create_dir_all(self.heads()).with_context(|| format!("cannot make {}", self.heads().display()))?;
        atomic::write(&self.heads().join(format!("{next:04}.json")), &serde_json::to_vec_pretty(&version)?)?;
        self.use_version(next)?;
        let surplus = (made.len() + 1).saturating_sub(MOST_HEADS);
        made.iter().take(surplus).try_for_each(|name| atomic::remove(&self.heads().join(format!("{name}.json"))))?;
        Ok((lesson, next))
    }

    /// Goes back to the version before the one in use; returns its number (0 = nothing learned). The version left
    /// stays as a file.
    pub(crate) fn roll_back(&self) -> anyhow::Result<u32> {
        let number = self.current()?;
        anyhow::ensure!(number > 0, "nothing learned is in use, so there is nothing to go back from");
        let earlier =
            names(&self.heads(), ".json")?.iter().filter_map(|name| name.parse().ok()).filter(|n| *n < number).max();
        self.use_version(earlier.unwrap_or(0))?;
        Ok(earlier.unwrap_or(0))
    }
}

fn read_example(path: &Path) -> anyhow::Result<Stored> {
    let data = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&data).with_context(|| path.display().to_string())
}

/// The names of a folder's files with an ending, without it, sorted; none where there is no folder. Names of scans begin
/// with their time, so the oldest come first.
fn names(folder: &Path, ending: &str) -> anyhow::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", folder.display())),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.with_context(|| format!("cannot read {}", folder.display()))?.file_name();
        let name = name.to_string_lossy();
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.starts_with('.')) {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vision::learn::Candidate;

    fn stored(scan: usize, bin: usize, model: &str) -> Stored {
        let truth = (scan + bin) % 3;
        let mut peaks = vec![Candidate { logit: 3.0, features: vec![1.0, 0.5] }; truth];
        if bin.is_multiple_of(2) {
            peaks.push(Candidate { logit: 1.0, features: vec![-1.0, 0.5] });
        }
        let example =
            Example { scan: format!("s{scan}"), bin: format!("b{bin}"), truth: truth as u32, answered: true, peaks };
        Stored { model: model.to_owned(), example }
    }

    #[test]
    fn learns_keeps_versions_and_goes_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let lessons = Lessons(folder.path().join("rack"));
        let detector = Detector::builtin().expect("the network");
        let (lesson, number) = lessons.learn(&detector).expect("too few");
        assert!(matches!(lesson, Lesson::TooFew { answers: 0, .. }) && number == 0);
        assert!(lessons.roll_back().is_err());
        for scan in 0..6 {
            for bin in 0..8 {
                let name = format!("s{scan}_b{bin}");
                lessons.keep(&name, &stored(scan, bin, &detector.identity()), b"jpeg").expect("kept");
            }
        }
        lessons.keep("s0_other", &stored(0, 1, "another model"), b"jpeg").expect("kept");
        assert!(lessons.holds("s0_b1", &detector.identity(), 1) && !lessons.holds("s0_b1", &detector.identity(), 2));
        let (lesson, number) = lessons.learn(&detector).expect("learned");
        assert!(matches!(lesson, Lesson::Better { .. }), "{lesson}");
        assert_eq!((number, lessons.current().expect("one")), (1, 1));
        let mut taught = Detector::builtin().expect("the network");
        lessons.apply(&mut taught);
        assert!(taught.title().contains("taught"));
        assert_eq!(lessons.roll_back().expect("back"), 0);
        lessons.apply(&mut taught);
        let (_, again) = lessons.learn(&detector).expect("learned again");
        assert_eq!(again, 2, "a version's number is not used twice");
        assert_eq!(lessons.roll_back().expect("back"), 1);
        lessons.forget("s0_b1").expect("forgotten");
        assert!(!lessons.holds("s0_b1", &detector.identity(), 1));
    }
}
