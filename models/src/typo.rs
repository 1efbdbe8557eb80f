//! How many slips of the finger part two words.

/// The smallest Damerau-Levenshtein distance (insert, drop, change, swap neighbours) between `word` and any beginning of
/// `token`, or `token` as a whole when `whole`; none when it is more than `most`.
pub fn distance<T: PartialEq>(word: &[T], token: &[T], most: usize, whole: bool) -> Option<usize> {
    let (n, m) = (word.len(), token.len().min(word.len() + most));
    if m + most < n || (whole && token.len() > m) {
        return None;
    }
    let mut before = vec![0; m + 1];
    let mut last: Vec<usize> = (0..=m).collect();
    for i in 1..=n {
        let mut line = vec![i; m + 1];
        let mut best = i;
        for j in 1..=m {
            let change = last[j - 1] + usize::from(word[i - 1] != token[j - 1]);
            let mut cost = change.min(last[j] + 1).min(line[j - 1] + 1);
            if i > 1 && j > 1 && word[i - 1] == token[j - 2] && word[i - 2] == token[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            line[j] = cost;
            best = best.min(cost);
        }
        // A swap may still be paid back by the line after the next.
        if best > most + 1 {
            return None;
        }
        before = std::mem::replace(&mut last, line);
    }
    let least = if whole { last[m] } else { last.into_iter().min().unwrap_or(usize::MAX) };
    (least <= most).then_some(least)
}

/// One bit for each letter that occurs: two words that differ in many bits are far apart, which is quick to see.
pub(crate) fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, byte| bits | 1 << (byte & 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(a: &str, b: &str, most: usize, whole: bool) -> Option<usize> {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        distance(&chars(a), &chars(b), most, whole)
    }

    #[test]
    fn slips_are_counted() {
        assert_eq!(d("margaux", "margaux", 1, true), Some(0));
        assert_eq!(d("margaus", "margaux", 1, true), Some(1));
        assert_eq!(d("magraux", "margaux", 1, true), Some(1), "a swap is one slip");
        assert_eq!(d("marg", "margaux", 1, false), Some(0));
        assert_eq!(d("magr", "margaux", 1, false), Some(1));
        assert_eq!(d("marg", "margaux", 1, true), None);
        assert_eq!(d("chateauneuv", "chateauneuf", 2, true), Some(1));
        assert_eq!(d("merlot", "malbec", 2, false), None);
    }
}
