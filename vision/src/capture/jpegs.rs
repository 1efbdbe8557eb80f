//! Several JPEG pictures written after one another, as `rpicam-vid --codec mjpeg` and ffmpeg's `image2pipe` do.

/// The pictures in the order they stand; bytes that begin with no JPEG are one picture of another kind, as they are.
///
/// A last picture that is cut off is returned too: the decoder says so.
pub(super) fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut pictures = Vec::new();
    let mut rest = bytes;
    while rest.starts_with(&[0xff, 0xd8]) {
        let (picture, after) = rest.split_at(length(rest));
        pictures.push(picture);
        // Some cameras pad their pictures.
        let padding = after.iter().position(|byte| *byte != 0).unwrap_or(after.len());
        rest = &after[padding..];
    }
    if pictures.is_empty() { vec![bytes] } else { pictures }
}

/// Length in bytes of the JPEG at the start, at least 2; markers inside segments (thumbnails) are passed over.
fn length(jpeg: &[u8]) -> usize {
    let mut at = 2;
    loop {
        let Some(&[first, marker]) = jpeg.get(at..at + 2) else { return jpeg.len() };
        match (first, marker) {
            (0xff, 0xd9) => return at + 2,
            (0xff, 0x00 | 0x01 | 0xd0..=0xd8 | 0xff) => at += 1,
            (0xff, _) => {
                let Some(&[high, low]) = jpeg.get(at + 2..at + 4) else { return jpeg.len() };
                at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
            // Compressed data, until the next marker.
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;

    const SMALL: &[u8] =
        &[0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9, 0xff, 0xda, 0, 3, 7, 0xff, 0, 9, 0xff, 0xd9];

    #[test]
    fn pictures_with_thumbnails_and_padding() {
        let two = [SMALL, &[0, 0], SMALL].concat();
        assert_eq!(split(&two), [SMALL, SMALL]);
        let cut = [SMALL, &SMALL[..9]].concat();
        assert_eq!(split(&cut), [SMALL, &SMALL[..9]]);
        assert_eq!(split(b"\x89PNG"), [b"\x89PNG"]);
        assert_eq!(split(b""), [b""]);
    }

    proptest! {
        #[test]
        fn no_byte_is_told_twice(bytes in proptest::collection::vec(prop_oneof![Just(0xff_u8), Just(0xd8), Just(0xd9), any::<u8>()], 0..200)) {
            let jpeg = [&[0xff, 0xd8], bytes.as_slice()].concat();
            let told: usize = split(&jpeg).iter().map(|picture| picture.len()).sum();
            prop_assert!(told <= jpeg.len());
        }
    }
}
