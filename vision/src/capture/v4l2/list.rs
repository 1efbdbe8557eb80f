//! The cameras of this machine, with what each can send.

use std::path::{Path, PathBuf};

use v4l::{Device, FourCC, capability::Flags as Can, framesize::FrameSizeEnum, video::Capture};

use super::pixels::KNOWN;

/// Names in this folder stay the same when another camera is plugged in.
const BY_ID: &str = "/dev/v4l/by-id";
/// Sizes told of a camera that can send any: no more than one can choose from.
const USUAL: [(u32, u32); 4] = [(640, 480), (1280, 720), (1920, 1080), (3840, 2160)];

/// A Video4Linux camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webcam {
    /// Its device, by a name that stays the same where there is one.
    pub device: PathBuf,
    /// What it calls itself.
    pub title: String,
    /// What it can send of the formats that are read here: four letters, width and height; the largest first.
    pub modes: Vec<(String, u32, u32)>,
}

/// All cameras that send pictures. A driver may hang: call this where that can be waited for no longer.
pub fn webcams() -> Vec<Webcam> {
    let stable: Vec<(PathBuf, PathBuf)> = std::fs::read_dir(BY_ID)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.ok()?.path();
            Some((std::fs::canonicalize(&name).ok()?, name))
        })
        .collect();
    let mut list: Vec<Webcam> = v4l::context::enum_devices()
        .into_iter()
        .filter_map(|node| {
            let named = stable.iter().find(|(device, _)| device == node.path()).map(|(_, name)| name.as_path());
            look(node.path(), named.unwrap_or(node.path()))
        })
        .collect();
    list.sort_by(|a, b| a.device.cmp(&b.device));
    list
}

fn look(path: &Path, name: &Path) -> Option<Webcam> {
    let device = Device::with_path(path).ok()?;
    let caps = device.query_caps().ok()?;
    if !caps.capabilities.contains(Can::VIDEO_CAPTURE) {
        return None;
    }
    let mut modes = Vec::new();
    for format in device.enum_formats().unwrap_or_default() {
        let Some((code, _)) = KNOWN.iter().find(|(code, _)| FourCC::new(code) == format.fourcc) else { continue };
        let letters = String::from_utf8_lossy(*code).into_owned();
        for size in device.enum_framesizes(format.fourcc).unwrap_or_default() {
            match size.size {
                FrameSizeEnum::Discrete(one) => modes.push((letters.clone(), one.width, one.height)),
                FrameSizeEnum::Stepwise(range) => modes.extend(
                    USUAL
                        .iter()
                        .filter(|(w, h)| {
                            (range.min_width..=range.max_width).contains(w)
                                && (range.min_height..=range.max_height).contains(h)
                        })
                        .map(|(w, h)| (letters.clone(), *w, *h)),
                ),
            }
        }
    }
    // A second device of a webcam, for its data, has no such mode.
    (!modes.is_empty()).then(|| {
        modes.sort_by_key(|(_, w, h)| std::cmp::Reverse((*w, *h)));
        modes.dedup();
        Webcam { device: name.to_owned(), title: caps.card, modes }
    })
}
