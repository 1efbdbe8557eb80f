//! Barcodes (EAN-13, EAN-8, UPC-A, UPC-E: ISO/IEC 15420) and QR codes (ISO/IEC 18004) in a picture, and QR codes to print.
//!
//! `rxing` reads lines across the bars, level and upright; a bottle lies as it likes, so the picture is looked at turned as
//! well. The reader panics where a picture misleads it: that is "no code".

mod turn;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::GrayImage;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, EncodeHints, Luma8LuminanceSource, MultiFormatReader, Reader, Writer,
    common::HybridBinarizer, qrcode::QRCodeWriter,
};
use serde::{Deserialize, Serialize};

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Code {
    /// The digits of an EAN-13, EAN-8, UPC-A or UPC-E, whose check digit is right.
    Barcode(String),
    /// The text of a QR code, whoever wrote it.
    Qr(String),
}

/// Angles at which bars are looked for, in degrees: lines across them may be some 20 askew, and the reader turns by a quarter itself.
const ANGLES: [f32; 3] = [0.0, 30.0, -30.0];
/// Longest text of a QR code that is told.
const LONGEST: usize = 500;
/// Bars that are thinner than some two pixels are found in a picture of this side or not at all; coarser ones better in a smaller one.
const COARSE: u32 = 900;

/// How much a picture is turned to look at bars once more, in degrees: letters that look like bars along one line do not along another.
const ASKEW: [f32; 2] = [4.0, -4.0];

/// The codes of a picture, a QR code first; at most one of each kind.
pub fn read(picture: &GrayImage) -> Vec<Code> {
    let coarse = picture.width().max(picture.height()) > COARSE;
    let sizes: Vec<GrayImage> =
        coarse.then(|| turn::reduced(picture, COARSE)).into_iter().chain([picture.clone()]).collect();
    let qr = sizes.iter().find_map(|size| one(size, &[BarcodeFormat::QR_CODE]));
    let bars = ANGLES.into_iter().find_map(|angle| sizes.iter().find_map(|size| bars(size, angle)));
    let qr = qr.filter(|text| text.len() <= LONGEST).map(Code::Qr);
    qr.into_iter().chain(bars.map(Code::Barcode)).collect()
}

/// The digits below bars that lie about at this angle, if they are read twice.
fn bars(picture: &GrayImage, angle: f32) -> Option<String> {
    const BARS: [BarcodeFormat; 4] =
        [BarcodeFormat::EAN_13, BarcodeFormat::EAN_8, BarcodeFormat::UPC_A, BarcodeFormat::UPC_E];
    let at = |angle: f32| if angle == 0.0 { one(picture, &BARS) } else { one(&turn::turned(picture, angle), &BARS) };
    let found = at(angle)?;
    ASKEW.iter().any(|askew| at(angle + askew).as_ref() == Some(&found)).then_some(found)
}

fn one(picture: &GrayImage, formats: &[BarcodeFormat]) -> Option<String> {
    let (width, height) = picture.dimensions();
    let hints = DecodeHints {
        PossibleFormats: Some(HashSet::from_iter(formats.iter().copied())),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let found = catch_unwind(AssertUnwindSafe(|| {
        let source = Luma8LuminanceSource::new(picture.as_raw().clone(), width, height).ok()?;
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        MultiFormatReader::default().decode_with_hints(&mut bitmap, &hints).ok()
    }));
    Some(found.ok()??.getText().to_owned())
}

/// A QR code as rows of dark (true) and light fields, without the white around it; its errors are corrected up to 15 %.
///
/// # Errors
/// When the text is too long for one.
pub fn qr(text: &str) -> Result<Vec<Vec<bool>>, String> {
    let hints =
        EncodeHints { Margin: Some("0".to_owned()), ErrorCorrection: Some("M".to_owned()), ..EncodeHints::default() };
    let fields = QRCodeWriter.encode_with_hints(text, &BarcodeFormat::QR_CODE, 0, 0, &hints);
    let fields = fields.map_err(|error| error.to_string())?;
    let (width, height) = (fields.getWidth(), fields.getHeight());
    Ok((0..height).map(|y| (0..width).map(|x| fields.get(x, y)).collect()).collect())
}

#[cfg(test)]
mod tests;
