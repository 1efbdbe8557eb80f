//! Motion as the camera itself shows it: small grey pictures, each held against the one before. In a process of its own, so that
//! pictures cost the server no memory, and with a bound on what it computes.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use image::RgbImage;
use vision::{capture, source::SourceSpec};

use crate::{
    cli::Watch,
    config::DataDir,
    out,
    worker::{lock, snapshot},
};

/// Size of the pictures that are compared.
const WIDTH: usize = 64;
const HEIGHT: usize = 48;
/// By so much a place must have become lighter or darker than the picture as a whole, of 255.
const STEP: i16 = 20;
/// So many of the places must have, to be a hand and no noise.
const SHARE: f64 = 0.005;
/// What is printed for the server.
pub(super) const WORD: &str = "motion";
/// A picture has this long to come.
const DEADLINE: Duration = Duration::from_secs(20);
/// A camera that gives none is asked again after this long.
const AGAIN: Duration = Duration::from_secs(60);
/// Clock ticks of a process's times in /proc, by second; the same on every Linux.
const TICKS: f64 = 100.0;

/// `stock watch`: prints a line for each motion, until whoever started it is gone.
pub(crate) fn watch(data: &DataDir, args: &Watch) -> anyhow::Result<()> {
    let source: SourceSpec = args.source.parse()?;
    std::thread::spawn(|| {
        // The end of the input is the end of the server.
        let mut gone = [0];
        while matches!(std::io::stdin().read(&mut gone), Ok(n) if n > 0) {}
        std::process::exit(0);
    });
    let mut before = None;
    loop {
        let (begun, spent) = (Instant::now(), cpu());
        // While a scan has the camera there is nothing to be seen that it does not see.
        if lock::stage(&data.lock()).is_some() {
            before = None;
        } else {
            match look(&source) {
                Ok(now) => {
                    if before.as_ref().is_some_and(|before| moved(before, &now)) {
                        out::line(WORD)?;
                    }
                    before = Some(now);
                }
                Err(error) => {
                    eprintln!("winecellar: watching: {error}");
                    before = None;
                    std::thread::sleep(AGAIN);
                }
            }
        }
        let pause = pause(cpu() - spent, begun.elapsed(), args.every, args.cpu);
        std::thread::sleep(pause);
    }
}

fn look(source: &SourceSpec) -> Result<Grey, capture::CaptureError> {
    let shots = capture::Shots { frames: 1, spacing: Duration::ZERO, ..snapshot::shots() };
    let burst = capture::capture(source, &shots, DEADLINE)?;
    burst
        .frames
        .first()
        .map(|frame| Grey::of(&frame.image))
        .ok_or_else(|| capture::CaptureError::Picture("the camera gave none".to_owned()))
}

/// How long to wait after a look: until the next is due, and at least until the computing was the allowed share of the time.
fn pause(computed: Duration, took: Duration, every: u32, cpu: u32) -> Duration {
    let bound = computed * 100 / cpu.max(1);
    bound.max(Duration::from_secs(u64::from(every))).saturating_sub(took)
}

/// What this process and its children have computed so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks; user and system time, own and children's, are the 12th to 15th field after it.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(4);
    Duration::from_secs_f64(fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS)
}

/// A small grey picture.
struct Grey(Vec<u8>);

impl Grey {
    /// Each place is the mean of some of its pixels.
    fn of(image: &RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let mut places = Vec::with_capacity(WIDTH * HEIGHT);
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                let mut sum = 0_u32;
                for (dx, dy) in [(1, 1), (3, 1), (1, 3), (3, 3)] {
                    let x = ((4 * column + dx) * width / (4 * WIDTH)).min(width.saturating_sub(1));
                    let y = ((4 * row + dy) * height / (4 * HEIGHT)).min(height.saturating_sub(1));
                    let [r, g, b] = image.get_pixel(x as u32, y as u32).0.map(u32::from);
                    sum += (r + 2 * g + b) / 4;
                }
                places.push(u8::try_from(sum / 4).unwrap_or(u8::MAX));
            }
        }
        Self(places)
    }
}

/// Whether something moved between the two: what became lighter or darker as a whole, because a cloud passed, is no motion.
fn moved(before: &Grey, now: &Grey) -> bool {
    let mut steps: Vec<i16> = before.0.iter().zip(&now.0).map(|(a, b)| i16::from(*b) - i16::from(*a)).collect();
    let middle = steps.len() / 2;
    if steps.is_empty() {
        return false;
    }
    let light = *steps.select_nth_unstable(middle).1;
    let many = steps.iter().filter(|step| (**step - light).abs() > STEP).count();
    many as f64 > SHARE * steps.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(light: u8, hand: Option<u32>) -> RgbImage {
        RgbImage::from_fn(320, 240, |x, y| {
            let noise = (x * 7 + y * 13 + u32::from(light)) % 9;
            let bright = 60 + light + u8::try_from(noise).unwrap_or(0) + u8::try_from(x / 8).unwrap_or(0);
            let covered = hand.is_some_and(|at| (at..at + 50).contains(&x) && (60..120).contains(&y));
            image::Rgb([if covered { 220 } else { bright }; 3])
        })
    }

    #[test]
    fn a_hand_is_motion_and_noise_or_a_cloud_is_none() {
        let see = |light, hand| Grey::of(&picture(light, hand));
        assert!(!moved(&see(0, None), &see(0, None)));
        assert!(!moved(&see(0, None), &see(5, None)), "noise");
        assert!(!moved(&see(0, None), &see(40, None)), "a cloud has gone");
        assert!(moved(&see(0, None), &see(0, Some(100))), "a hand has come");
        assert!(moved(&see(0, Some(100)), &see(0, Some(160))), "it moves");
        assert!(!moved(&see(0, Some(100)), &see(0, Some(100))), "what stays is no motion");
    }

    #[test]
    fn what_it_computes_is_bounded() {
        let ms = Duration::from_millis;
        assert_eq!(pause(ms(10), ms(200), 2, 5), ms(1800));
        assert_eq!(pause(ms(400), ms(500), 2, 5), ms(7500), "400 ms are 5 % of 8 s");
        assert_eq!(pause(ms(10), ms(5000), 2, 5), ms(0));
        let before = cpu();
        let begun = Instant::now();
        let mut n = 0_u64;
        while cpu() - before < ms(20) {
            n = n.wrapping_mul(31).wrapping_add(1);
            assert!(begun.elapsed() < Duration::from_secs(20), "computing is not counted {n}");
        }
    }
}
