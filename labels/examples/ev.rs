use std::path::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let r = labels::local::LocalReader::open(Path::new(&a[1])).unwrap();
    println!("open {:?}", t.elapsed());
    let rep = labels::eval::run(&r, Path::new(&a[2]), a.get(3).map(Path::new), 2026, &|| t.elapsed().as_secs_f64()).unwrap();
    for o in &rep.outcomes { println!("{} rank {} pn {} {:.1}s {:?}\n   T {}\n   F {}\n   R {}", o.picture, o.rank, o.producer_or_name, o.seconds, o.fields, o.words[0], o.words[1], o.words[2]); }
    println!("{:?} top1 {:.3} pn {:.3}", rep.fields(), rep.part(|o| o.rank == 1), rep.part(|o| o.producer_or_name));
}
