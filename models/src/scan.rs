//! Scans and readings: what the camera saw.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    ids::{BinId, CalibrationId, ScanId},
    word_enum,
};

word_enum! {
    /// How a scan ended.
    ScanStatus {
        /// The picture could be read.
        Ok = "ok",
        /// The picture could not be trusted: nothing is claimed about any bin.
        NoOpinion = "no_opinion",
        /// The scan broke off; `message` says why.
        Failed = "failed",
    }
}

/// One run of the batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scan {
    /// Identifier and folder name below `snapshots/`.
    pub id: ScanId,
    /// Which rack.
    pub rack_id: crate::ids::RackId,
    /// When it began (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub started_at: Instant,
    /// When it ended (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub finished_at: Instant,
    /// Where the frame came from; credentials are left out.
    pub source: String,
    /// How it ended.
    pub status: ScanStatus,
    /// One sentence for a person.
    pub message: String,
    /// Name of the model that counted, with its version.
    pub model: String,
    /// Milliseconds per stage, in order.
    pub stages: Vec<StageTime>,
    /// Bins read with an opinion.
    pub bins_read: i32,
    /// Bins that differ from the book.
    pub bins_changed: i32,
    /// The version of the calibration it was read by; none for scans before there were versions.
    #[serde(default)]
    pub calibration: Option<CalibrationId>,
}

impl Scan {
    /// The network that counted, whatever a rack has taught it besides.
    pub fn network(&self) -> &str {
        Self::network_of(&self.model)
    }

    /// The network of a model's name, as in `bottle_ends v3, taught`.
    pub fn network_of(model: &str) -> &str {
        model.strip_suffix(", taught").unwrap_or(model)
    }
}

/// How long a stage of a scan took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageTime {
    /// `snapshot`, `rectify`, `crop`, `detect` or `compare`.
    pub stage: String,
    /// Wall milliseconds.
    pub ms: f64,
}

/// What a scan saw in one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reading {
    /// The scan.
    pub scan_id: ScanId,
    /// The bin.
    pub bin: BinId,
    /// Bottle ends counted; none = no opinion.
    pub count: Option<i32>,
    /// Bottles by the book when the scan was compared.
    pub expected: i32,
    /// Confidence of the count, 0 to 1.
    pub confidence: f64,
    /// Why a person should look; none when nothing is doubtful.
    pub needs_look: Option<String>,
}

/// What the camera claims of one bin, before it is compared with the book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinCount {
    /// The bin.
    pub bin: BinId,
    /// Bottle ends counted; none = no opinion.
    pub count: Option<i32>,
    /// Ends that the picture shows, also where they are too doubtful for a count; none where it does not show the bin. It counts where
    /// the book says something else and `change` is sure: then all doubt is about ends that lie where they lay.
    pub shown: Option<i32>,
    /// Confidence of the count, 0 to 1.
    pub confidence: f64,
    /// The same in the light of what lay there when book and camera last agreed, at least `confidence`: so sure it is that this is
    /// what has changed.
    pub change: f64,
    /// Why a person should look.
    pub needs_look: Option<String>,
}

/// The bottle ends that a scan saw in one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenEnds {
    /// The bin.
    pub bin: BinId,
    /// Its ends, surest first.
    pub ends: Vec<SeenEnd>,
}

/// One bottle end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenEnd {
    /// Middle, to the right, in pixels of the straightened picture.
    pub x: f64,
    /// Middle, downwards, in pixels of the straightened picture.
    pub y: f64,
    /// Radius in the same pixels.
    pub r: f64,
    /// How sure it is an end, 0 to 1.
    pub confidence: f64,
    /// What it looks like: values of -1 to 1 as signed bytes (times 127), two hexadecimal digits each.
    pub looks: String,
}

impl SeenEnd {
    /// The values of a signature as they are kept.
    pub fn pack(signature: &[f32]) -> String {
        let bytes: Vec<u8> =
            signature.iter().map(|v| ((v.clamp(-1.0, 1.0) * 127.0).round() as i8).cast_unsigned()).collect();
        crate::hex::hex(&bytes)
    }

    /// The signature, to the precision it is kept with; empty where it was not kept.
    pub fn signature(&self) -> Vec<f32> {
        Self::unpack(&self.looks)
    }

    /// The values of a signature that was kept.
    pub fn unpack(looks: &str) -> Vec<f32> {
        let digits: Vec<u8> = looks.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
        digits.chunks_exact(2).map(|pair| f32::from((pair[0] << 4 | pair[1]).cast_signed()) / 127.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_kept_to_a_hundredth() {
        let signature = [0.5, -0.25, 1.0, -1.0, 0.0, 0.003];
        let end = SeenEnd { x: 0.0, y: 0.0, r: 1.0, confidence: 1.0, looks: SeenEnd::pack(&signature) };
        assert!(end.signature().iter().zip(signature).all(|(a, b)| (a - b).abs() < 0.005));
        assert_eq!(end.looks.len(), 12);
    }
}
