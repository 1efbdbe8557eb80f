//! Pictures of calibrations in the data folder: `drafts/<id>.jpg` while they are drawn on, `calibrations/<version>.jpg` after.

use std::{fs, path::PathBuf};

use image::{RgbImage, imageops};
use models::{db::new_id, ids::CalibrationId};
use vision::capture;

use crate::{
    album,
    config::DataDir,
    problem::Problem,
    worker::{artifacts, atomic},
};

/// Drafts that are kept: a live preview makes one a second.
const MOST_DRAFTS: usize = 24;
/// A larger picture is made smaller: a rack needs no more, and a phone's photo would take a hundred megabytes in each step.
const LONGEST: u32 = 3840;
/// Largest file that is taken, in bytes.
pub(crate) const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The two folders.
pub(crate) struct Pictures {
    drafts: PathBuf,
    versions: PathBuf,
}

impl Pictures {
    /// Of this data folder.
    pub(crate) fn of(data: &DataDir) -> Self {
        Self { drafts: data.drafts(), versions: data.calibrations() }
    }

    /// Reads a stranger's bytes as a picture, upright and of a size to work with.
    pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, Problem> {
        let image = capture::decode(bytes).map_err(|error| {
            Problem::field("picture", format!("{error}; take a JPEG, PNG or WebP of up to 34 megapixels"))
        })?;
        let longest = image.width().max(image.height());
        if image.width().min(image.height()) < 64 {
            return Err(Problem::field("picture", "is smaller than 64 pixels: take a larger one"));
        }
        if longest <= LONGEST {
            return Ok(image);
        }
        let side = |v: u32| (u64::from(v) * u64::from(LONGEST) / u64::from(longest)).max(64) as u32;
        Ok(imageops::resize(&image, side(image.width()), side(image.height()), imageops::FilterType::Triangle))
    }

    /// Keeps a picture to draw on; gives its id. The oldest ones make room.
    pub(crate) fn keep(&self, image: &RgbImage) -> Result<String, Problem> {
        let folder = &self.drafts;
        let id = new_id();
        let kept = fs::create_dir_all(folder).map_err(anyhow::Error::from).and_then(|()| {
            album::make_room(folder, MOST_DRAFTS, |_| false)?;
            atomic::write(&folder.join(format!("{id}.jpg")), &artifacts::jpeg(image)?)
        });
        kept.map_err(|error| {
            tracing::error!(%error, "a picture cannot be kept");
            Problem::unavailable("the picture cannot be kept: is the data folder writable, and is there room?")
        })?;
        Ok(id)
    }

    /// A picture that is drawn on.
    pub(crate) fn draft(&self, id: &str) -> Result<RgbImage, Problem> {
        let gone = || Problem::field("picture", "is no longer there: take or upload it again");
        let bytes = fs::read(self.draft_path(id).ok_or_else(gone)?).map_err(|_| gone())?;
        Self::decode(&bytes)
    }

    /// Where a draft lies; none for what is no id.
    pub(crate) fn draft_path(&self, id: &str) -> Option<PathBuf> {
        album::place(&self.drafts, id)
    }

    /// Where a version's picture lies; none for what is no id.
    pub(crate) fn version_path(&self, id: &CalibrationId) -> Option<PathBuf> {
        album::place(&self.versions, id.as_str())
    }

    /// Keeps a picture as a version's.
    pub(crate) fn settle(&self, image: &RgbImage, version: &CalibrationId) -> anyhow::Result<()> {
        fs::create_dir_all(&self.versions)?;
        let path = self.version_path(version).ok_or_else(|| anyhow::anyhow!("{version} is no calibration's id"))?;
        atomic::write(&path, &artifacts::jpeg(image)?)
    }

    /// Gives a version the picture of another one, if that is still there.
    pub(crate) fn pass_on(&self, from: &CalibrationId, to: &CalibrationId) {
        let bytes = self.version_path(from).and_then(|path| fs::read(path).ok());
        let (Some(bytes), Some(path)) = (bytes, self.version_path(to)) else { return };
        if let Err(error) = atomic::write(&path, &bytes) {
            tracing::error!(error = format!("{error:#}"), "a calibration's picture is not passed on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_make_room_and_strange_names_lead_nowhere() {
        let folder = tempfile::tempdir().expect("folder");
        let pictures = Pictures::of(&DataDir::at(folder.path()));
        let image = RgbImage::new(80, 70);
        let ids: Vec<String> = (0..MOST_DRAFTS + 3).map(|_| pictures.keep(&image).expect("kept")).collect();
        assert_eq!(fs::read_dir(&pictures.drafts).expect("folder").count(), MOST_DRAFTS);
        assert_eq!(pictures.draft(&ids[MOST_DRAFTS + 2]).expect("there").dimensions(), (80, 70));
        for strange in ["", "../x", "a/b", &"a".repeat(65), "x.jpg"] {
            assert!(pictures.draft_path(strange).is_none() && pictures.draft(strange).is_err(), "{strange}");
        }
        assert!(Pictures::decode(b"GIF89a").is_err() && Pictures::decode(&[]).is_err());
    }
}
