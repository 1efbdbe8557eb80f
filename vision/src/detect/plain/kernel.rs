//! The inner loop of a convolution, compiled twice: for processors with AVX2 and FMA, and for all others (on ARM the
//! ordinary instructions are vectors already).

/// Output channels computed together: their sums and the pixels fit the registers of AVX2 and NEON.
pub(super) const CHANNELS: usize = 4;
/// Neighbouring pixels computed together.
pub(super) const PIXELS: usize = 16;

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
}

impl Instructions {
    pub(super) fn of_this_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Self::Fma;
        }
        Self::Basic
    }
}

/// Sums for [`CHANNELS`] output channels over all pixels of a plane.
///
/// `input` holds for each input channel `stride` values; `taps` are the places of the kernel's pixels relative to the
/// output pixel; `weights` are ordered by input channel, tap, output channel; `out` holds [`CHANNELS`] planes of equal
/// length, a multiple of [`PIXELS`].
pub(super) fn four(how: Instructions, input: &[f32], stride: usize, taps: &[usize], weights: &[f32], out: &mut [f32]) {
    match how {
        Instructions::Basic => four_body::<FUSED>(input, stride, taps, weights, out),
        #[cfg(target_arch = "x86_64")]
        Instructions::Fma => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX2 and FMA before this value was made")]
            // SAFETY: `Instructions::Fma` is made only after `is_x86_feature_detected!` has said yes to both.
            unsafe {
                four_fma(input, stride, taps, weights, out);
            }
        }
    }
}

/// The same for one channel that looks at one input channel only (depthwise).
pub(super) fn one(how: Instructions, input: &[f32], taps: &[usize], weights: &[f32], out: &mut [f32]) {
    match how {
        Instructions::Basic => one_body::<FUSED>(input, taps, weights, out),
        #[cfg(target_arch = "x86_64")]
        Instructions::Fma => {
            #[expect(unsafe_code, reason = "the processor was asked for AVX2 and FMA before this value was made")]
            // SAFETY: as above.
            unsafe {
                one_fma(input, taps, weights, out);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn four_fma(input: &[f32], stride: usize, taps: &[usize], weights: &[f32], out: &mut [f32]) {
    four_body::<true>(input, stride, taps, weights, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn one_fma(input: &[f32], taps: &[usize], weights: &[f32], out: &mut [f32]) {
    one_body::<true>(input, taps, weights, out);
}

#[inline(always)]
fn fused<const FMA: bool>(a: f32, b: f32, sum: f32) -> f32 {
    // Without the instruction `mul_add` is a slow call into the library.
    if FMA { a.mul_add(b, sum) } else { a * b + sum }
}

#[inline(always)]
fn four_body<const FMA: bool>(input: &[f32], stride: usize, taps: &[usize], weights: &[f32], out: &mut [f32]) {
    let plane = out.len() / CHANNELS;
    for start in (0..plane).step_by(PIXELS) {
        let mut sums = [[0.0f32; PIXELS]; CHANNELS];
        for (channel, weights) in input.chunks_exact(stride).zip(weights.chunks_exact(taps.len() * CHANNELS)) {
            for (tap, w) in taps.iter().zip(weights.chunks_exact(CHANNELS)) {
                let x: &[f32] = &channel[start + tap..start + tap + PIXELS];
                for c in 0..CHANNELS {
                    for p in 0..PIXELS {
                        sums[c][p] = fused::<FMA>(w[c], x[p], sums[c][p]);
                    }
                }
            }
        }
        for (c, sum) in sums.iter().enumerate() {
            out[c * plane + start..c * plane + start + PIXELS].copy_from_slice(sum);
        }
    }
}

#[inline(always)]
fn one_body<const FMA: bool>(input: &[f32], taps: &[usize], weights: &[f32], out: &mut [f32]) {
    for (k, out) in out.chunks_exact_mut(PIXELS).enumerate() {
        let start = k * PIXELS;
        let mut sums = [0.0f32; PIXELS];
        for (tap, w) in taps.iter().zip(weights) {
            let x: &[f32] = &input[start + tap..start + tap + PIXELS];
            for p in 0..PIXELS {
                sums[p] = fused::<FMA>(*w, x[p], sums[p]);
            }
        }
        out.copy_from_slice(&sums);
    }
}
