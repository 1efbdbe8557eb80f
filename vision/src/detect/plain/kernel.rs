//! The inner loop of a convolution, compiled for each kind of processor: with AVX-512, with AVX2 and FMA, and for all
//! others. On a 64-bit ARM the ordinary instructions are vectors already (NEON): of [`several_body`] the compiler makes
//! 16 `fmla` for each tap with all sums in registers, which is what one would write by hand. `make arm64-test` runs it.

/// Neighbouring pixels computed together, at least.
const PIXELS: usize = 16;
/// The same where there are many pixels and registers.
const MANY: usize = 32;

/// Whether every processor of this kind multiplies and adds in one instruction; a 64-bit ARM does.
const FUSED: bool = cfg!(target_arch = "aarch64");

/// Which instructions the processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    /// What every processor of this kind has.
    Basic,
    /// AVX2 and fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Fma,
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Wide,
}

impl Instructions {
    pub(super) fn of_this_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
                return Self::Wide;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Fma;
            }
        }
        Self::Basic
    }

    /// Those that this machine has.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let more: &[Self] = match Self::of_this_machine() {
            Self::Wide => &[Self::Fma, Self::Wide],
            Self::Fma => &[Self::Fma],
            Self::Basic => &[],
        };
        #[cfg(not(target_arch = "x86_64"))]
        let more: &[Self] = &[];
        [&[Self::Basic], more].concat()
    }

    /// Output channels computed together: their sums and the pixels fit the registers.
    pub(super) fn channels(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Wide => 8,
            _ => 4,
        }
    }
}

/// What every output channel of a block is computed from.
pub(super) struct Block<'a> {
    /// For each input channel `stride` values, and [`BEYOND`] and the kernel's width beyond the last.
    pub(super) input: &'a [f32],
    pub(super) stride: usize,
    /// The places of the kernel's pixels relative to the output pixel.
    pub(super) taps: &'a [usize],
    /// Ordered by input channel, tap, output channel.
    pub(super) weights: &'a [f32],
    /// What the sums begin with, by output channel.
    pub(super) bias: &'a [f32],
    /// Lowest and highest value that is let through.
    pub(super) bounds: [f32; 2],
}

/// Values beyond the last input channel that may be read and count for nothing.
pub(super) const BEYOND: usize = MANY;

/// Computes [`Instructions::channels`] output channels over all pixels: `out` holds that many planes of equal length.
pub(super) fn several(how: Instructions, block: &Block<'_>, out: &mut [f32]) {
    match how {
        Instructions::Basic => several_body::<FUSED, 4, PIXELS>(block, out),
        #[cfg(target_arch = "x86_64")]
        Instructions::Fma => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX2 and FMA before this value was made")]
            // SAFETY: `Instructions::Fma` is made only after `is_x86_feature_detected!` has said yes to both.
            unsafe {
                several_fma(block, out);
            }
        }
        #[cfg(target_arch = "x86_64")]
        Instructions::Wide => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX-512 before this value was made")]
            // SAFETY: `Instructions::Wide` is made only after `is_x86_feature_detected!` has said yes to both.
            unsafe {
                several_wide(block, out);
            }
        }
    }
}

