//! A small cellar to test in: one rack, bins `A` (holds 3), `B` (2) and `Z` (out of use).

use chrono::NaiveDate;
use models::{
    Instant,
    bin::{Bin, RackFacts, RackKind},
    compare::Belief,
    db::{Conn, DbError, movements::movement_apply, racks::*, scans::*, vintages::*, wines::*},
    ids::{BinId, BottleId, RackId, ScanId, VintageId, WineId},
    movement::{Actor, Movement, MovementRequest, Source},
    scan::{BinCount, Scan, ScanStatus},
    window::Window,
    wine::{Colour, Vintage, WineFacts},
};

pub(crate) type Outcome<T = ()> = Result<T, DbError>;

pub(crate) fn now() -> Instant {
    NaiveDate::from_ymd_opt(2026, 11, 24).and_then(|day| day.and_hms_micro_opt(3, 0, 0, 123_456)).unwrap_or_default()
}

pub(crate) fn anna() -> Actor {
    Actor { name: "Anna".into(), source: Source::Kiosk }
}

pub(crate) fn new_wine(producer: &str, name: &str) -> WineFacts {
    WineFacts { country: "France".into(), region: "Provence".into(), ..WineFacts::named(producer, name, Colour::Red) }
}

pub(crate) struct Cellar {
    pub(crate) rack: RackId,
    pub(crate) vintage: VintageId,
}

pub(crate) fn bin(rack: &RackId, name: &str, capacity: i32, enabled: bool) -> Bin {
    let polygon = vec![[0.0, 0.0], [10.5, 0.0], [10.5, 10.0]];
    Bin { id: name.into(), rack_id: rack.clone(), polygon, capacity, enabled, revision: 1 }
}

/// The vintage of that year with the owner's window.
pub(crate) fn ensure(
    conn: &mut Conn,
    wine: &WineId,
    year: Option<i32>,
    from: Option<i32>,
    to: Option<i32>,
) -> Outcome<Vintage> {
    vintage_ensure(conn, wine, year, Window::years(from, to), &anna(), now())
}

pub(crate) fn furnish(conn: &mut Conn) -> Outcome<Cellar> {
    let corners = [[0.0, 0.0], [640.0, 0.0], [640.0, 480.0], [0.0, 480.25]];
    let size = (640, 480);
    let new = RackFacts {
        name: "Main rack".into(),
        place: String::new(),
        kind: RackKind::Grid,
        row_count: None,
        column_count: None,
        staggered: false,
        depth: 1,
        corners,
        frame_width: size.0,
        frame_height: size.1,
        rectified_width: size.0,
        rectified_height: size.1,
        lens: None,
        width_mm: None,
        height_mm: None,
    };
    let rack = rack_insert(conn, &new, &anna(), now())?.id;
    for (name, capacity, enabled) in [("A", 3, true), ("B", 2, true), ("Z", 5, false)] {
        bin_insert(conn, &bin(&rack, name, capacity, enabled), &anna(), now())?;
    }
    let wine = wine_insert(conn, &new_wine("Domaine Tempier", "Bandol Rouge"), &anna(), now())?;
    let vintage = ensure(conn, &wine.id, Some(2019), Some(2024), Some(2030))?.id;
    Ok(Cellar { rack, vintage })
}

pub(crate) fn act(conn: &mut Conn, request: MovementRequest) -> Outcome<Movement> {
    movement_apply(conn, &request, &anna(), now())
}

pub(crate) fn receive(conn: &mut Conn, cellar: &Cellar, bin: Option<&str>) -> Outcome<BottleId> {
    let request = MovementRequest::receipt(cellar.vintage.clone(), bin.map(BinId::from));
    Ok(act(conn, request)?.bottle_id)
}

pub(crate) fn scan_of(cellar: &Cellar, id: &str, status: ScanStatus) -> Scan {
    Scan {
        id: ScanId::from(id),
        rack_id: cellar.rack.clone(),
        started_at: now(),
        finished_at: now(),
        source: "file:x.jpg".into(),
        status,
        message: "read".into(),
        model: "test 1".into(),
        stages: Vec::new(),
        bins_read: 0,
        bins_changed: 0,
        calibration: None,
    }
}

/// What a picture says of bin A: so many bottles, that surely.
pub(crate) fn of_a(count: Option<i32>, confidence: f64) -> BinCount {
    BinCount { bin: "A".into(), count, shown: count, confidence, change: 0.0, needs_look: None }
}

/// A scan that counted so many bottles in the bins.
pub(crate) fn see(conn: &mut Conn, cellar: &Cellar, id: &str, counts: &[(&str, i32)]) -> Outcome<Recorded> {
    let counts: Vec<BinCount> =
        counts.iter().map(|(bin, n)| BinCount { bin: BinId::from(*bin), ..of_a(Some(*n), 0.9) }).collect();
    scan_record(conn, &scan_of(cellar, id, ScanStatus::Ok), &counts, &[], &Belief::default())
}

/// Runs `test` in one write transaction of a furnished cellar, on both engines.
pub(crate) fn in_cellar(test: impl Fn(&mut Conn, &Cellar) -> Outcome) {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| {
            let cellar = furnish(conn)?;
            test(conn, &cellar)
        });
        done.unwrap_or_else(|error: DbError| panic!("{}: {error}", it.engine));
    });
}
