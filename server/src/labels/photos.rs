//! Photos of labels in the data folder: `labels/<vintage>.jpg` of a vintage, the newest wins; `label_drafts/<secret>.jpg`
//! after a reading, until its bottle is received. Drafts are few and soon thrown away: reading alone keeps nothing.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use app::ctx::LabelPhotos;
use models::{
    db::vintages::vintage_get,
    ids::{VintageId, WineId},
};

use crate::{access::secret, album, config::DataDir, problem::Problem, state::Store, worker::atomic};

/// Drafts that are kept.
const MOST_DRAFTS: usize = 32;
/// How long one waits for its bottle.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// The folders.
#[derive(Clone)]
pub(crate) struct Photos {
    kept: PathBuf,
    drafts: PathBuf,
}

impl Photos {
    /// Of this data folder.
    pub(crate) fn of(data: &DataDir) -> Self {
        Self { kept: data.labels(), drafts: data.label_drafts() }
    }

    /// Keeps a photo for a bottle that may be received; gives the secret by which it is claimed. The oldest make room.
    pub(crate) fn draft(&self, jpeg: &[u8]) -> anyhow::Result<String> {
        fs::create_dir_all(&self.drafts)?;
        album::make_room(&self.drafts, MOST_DRAFTS, is_old)?;
        let id = secret::random()?;
        atomic::write(&self.drafts.join(format!("{id}.jpg")), jpeg)?;
        Ok(id)
    }

    /// Keeps a photo as the vintage's.
    pub(crate) fn keep(&self, vintage: &VintageId, jpeg: &[u8]) -> Result<(), Problem> {
        let path = self.path(vintage).ok_or_else(|| Problem::not_found("there is no such vintage"))?;
        let written = fs::create_dir_all(&self.kept).map_err(anyhow::Error::from);
        written.and_then(|()| atomic::write(&path, jpeg)).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a photo of a label cannot be kept");
            Problem::unavailable("the photo cannot be kept: is the data folder writable, and is there room?")
        })
    }

    /// Where a vintage's photo lies; none for what is no id.
    pub(crate) fn path(&self, vintage: &VintageId) -> Option<PathBuf> {
        album::place(&self.kept, vintage.as_str())
    }

    /// Takes a vintage's photo away; tells whether there was one.
    pub(crate) fn remove(&self, vintage: &VintageId) -> anyhow::Result<bool> {
        let Some(path) = self.path(vintage).filter(|path| path.exists()) else { return Ok(false) };
        atomic::remove(&path)?;
        Ok(true)
    }

    /// Throws away drafts that have waited too long, when the server starts.
    pub(crate) fn tidy(&self) -> anyhow::Result<()> {
        if self.drafts.is_dir() { album::make_room(&self.drafts, MOST_DRAFTS, is_old) } else { Ok(()) }
    }
}

impl LabelPhotos for Photos {
    fn claim(&self, draft: &str, vintage: &VintageId) -> bool {
        let (Some(to), Some(from)) = (self.path(vintage), album::place(&self.drafts, draft)) else { return false };
        let fresh = |meta: fs::Metadata| meta.modified().is_ok_and(|at| !is_old(&at));
        if !fs::metadata(&from).is_ok_and(fresh) {
            return false;
        }
        let moved = fs::create_dir_all(&self.kept).and_then(|()| fs::rename(&from, &to));
        let moved = moved.map_err(anyhow::Error::from).and_then(|()| atomic::sync_dir(&self.kept));
        moved
            .inspect_err(|error| tracing::error!(error = format!("{error:#}"), "a photo of a label is not kept"))
            .is_ok()
    }

    fn stamp(&self, vintage: &VintageId) -> Option<u64> {
        let at = fs::metadata(self.path(vintage)?).ok()?.modified().ok()?;
        Some(at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() as u64)
    }
}

/// Keeps the photo of a vintage that there is. The write that follows tells open pages that there is something new.
pub(crate) async fn keep(store: &Store, photos: &Photos, vintage: VintageId, jpeg: Vec<u8>) -> Result<(), Problem> {
    let of = vintage.clone();
    store.read(move |conn| vintage_get(conn, &of)).await?;
    let photos = photos.clone();
    tokio::task::spawn_blocking(move || photos.keep(&vintage, &jpeg)).await??;
    store.write(|_| Ok(())).await
}

/// Takes the photo of a vintage away; gives the wine, and whether there was one.
pub(crate) async fn remove(store: &Store, photos: &Photos, vintage: VintageId) -> Result<(WineId, bool), Problem> {
    let (of, kept) = (vintage.clone(), photos.clone());
    let removed = tokio::task::spawn_blocking(move || kept.remove(&of)).await?;
    let removed = removed.map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a photo of a label cannot be removed");
        Problem::unavailable("the photo cannot be removed: is the data folder writable?")
    })?;
    let wine = store.write(move |conn| vintage_get(conn, &vintage)).await?.wine_id;
    Ok((wine, removed))
}

fn is_old(at: &SystemTime) -> bool {
    at.elapsed().is_ok_and(|age| age > KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_becomes_a_vintages_photo_once_and_the_newest_wins() {
        let folder = tempfile::tempdir().expect("folder");
        let photos = Photos::of(&DataDir::at(folder.path()));
        let vintage = VintageId::from("0199-a");
        assert_eq!(photos.stamp(&vintage), None);
        for shot in [b"first", b"later"] {
            let draft = photos.draft(shot).expect("kept");
            assert!(photos.claim(&draft, &vintage) && !photos.claim(&draft, &vintage));
            assert_eq!(fs::read(photos.path(&vintage).expect("an id")).expect("there"), shot);
        }
        assert!(photos.stamp(&vintage).is_some());
        for strange in ["", "../x", "a/b", "x.jpg", &"a".repeat(65)] {
            assert!(!photos.claim(strange, &vintage) && photos.path(&strange.into()).is_none(), "{strange}");
        }
        assert!(photos.remove(&vintage).expect("removed"));
        assert!(!photos.remove(&vintage).expect("removed"));
    }

    #[test]
    fn drafts_are_few_and_short_lived() {
        let folder = tempfile::tempdir().expect("folder");
        let photos = Photos::of(&DataDir::at(folder.path()));
        let old = photos.draft(b"x").expect("kept");
        let yesterday = SystemTime::now() - KEPT - Duration::from_secs(60);
        let file = fs::File::options().append(true).open(photos.drafts.join(format!("{old}.jpg"))).expect("there");
        file.set_modified(yesterday).expect("aged");
        assert!(!photos.claim(&old, &VintageId::from("a")), "a day is enough");
        photos.tidy().expect("tidied");
        assert_eq!(fs::read_dir(&photos.drafts).expect("folder").count(), 0);
        for _ in 0..MOST_DRAFTS + 3 {
            photos.draft(b"x").expect("kept");
        }
        assert_eq!(fs::read_dir(&photos.drafts).expect("folder").count(), MOST_DRAFTS);
    }
}
