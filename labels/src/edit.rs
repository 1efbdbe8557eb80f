//! How many misread letters a word may have.

/// Misread letters that make one of two words the other; none if more than `most`.
pub(crate) fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    models::typo::distance(a, b, most, true)
}

/// Misread letters that a word of so many letters may have and still be that word.
pub(crate) fn tolerance(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=9 => 1,
        10..=15 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_up_to_the_limit() {
        assert_eq!(distance(b"margaux", b"margaux", 2), Some(0));
        assert_eq!(distance(b"margaux", b"margeux", 2), Some(1));
        assert_eq!(distance(b"margaux", b"magraux", 2), Some(1));
        assert_eq!(distance(b"margaux", b"merlot", 2), None);
    }
}
