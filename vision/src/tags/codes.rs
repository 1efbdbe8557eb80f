//! The patterns of the tags.
//!
//! 36h11 is a greedy code: its authors went through the numbers `start + k·step` of 36 bits and kept those that differ
//! from all kept before, in every turn, in 11 bits or more, and that look busy enough. So a tag is told by its `k`; these
//! are the first forty. A bit that is 1 is white; the highest is the top left one, then row by row.

const START: u64 = 0xd_5d62_8584;
const STEP: u64 = 982_451_653;
const BITS: u64 = (1 << 36) - 1;

const STEPS: [u64; 40] = [
    0, 1, 2, 4, 6, 8, 13, 16, 21, 22, 26, 29, 30, 31, 33, 34, 36, 40, 41, 46, 47, 48, 50, 55, 56, 59, 60, 62, 69, 70,
    74, 94, 100, 105, 109, 110, 111, 112, 120, 125,
];

/// Tags are numbered from 0 up to, but not including, this.
pub const KNOWN: u32 = STEPS.len() as u32;

/// Most bits that are corrected: two tags differ in at least 11.
const MOST_CORRECTED: u32 = 2;

/// The 36 bits of a tag; none for one that is not known.
pub fn code(id: u32) -> Option<u64> {
    STEPS.get(id as usize).map(|k| START.wrapping_add(k.wrapping_mul(STEP)) & BITS)
}

/// A pattern turned by a quarter: what was the top row becomes the right column.
fn turned(bits: u64) -> u64 {
    (0..36).fold(0, |out, i| {
        let (x, y) = (i % 6, i / 6);
        // What is now at (x, y) was at (y, 5 - x).
        out << 1 | bits >> (35 - ((5 - x) * 6 + y)) & 1
    })
}

/// Which tag a pattern is, by how many quarter turns the tag is turned against it, and how many bits were wrong.
pub(super) fn name(bits: u64) -> Option<(u32, usize, u32)> {
    (0..KNOWN).find_map(|id| {
        let mut pattern = code(id)?;
        for turn in 0..4 {
            let wrong = (pattern ^ bits).count_ones();
            if wrong <= MOST_CORRECTED {
                return Some((id, turn, wrong));
            }
            pattern = turned(pattern);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_patterns() {
        let told: Vec<u64> = [0, 1, 2, 9, 31, 39].iter().filter_map(|id| code(*id)).collect();
        assert_eq!(told, [0xd_5d62_8584, 0xd_97f1_8b49, 0xd_d280_910e, 0x2_65ad_0472, 0x2_dde6_a3da, 0x9_f538_56b5]);
        assert_eq!(code(KNOWN), None);
    }

    #[test]
    fn any_two_tags_differ_in_eleven_bits_in_every_turn() {
        for a in 0..KNOWN {
            for b in 0..KNOWN {
                let (a_bits, mut b_bits) = (code(a).expect("known"), code(b).expect("known"));
                for turn in 0..4 {
                    if a != b || turn > 0 {
                        assert!((a_bits ^ b_bits).count_ones() >= 11, "{a} and {b} in turn {turn}");
                    }
                    b_bits = turned(b_bits);
                }
                assert_eq!(b_bits, code(b).expect("known"), "four quarters are a whole turn");
            }
        }
        let bits = turned(code(7).expect("known")) ^ 0b1001;
        assert_eq!(name(bits), Some((7, 1, 2)));
        assert_eq!(name(bits ^ 0b10), None);
    }
}
