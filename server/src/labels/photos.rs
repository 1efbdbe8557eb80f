//! Photos of labels in the data folder: `labels/<vintage>.jpg` of a vintage, the newest wins; `label_drafts/<secret>.jpg`
//! after a reading, until its bottle is received. Drafts are few and soon thrown away: reading alone keeps nothing. For a day
//! `label_claims` knows which draft became which photo, and has the photo before it, so that a receipt can be undone.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use app::ctx::LabelPhotos;
use models::{
    Instant,
    db::vintages::vintage_get,
    ids::{VintageId, WineId},
};

use crate::{access::secret, album, config::DataDir, problem::Problem, state::Store, worker::atomic};

/// Drafts that are kept.
const MOST_DRAFTS: usize = 32;
/// Files that are kept beside photos which came with a receipt.
const MOST_CLAIMS: usize = 64;
/// How long one waits for its bottle.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// The folders.
#[derive(Clone)]
pub(crate) struct Photos {
    kept: PathBuf,
    drafts: PathBuf,
    claims: PathBuf,
}

impl Photos {
    /// Of this data folder.
    pub(crate) fn of(data: &DataDir) -> Self {
        Self { kept: data.labels(), drafts: data.label_drafts(), claims: data.label_claims() }
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
        // Whatever came with a receipt before is not given back for it.
        let [note, _] = self.claim_of(vintage);
        let written = fs::create_dir_all(&self.kept).map_err(anyhow::Error::from).and_then(|()| atomic::remove(&note));
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
        // For good: neither this one nor that before it comes back.
        for path in self.claim_of(vintage).iter().chain([&path]) {
            atomic::remove(path)?;
        }
        Ok(true)
    }

    /// Throws away drafts that have waited too long, when the server starts.
    pub(crate) fn tidy(&self) -> anyhow::Result<()> {
        for (folder, most) in [(&self.drafts, MOST_DRAFTS), (&self.claims, MOST_CLAIMS)] {
            if folder.is_dir() {
                album::make_room(folder, most, is_old)?;
            }
        }
        Ok(())
    }

    /// Beside a vintage's photo: which draft it was, and the photo before it.
    fn claim_of(&self, vintage: &VintageId) -> [PathBuf; 2] {
        ["from", "before"].map(|kind| self.claims.join(format!("{vintage}.{kind}")))
    }

    /// Puts a draft into the place of a vintage's photo, so that it can be taken back.
    fn exchange(&self, draft: &str, from: &Path, to: &Path, vintage: &VintageId, at: Instant) -> anyhow::Result<()> {
        fs::create_dir_all(&self.kept)?;
        fs::create_dir_all(&self.claims)?;
        album::make_room(&self.claims, MOST_CLAIMS, is_old)?;
        let [note, before] = self.claim_of(vintage);
        atomic::remove(&note)?;
        atomic::remove(&before)?;
        if to.exists() {
            // A copy, so that the vintage has a photo at any instant.
            atomic::write(&before, &fs::read(to)?)?;
        }
        fs::rename(from, to)?;
        atomic::write(&note, format!("{draft} {}", at.and_utc().timestamp_micros()).as_bytes())?;
        atomic::sync_dir(&self.kept)
    }

    /// Gives the draft of that receipt back; tells whether there was one.
    fn returned(&self, vintage: &VintageId, at: Instant) -> anyhow::Result<bool> {
        let [note, before] = self.claim_of(vintage);
        let Some(kept) = self.path(vintage).filter(|kept| kept.exists() && note.exists()) else { return Ok(false) };
        let said = fs::read_to_string(&note)?;
        let of = said.split_once(' ').filter(|(_, time)| *time == at.and_utc().timestamp_micros().to_string());
        let Some(draft) = of.and_then(|(draft, _)| album::place(&self.drafts, draft)) else { return Ok(false) };
        atomic::remove(&note)?;
        fs::rename(&kept, draft)?;
        if before.exists() {
            fs::rename(&before, &kept)?;
        }
        atomic::sync_dir(&self.kept)?;
        Ok(true)
    }
}

