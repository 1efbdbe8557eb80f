//! How the box is: the page, /metrics, and what units that failed leave behind.

use crate::cellar::Cellar;

#[test]
fn metrics_tell_the_last_scan_the_room_and_the_nas() {
    let cellar = Cellar::demo();
    std::fs::create_dir(cellar.path("nas")).expect("NAS");
    let nas = cellar.path("nas").display().to_string();
    let served = cellar.serve_with(&[("WINECELLAR_NAS_DIR", &nas)]);
    let answer = served.get("/metrics").send().expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().expect("text");
    for wanted in [
        "winecellar_database_up 1",
        "winecellar_scan_last_ok 1",
        "winecellar_scan_last_stage_seconds{stage=\"detect\"} ",
        "winecellar_disk_free_bytes ",
        "winecellar_nas_ok 0",
        "winecellar_health{what=\"last backup\"} 1",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    // Each line is a comment, or a name, labels and a number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a value");
        assert!(name.starts_with("winecellar_") && value.parse::<f64>().is_ok(), "{line}");
    }
}

#[test]
fn a_unit_that_failed_is_on_the_page() {
    let cellar = Cellar::demo();
    cellar.ok(&["failed", "wine-inventory-backup.service"]);
    let served = cellar.serve();
    let page = served.get("/health").send().expect("an answer").text().expect("text");
    assert!(page.contains("failure of wine-inventory-backup.service"), "{page}");
    assert!(page.contains("journalctl -u wine-inventory-backup.service"), "{page}");
    let said = cellar.fails(1, &["failed", "../../etc"]);
    assert!(said.contains("no name of a unit"), "{said}");
}