/// The same for one channel that looks at one input channel only (depthwise).
pub(super) fn one(how: Instructions, block: &Block<'_>, out: &mut [f32]) {
    match how {
        Instructions::Basic => several_body::<FUSED, 1, PIXELS>(block, out),
        #[cfg(target_arch = "x86_64")]
        Instructions::Fma => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX2 and FMA before this value was made")]
            // SAFETY: as above.
            unsafe {
                one_fma(block, out);
            }
        }
        #[cfg(target_arch = "x86_64")]
        Instructions::Wide => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX-512 before this value was made")]
            // SAFETY: as above.
            unsafe {
                one_wide(block, out);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn several_fma(block: &Block<'_>, out: &mut [f32]) {
    several_body::<true, 4, PIXELS>(block, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn one_fma(block: &Block<'_>, out: &mut [f32]) {
    several_body::<true, 1, MANY>(block, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn several_wide(block: &Block<'_>, out: &mut [f32]) {
    // A plane of a few pixels would be mostly rounding.
    if out.len() / 8 > 3 * PIXELS { wide::<8, 2>(block, out) } else { wide::<8, 1>(block, out) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn one_wide(block: &Block<'_>, out: &mut [f32]) {
    wide::<1, 2>(block, out);
}

/// [`several_body`] in AVX-512's own words: 16 pixels are one register, and the compiler does not find eight channels of
/// them by itself.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,fma")]
fn wide<const CHANNELS: usize, const VECTORS: usize>(block: &Block<'_>, out: &mut [f32]) {
    use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps};
    const LANES: usize = 16;
    let plane = out.len() / CHANNELS;
    let per_input = block.taps.len() * CHANNELS;
    for start in (0..plane).step_by(LANES * VECTORS) {
        let mut sums = [[_mm512_setzero_ps(); VECTORS]; CHANNELS];
        let mut at = start;
        for weights in block.weights.chunks_exact(per_input) {
            for (tap, w) in block.taps.iter().zip(weights.chunks_exact(CHANNELS)) {
                let pixels = &block.input[at + tap..at + tap + LANES * VECTORS];
                for v in 0..VECTORS {
                    #[expect(unsafe_code, reason = "a vector is read from a pointer")]
                    // SAFETY: `pixels` holds `VECTORS` times 16 values.
                    let x = unsafe { _mm512_loadu_ps(pixels.as_ptr().add(v * LANES)) };
                    for c in 0..CHANNELS {
                        sums[c][v] = _mm512_fmadd_ps(_mm512_set1_ps(w[c]), x, sums[c][v]);
                    }
                }
            }
            at += block.stride;
        }
        let done = sums;
        for (c, sum) in done.iter().enumerate() {
            for (v, sum) in sum.iter().enumerate() {
                let mut values = [0.0f32; LANES];
                #[expect(unsafe_code, reason = "a vector is written to a pointer")]
                // SAFETY: `values` holds 16 values.
                unsafe {
                    _mm512_storeu_ps(values.as_mut_ptr(), *sum);
                }
                let place = start + v * LANES;
                if place < plane {
                    put(block, c, &values, &mut out[c * plane + place..(c + 1) * plane]);
                }
            }
        }
    }
}

/// Adds the bias, holds the sums within their bounds, and lays as many down as there is room for.
#[inline(always)]
fn put<const WIDE: usize>(block: &Block<'_>, channel: usize, sums: &[f32; WIDE], to: &mut [f32]) {
    let (bias, [low, high]) = (block.bias[channel], block.bounds);
    let mut held = [0.0f32; WIDE];
    for p in 0..WIDE {
        held[p] = (sums[p] + bias).max(low).min(high);
    }
    match to.first_chunk_mut::<WIDE>() {
        Some(whole) => *whole = held,
        None => to.copy_from_slice(&held[..to.len()]),
    }
}

#[inline(always)]
fn fused<const FMA: bool>(a: f32, b: f32, sum: f32) -> f32 {
    // Without the instruction `mul_add` is a slow call into the library.
    if FMA { a.mul_add(b, sum) } else { a * b + sum }
}

#[inline(always)]
fn several_body<const FMA: bool, const CHANNELS: usize, const WIDE: usize>(block: &Block<'_>, out: &mut [f32]) {
    let plane = out.len() / CHANNELS;
    let per_input = block.taps.len() * CHANNELS;
    for start in (0..plane).step_by(WIDE) {
        let mut sums = [[0.0f32; WIDE]; CHANNELS];
        let mut at = start;
        for weights in block.weights.chunks_exact(per_input) {
            for (tap, w) in block.taps.iter().zip(weights.chunks_exact(CHANNELS)) {
                let x: &[f32] = &block.input[at + tap..at + tap + WIDE];
                for c in 0..CHANNELS {
                    for p in 0..WIDE {
                        sums[c][p] = fused::<FMA>(w[c], x[p], sums[c][p]);
                    }
                }
            }
            at += block.stride;
        }
        // A copy: were the sums themselves looked at one by one, they would live in memory and not in registers.
        let done = sums;
        for (c, sum) in done.iter().enumerate() {
            put(block, c, sum, &mut out[c * plane + start..(c + 1) * plane]);
        }
    }
}