impl LabelPhotos for Photos {
    fn claim(&self, draft: &str, vintage: &VintageId, at: Instant) -> bool {
        let (Some(to), Some(from)) = (self.path(vintage), album::place(&self.drafts, draft)) else { return false };
        let fresh = |meta: fs::Metadata| meta.modified().is_ok_and(|at| !is_old(&at));
        if !fs::metadata(&from).is_ok_and(fresh) {
            return false;
        }
        self.exchange(draft, &from, &to, vintage, at)
            .inspect_err(|error| tracing::error!(error = format!("{error:#}"), "a photo of a label is not kept"))
            .is_ok()
    }

    fn give_back(&self, vintage: &VintageId, at: Instant) {
        if let Err(error) = self.returned(vintage, at) {
            tracing::error!(error = format!("{error:#}"), "a photo of a label is not given back");
        }
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

    fn at(second: i64) -> Instant {
        chrono::DateTime::from_timestamp(1_800_000_000 + second, 7_000).expect("an instant").naive_utc()
    }

    #[test]
    fn a_photo_is_given_back_with_its_own_receipt_only() {
        let folder = tempfile::tempdir().expect("folder");
        let photos = Photos::of(&DataDir::at(folder.path()));
        let (vintage, other) = (VintageId::from("0199-a"), VintageId::from("0199-b"));
        let seen = |vintage: &VintageId| fs::read(photos.path(vintage).expect("an id")).ok();
        photos.keep(&vintage, b"its own").expect("kept");
        let draft = photos.draft(b"of another").expect("kept");
        assert!(photos.claim(&draft, &vintage, at(1)));
        photos.give_back(&vintage, at(0));
        photos.give_back(&other, at(1));
        assert_eq!(seen(&vintage).as_deref(), Some(&b"of another"[..]), "these were other receipts");
        photos.give_back(&vintage, at(1));
        assert_eq!(seen(&vintage).as_deref(), Some(&b"its own"[..]));
        // It can be claimed for the right wine, and taken back from there too.
        assert!(photos.claim(&draft, &other, at(2)));
        photos.give_back(&vintage, at(1));
        assert_eq!(seen(&other).as_deref(), Some(&b"of another"[..]));
        photos.give_back(&other, at(2));
        assert_eq!(seen(&other), None);
        // One that came by itself later stays.
        assert!(photos.claim(&draft, &other, at(3)));
        photos.keep(&other, b"newer").expect("kept");
        photos.give_back(&other, at(3));
        assert_eq!(seen(&other).as_deref(), Some(&b"newer"[..]));
    }

    #[test]
    fn a_draft_becomes_a_vintages_photo_once_and_the_newest_wins() {
        let folder = tempfile::tempdir().expect("folder");
        let photos = Photos::of(&DataDir::at(folder.path()));
        let vintage = VintageId::from("0199-a");
        assert_eq!(photos.stamp(&vintage), None);
        for shot in [b"first", b"later"] {
            let draft = photos.draft(shot).expect("kept");
            assert!(photos.claim(&draft, &vintage, at(0)) && !photos.claim(&draft, &vintage, at(0)));
            assert_eq!(fs::read(photos.path(&vintage).expect("an id")).expect("there"), shot);
        }
        assert!(photos.stamp(&vintage).is_some());
        for strange in ["", "../x", "a/b", "x.jpg", &"a".repeat(65)] {
            assert!(!photos.claim(strange, &vintage, at(0)) && photos.path(&strange.into()).is_none(), "{strange}");
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
        assert!(!photos.claim(&old, &VintageId::from("a"), at(0)), "a day is enough");
        photos.tidy().expect("tidied");
        assert_eq!(fs::read_dir(&photos.drafts).expect("folder").count(), 0);
        for _ in 0..MOST_DRAFTS + 3 {
            photos.draft(b"x").expect("kept");
        }
        assert_eq!(fs::read_dir(&photos.drafts).expect("folder").count(), MOST_DRAFTS);
    }
}
