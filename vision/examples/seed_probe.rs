//! probe
fn main() { for s in 1..60u64 { let sc = vision::render::demo_scene_seeded(s); let t = sc.truth(); let n: u32 = t.iter().map(|x| x.1).sum(); let z = t.iter().filter(|x| x.1 == 0).count(); let b = t.iter().find(|x| x.0 == "03_03").map_or(0, |x| x.1); println!("{s} total {n} empty {z} 03_03 {b}"); } }
