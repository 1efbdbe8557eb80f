//! Which camera faces a rack: the one that was named, else the one it was calibrated with, else the demo's photo.

use models::{
    db::{Db, DbError, calibrations, racks},
    ids::RackId,
};
use vision::source::SourceSpec;

use crate::config::DataDir;

/// The Raspberry Pi's own camera, as a person can choose it without writing a command.
pub(crate) const PI: &str = "cmd:rpicam-still -n -t 2000 -e jpg -o -";

/// The camera of a rack.
pub(crate) fn of(db: &Db, data: &DataDir, named: Option<&str>, rack: &RackId) -> anyhow::Result<SourceSpec> {
    if unnamed(named)
        && let Some(camera) = db.read(|conn| calibrations::calibration_camera(conn, rack))?
    {
        return check(&camera).map_err(|why| anyhow::anyhow!("the camera of the calibration: {why}"));
    }
    data.source(named)
}

/// Whether a setting names nothing.
pub(crate) fn unnamed(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// The racks beside `but` that were calibrated with a camera of their own.
pub(crate) fn others(db: &Db, but: &RackId) -> anyhow::Result<Vec<RackId>> {
    let own = db.read(|conn| {
        let mut own = Vec::new();
        for rack in racks::rack_list(conn)?.into_iter().filter(|rack| rack.id != *but) {
            if calibrations::calibration_camera(conn, &rack.id)?.is_some() {
                own.push(rack.id);
            }
        }
        Ok::<_, DbError>(own)
    });
    Ok(own?)
}

/// The camera of any rack, in their order: what a cellar scans with where nothing is named.
pub(crate) fn of_any(db: &Db) -> Option<SourceSpec> {
    db.read(|conn| {
        for rack in racks::rack_list(conn)? {
            let camera = calibrations::calibration_camera(conn, &rack.id)?;
            if let Some(spec) = camera.and_then(|camera| check(&camera).ok()) {
                return Ok(Some(spec));
            }
        }
        Ok::<_, DbError>(None)
    })
    .ok()
    .flatten()
}

/// A camera that may be chosen on a page. Not every source may: a command that somebody types in a browser would be run by the
/// server, a file could be any of its files, and a password would be kept where it can be read.
pub(crate) fn check(text: &str) -> Result<SourceSpec, String> {
    let spec: SourceSpec = text.parse().map_err(|error| format!("{error}"))?;
    match &spec {
        SourceSpec::V4l2 { device, .. } if device.starts_with("/dev/") && !text.contains("..") => Ok(spec),
        SourceSpec::V4l2 { .. } => Err("a camera's device lies below /dev".to_owned()),
        SourceSpec::Http(_) | SourceSpec::Rtsp(_) if spec.to_string() == text.trim() => Ok(spec),
        SourceSpec::Http(_) | SourceSpec::Rtsp(_) => {
            Err("an address with a password is not kept here: set it as WINECELLAR_SOURCE in shared.env, and choose “the camera of the settings”".to_owned())
        }
        SourceSpec::Command { .. } if text == PI => Ok(spec),
        SourceSpec::Command { .. } => {
            Err("a command is not taken from a page: set it as WINECELLAR_SOURCE in shared.env, and choose “the camera of the settings”".to_owned())
        }
        SourceSpec::File(_) | SourceSpec::Dir(_) => {
            Err("a file of the server is no camera: upload the picture instead".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_may_choose() {
        for good in ["v4l2:/dev/v4l/by-id/usb-cam?size=1280x720", "http://10.0.0.7/snap.jpg", "rtsp://cam/1", PI] {
            assert!(check(good).is_ok(), "{good}");
        }
        for (bad, told) in [
            ("cmd:rm -rf /", "a command is not taken"),
            ("file:/etc/passwd", "upload the picture"),
            ("dir:/", "upload the picture"),
            ("http://me:secret@cam/x", "WINECELLAR_SOURCE"),
            ("v4l2:/etc/passwd", "below /dev"),
            ("v4l2:/dev/../etc/passwd", "below /dev"),
            ("ftp://x", "unknown source"),
        ] {
            let error = check(bad).expect_err(bad);
            assert!(error.contains(told) && !error.contains("secret"), "{bad}: {error}");
        }
    }
}
