//! How many photos were sent today: each costs, and a page that sends by itself must not cost more than the owner allows.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, Write},
    path::PathBuf,
    time::Duration,
};

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::Refused;

/// Counts in a file of the data folder, so that a restart does not begin anew, and a command counts with the server.
#[derive(Debug, Clone)]
pub(super) struct Daily {
    file: PathBuf,
    /// Most photos a day.
    pub(super) most: u32,
}

impl Daily {
    pub(super) fn new(file: PathBuf, most: u32) -> Self {
        Self { file, most }
    }

    /// Counts so many photos, or says until when no more are sent. `now` is the time on the wall: days end at midnight there.
    pub(super) fn take(&self, photos: usize, now: NaiveDateTime) -> Result<(), Refused> {
        let photos = u32::try_from(photos).unwrap_or(u32::MAX);
        let trouble = |error: std::io::Error| self.trouble(&error.to_string());
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder).map_err(trouble)?;
        }
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.file);
        let mut file = open.map_err(trouble)?;
        file.lock().map_err(trouble)?;
        let sent = self.counted(&mut file, now.date())?;
        if sent.saturating_add(photos) > self.most {
            let midnight = (now.date() + Days::new(1)).and_time(NaiveTime::MIN);
            let wait = (midnight - now).to_std().unwrap_or(Duration::from_secs(60));
            let why = format!(
                "{sent} of the {} photos that may be sent to Google a day are sent; again after midnight, or raise WINECELLAR_VISION_DAILY",
                self.most
            );
            return Err(Refused { why, wait: Some(wait) });
        }
        let line = format!("{} {}\n", now.date(), sent + photos);
        // Shorter than what was there by no letter of today; cut after it is written.
        file.rewind().and_then(|()| file.write_all(line.as_bytes())).map_err(trouble)?;
        file.set_len(line.len() as u64).map_err(trouble)?;
        Ok(())
    }

    /// How many were sent on a day.
    pub(super) fn sent(&self, day: NaiveDate) -> Result<u32, String> {
        match File::open(&self.file) {
            Ok(mut file) => {
                file.lock_shared().map_err(|error| self.trouble(&error.to_string()))?;
                self.counted(&mut file, day)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(self.trouble(&error.to_string())),
        }
    }

    fn counted(&self, file: &mut File, day: NaiveDate) -> Result<u32, String> {
        let mut text = String::new();
        file.take(100).read_to_string(&mut text).map_err(|error| self.trouble(&error.to_string()))?;
        if text.is_empty() {
            return Ok(0);
        }
        let read = text
            .trim()
            .split_once(' ')
            .and_then(|(on, sent)| Some((on.parse::<NaiveDate>().ok()?, sent.parse::<u32>().ok()?)));
        match read {
            Some((on, sent)) if on == day => Ok(sent),
            Some(_) => Ok(0),
            None => Err(self.trouble("it does not say a day and a number; remove it")),
        }
    }

    fn trouble(&self, why: &str) -> String {
        format!("{} counts the photos that are sent to Google, and cannot be used: {why}", self.file.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_photos_and_the_next_one_its_own() {
        let dir = tempfile::tempdir().expect("folder");
        let daily = Daily::new(dir.path().join("sent"), 5);
        let at = |day: u32, hour: u32| {
            NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(hour, 0, 0)).expect("a time")
        };
        daily.take(4, at(26, 9)).expect("four");
        let refused = daily.take(2, at(26, 23)).expect_err("six");
        assert_eq!(refused.wait, Some(Duration::from_secs(3600)));
        daily.take(1, at(26, 23)).expect("five");
        assert_eq!(daily.sent(at(26, 0).date()), Ok(5));
        daily.take(1, at(27, 0)).expect("another day");
        assert_eq!((daily.sent(at(26, 0).date()), daily.sent(at(27, 0).date())), (Ok(0), Ok(1)));
        std::fs::write(dir.path().join("sent"), "what?").expect("written");
        let refused = daily.take(1, at(27, 1)).expect_err("unreadable");
        assert!(refused.why.contains("remove it"), "{}", refused.why);
    }
}
