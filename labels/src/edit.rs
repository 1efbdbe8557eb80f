//! How alike two words are.

/// Letters to change, add, leave out or swap with the neighbour to make one of the other; none if more than `most`.
pub(crate) fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i);
        for j in 1..=b.len() {
            let mut least = (last[j - 1] + usize::from(a[i - 1] != b[j - 1])).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|n| *n > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|n| *n <= most)
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
