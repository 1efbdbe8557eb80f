//! From light to a JPEG as cameras, phones and web sites make them: exposure, tone, blur, sharpening, noise, artefacts.

use image::{ImageFormat, RgbImage};

use super::grain::{Dice, noise};
use super::shot::Shot;
use super::space::{Colour, grey, v};

/// One camera's and its owner's taste.
#[derive(Debug, Clone)]
pub struct Process {
    /// Brightness that the middle tones are pulled to, 0.08 to 0.6.
    pub exposure: f32,
    /// Colour cast.
    pub cast: Colour,
    /// 1 as it is, 0 grey, 1.5 loud.
    pub saturation: f32,
    /// Steepness of the tone curve, 0.8 to 2.
    pub contrast: f32,
    /// Lift of the shadows, 0 to 0.1.
    pub lift: f32,
    /// Loss of light in the corners, 0 to 0.6.
    pub vignette: f32,
    /// Reflections of a glass door over the whole picture, 0 to 0.3.
    pub veil: f32,
    /// Radius of the blur in pixels.
    pub blur: f32,
    /// Strength of sharpening, 0 to 2.
    pub sharpen: f32,
    /// Noise of the sensor, 0 to 0.08.
    pub noise: f32,
    /// Size of the noise's spots in pixels, 1 for a raw sensor.
    pub spot: f32,
    /// JPEG quality, 20 to 97.
    pub quality: u8,
    /// For the noise.
    pub seed: u64,
}

/// Develops a shot.
pub fn develop(shot: &Shot, process: &Process) -> RgbImage {
    let [width, height] = shot.size.map(|n| n as usize);
    let mut tones: Vec<f32> = shot.light.iter().map(|c| c.mean()).collect();
    tones.sort_by(f32::total_cmp);
    // Cameras meter on what is neither the darkest nor the brightest part.
    let typical = 0.6 * tones[tones.len() * 6 / 10] + 0.4 * tones[tones.len() * 9 / 10] * 0.6;
    let gain = process.exposure / typical.max(1e-4);
    let mut picture: Vec<Colour> = Vec::with_capacity(width * height);
    for (i, light) in shot.light.iter().enumerate() {
        let (x, y) = ((i % width) as f32 / width as f32 - 0.5, (i / width) as f32 / height as f32 - 0.5);
        let corner = 1.0 - process.vignette * (x * x + y * y) * 2.0;
        let mut light = light.tint(process.cast) * (gain * corner);
        if process.veil > 0.0 {
            let cloud = noise(process.seed ^ 5, v(x * 3.0, y * 3.0, 0.5)) - 0.35;
            let edge = if noise(process.seed ^ 6, v(x * 2.0 + y, y * 1.5, 0.5)) > 0.7 { 0.4 } else { 0.0 };
            light += process.cast * (process.veil * (cloud.max(0.0) + edge));
        }
        let level = light.mean();
        let toned = grey(level).mix(light, process.saturation.min(1.0))
            + (light - grey(level)) * (process.saturation - 1.0).max(0.0);
        picture.push(toned.map(|c| curve(c.max(0.0), process)));
    }
    if process.blur > 0.3 {
        picture = blur(&picture, width, process.blur);
    }
    grain(&mut picture, width, process);
    if process.sharpen > 0.0 {
        let soft = blur(&picture, width, 1.0);
        for (c, s) in picture.iter_mut().zip(&soft) {
            *c = *c + (*c - *s) * process.sharpen;
        }
    }
    let mut image = RgbImage::new(shot.size[0], shot.size[1]);
    for (pixel, c) in image.pixels_mut().zip(&picture) {
        pixel.0 = [c.x, c.y, c.z].map(|c| (c.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
    }
    pressed(&image, process.quality).unwrap_or(image)
}

/// Linear light to the picture's tone: a soft shoulder, a gamma, an S.
fn curve(light: f32, process: &Process) -> f32 {
    let bent = if light < 0.7 { light } else { 0.7 + 0.3 * (1.0 - (-(light - 0.7) / 0.3).exp()) };
    let tone = bent.powf(1.0 / 2.2);
    let s = if tone < 0.5 {
        0.5 * (2.0 * tone).powf(process.contrast)
    } else {
        1.0 - 0.5 * (2.0 * (1.0 - tone).max(0.0)).powf(process.contrast)
    };
    process.lift + (1.0 - process.lift) * s
}

fn grain(picture: &mut [Colour], width: usize, process: &Process) {
    if process.noise <= 0.0 {
        return;
    }
    let mut dice = Dice::new(process.seed);
    for (i, c) in picture.iter_mut().enumerate() {
        let dark = 1.3 - c.mean().clamp(0.0, 1.0);
        let strength = process.noise * dark;
        let common = if process.spot > 1.2 {
            let p = v((i % width) as f32 / process.spot, (i / width) as f32 / process.spot, 0.5);
            (noise(process.seed, p) - 0.5) * 3.5
        } else {
            dice.bell()
        };
        let colour = v(dice.bell(), dice.bell(), dice.bell()) * 0.5;
        *c += (grey(common) + colour) * strength;
    }
}

/// A Gaussian of spread `sigma` pixels, one direction after the other.
fn blur(picture: &[Colour], width: usize, sigma: f32) -> Vec<Colour> {
    let height = picture.len() / width;
    let reach = (sigma * 2.5).ceil() as i64;
    let kernel: Vec<f32> = (-reach..=reach).map(|k| (-(k * k) as f32 / (2.0 * sigma * sigma)).exp()).collect();
    let total: f32 = kernel.iter().sum();
    let pass = |from: &[Colour], step: [i64; 2]| -> Vec<Colour> {
        (0..from.len())
            .map(|i| {
                let (x, y) = ((i % width) as i64, (i / width) as i64);
                let mut sum = grey(0.0);
                for (k, weight) in (-reach..=reach).zip(&kernel) {
                    let px = (x + k * step[0]).clamp(0, width as i64 - 1) as usize;
                    let py = (y + k * step[1]).clamp(0, height as i64 - 1) as usize;
                    sum += from[py * width + px] * *weight;
                }
                sum * (1.0 / total)
            })
            .collect()
    };
    pass(&pass(picture, [1, 0]), [0, 1])
}

fn pressed(image: &RgbImage, quality: u8) -> Option<RgbImage> {
    let bytes = crate::encode::jpeg(image, quality).ok()?;
    Some(image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).ok()?.to_rgb8())
}
