//! Barcodes are drawn here and read again, turned, blurred and torn.

use image::{Luma, imageops};

use super::*;

const L: [&str; 10] =
    ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];

fn inverse(bits: &str) -> String {
    bits.chars().map(|bit| if bit == '0' { '1' } else { '0' }).collect()
}

/// A digit of the left half, of either set.
fn side(digit: usize, set: char) -> String {
    if set == 'L' { L[digit].to_owned() } else { inverse(L[digit]).chars().rev().collect() }
}

/// EAN-13 as ISO/IEC 15420 draws it, `module` pixels a bar, in a picture with much around it. Drawn here and not by the
/// library that reads it.
fn ean13(digits: &str, module: u32) -> GrayImage {
    const FIRST: [&str; 10] =
        ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];
    let digits: Vec<usize> = digits.bytes().map(|b| usize::from(b - b'0')).collect();
    let mut bits = "101".to_owned();
    for (digit, set) in digits[1..7].iter().zip(FIRST[digits[0]].chars()) {
        bits += &side(*digit, set);
    }
    bits += "01010";
    digits[7..].iter().for_each(|digit| bits += &inverse(L[*digit]));
    bits += "101";
    drawn(&bits, module)
}

/// Bars in a picture with much around it; `module` pixels a bar.
fn drawn(bits: &str, module: u32) -> GrayImage {
    let mut picture = GrayImage::from_pixel(bits.len() as u32 * module + 200, 60 * module + 200, Luma([225]));
    for (i, _) in bits.chars().enumerate().filter(|(_, bit)| *bit == '1') {
        for x in 0..module {
            (100..100 + 60 * module).for_each(|y| picture.put_pixel(100 + i as u32 * module + x, y, Luma([30])));
        }
    }
    picture
}

/// UPC-E as ISO/IEC 15420 draws it: which of the six are drawn the other way tells the check digit.
fn upce(digits: &str, module: u32) -> GrayImage {
    const SET: [&str; 10] =
        ["GGGLLL", "GGLGLL", "GGLLGL", "GGLLLG", "GLGGLL", "GLLGGL", "GLLLGG", "GLGLGL", "GLGLLG", "GLLGLG"];
    let digits: Vec<usize> = digits.bytes().map(|b| usize::from(b - b'0')).collect();
    let six = digits[1..7].iter().zip(SET[digits[7]].chars()).map(|(digit, set)| side(*digit, set)).collect::<String>();
    drawn(&format!("101{six}010101"), module)
}

const WINE: &str = "3760123456784";

fn squares(text: &str, side: u32) -> GrayImage {
    let fields = qr(text).expect("fits");
    let all = fields.len() as u32 + 8;
    GrayImage::from_fn(all * side, all * side, |x, y| {
        let (x, y) = ((x / side) as usize, (y / side) as usize);
        let dark = (4..all as usize - 4).contains(&x) && (4..all as usize - 4).contains(&y) && fields[y - 4][x - 4];
        Luma([if dark { 20 } else { 235 }])
    })
}

#[test]
fn a_barcode_is_read_at_any_angle_and_a_little_out_of_focus() {
    let sharp = ean13(WINE, 3);
    for degrees in (0..360).step_by(15) {
        let shot = turn::turned(&sharp, degrees as f32);
        assert_eq!(read(&shot), [Code::Barcode(WINE.to_owned())], "{degrees} degrees");
    }
    for sigma in [0.7, 1.0] {
        let shot = imageops::blur(&sharp, sigma);
        assert_eq!(read(&shot), [Code::Barcode(WINE.to_owned())], "out of focus by {sigma}");
    }
    // A shot of a phone is larger than what is looked at.
    assert_eq!(read(&ean13(WINE, 12)), [Code::Barcode(WINE.to_owned())]);
}

#[test]
fn a_short_american_code_is_read_at_any_angle() {
    let sharp = upce("01234505", 4);
    for degrees in (0..360).step_by(15) {
        let shot = turn::turned(&sharp, degrees as f32);
        assert_eq!(read(&shot), [Code::Barcode("01234505".to_owned())], "{degrees} degrees");
    }
    assert_eq!(read(&upce("01234506", 4)), [], "its check digit is wrong");
}

#[test]
fn a_wrong_check_digit_is_no_code() {
    assert_eq!(read(&ean13("3760123456785", 3)), []);
}

#[test]
fn a_qr_code_that_is_made_is_read_turned_and_small() {
    let text = "http://cellar.local:8000/bottles/0199f3c0-8a3e-7c11-9d1f-0123456789ab";
    for (side, degrees) in [(3, 0.0), (4, 12.0), (4, 45.0), (5, 90.0), (4, 200.0)] {
        let shot = turn::turned(&squares(text, side), degrees);
        assert_eq!(read(&shot), [Code::Qr(text.to_owned())], "{side} pixels, {degrees} degrees");
    }
}

#[test]
fn what_has_no_code_has_none() {
    let noise = GrayImage::from_fn(640, 480, |x, y| {
        Luma([(x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) >> 3) as u8])
    });
    for picture in [GrayImage::new(1, 1), GrayImage::new(640, 480), noise] {
        assert_eq!(read(&picture), []);
    }
    assert!(qr(&"x".repeat(4000)).is_err());
}
