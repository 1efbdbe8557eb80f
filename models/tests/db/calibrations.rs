//! Versions of calibrations: put into force, named by scans, gone back to, and never at the cost of a bin that holds bottles.

use models::{
    bin::RackFacts,
    calibration::{About, Origin, PlacedBin},
    db::{
        Conn, DbError,
        calibrations::*,
        layouts::{DrawnBin, Wanted},
        racks::*,
        scans::*,
    },
    scan::{Scan, ScanStatus},
};

use crate::cellar::*;

fn placed(id: &str, x: f64, capacity: i32) -> PlacedBin {
    let polygon = vec![[x, 0.0], [x + 50.0, 0.0], [x + 50.0, 60.0], [x, 60.0]];
    PlacedBin { id: id.into(), polygon, capacity, enabled: true }
}

fn save(
    conn: &mut Conn,
    cellar: &Cellar,
    bins: &[PlacedBin],
    note: &str,
) -> Result<models::calibration::Calibration, DbError> {
    let facts = RackFacts { frame_width: 1280, frame_height: 720, ..rack_get(conn, &cellar.rack)?.facts };
    let wanted = Wanted::Known(cellar.rack.clone(), Some(facts));
    let about = About { camera: "v4l2:/dev/v4l/by-id/usb-cam".into(), note: note.into(), ..About::default() };
    Ok(calibration_save(conn, &wanted, bins, &about, Origin::Drawn, &anna(), now())?.1)
}

#[test]
fn a_version_is_put_into_force_and_gone_back_to() {
    in_cellar(|conn, cellar| {
        let first = save(conn, cellar, &[placed("A", 0.0, 3), placed("B", 60.0, 2)], "first")?;
        // What had been there before nobody drew here: it is kept too.
        assert_eq!((first.number, first.origin, first.made_by.as_str()), (2, Origin::Drawn, "Anna"));
        assert_eq!(calibration_list(conn, &cellar.rack, 9)?.last().map(|v| v.origin), Some(Origin::Found));
        let second = save(conn, cellar, &[placed("A", 5.0, 4), placed("C", 60.0, 9)], "second")?;
        assert!(calibration_stands(conn, &second)? && !calibration_stands(conn, &first)?);
        assert!(!bin_get(conn, &"B".into())?.enabled, "B is not in it");
        let (drawn, back) = calibration_restore(conn, &first.id, &anna(), now())?;
        assert_eq!(
            (back.number, back.origin, back.camera.as_str()),
            (4, Origin::Restored, "v4l2:/dev/v4l/by-id/usb-cam")
        );
        assert_eq!(drawn.disabled, ["C".into()]);
        assert!(bin_get(conn, &"B".into())?.enabled && calibration_stands(conn, &back)?);
        assert_eq!(bin_get(conn, &"A".into())?.polygon[0], [0.0, 0.0]);
        assert_eq!(calibration_in_force(conn, &cellar.rack, now())?.map(|v| v.id), Some(back.id));
        Ok(())
    });
}

#[test]
fn a_bin_that_holds_bottles_is_never_lost() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("B"))?;
        receive(conn, cellar, Some("B"))?;
        let told = save(conn, cellar, &[placed("A", 0.0, 3)], "").unwrap_err().to_string();
        assert!(told.starts_with("bins: B is not among them") && told.contains("lay them elsewhere"), "{told}");
        let closed = PlacedBin { enabled: false, ..placed("B", 60.0, 2) };
        let told = save(conn, cellar, &[placed("A", 0.0, 3), closed], "").unwrap_err().to_string();
        assert!(told.starts_with("bins[1].enabled: the bin holds 2 bottles"), "{told}");
        let told = save(conn, cellar, &[placed("A", 0.0, 3), placed("B", 60.0, 1)], "").unwrap_err().to_string();
        assert!(told.starts_with("bins[1].capacity:"), "{told}");
        Ok(())
    });
}

#[test]
fn names_of_another_rack_are_refused_with_the_cure() {
    in_cellar(|conn, cellar| {
        let facts = RackFacts { name: "Second".into(), ..rack_get(conn, &cellar.rack)?.facts };
        let bins = [placed("B-01", 0.0, 3), placed("A", 60.0, 3)];
        let new = Wanted::New(facts);
        let refused = calibration_save(conn, &new, &bins, &About::default(), Origin::Drawn, &anna(), now());
        let told = refused.unwrap_err().to_string();
        assert!(told.starts_with("bins[1].id: A is the name of a bin of") && told.contains("such as B-"), "{told}");
        Ok(())
    });
}

#[test]
fn what_was_drawn_before_an_import_is_not_lost() {
    in_cellar(|conn, cellar| {
        let first = save(conn, cellar, &[placed("A", 0.0, 3), placed("B", 60.0, 2)], "")?;
        let bin = bin_get(conn, &"A".into())?;
        bin_update(conn, &models::bin::Bin { capacity: 4, ..bin.clone() }, bin.revision, &anna(), now())?;
        let wanted = Wanted::Known(cellar.rack.clone(), None);
        let drawn = [DrawnBin::from(&placed("A", 9.0, 5)), DrawnBin::from(&placed("B", 60.0, 2))];
        let (_, imported) = calibration_import(conn, &wanted, &drawn, true, &anna(), now())?;
        let known = calibration_list(conn, &cellar.rack, 9)?;
        let origins: Vec<(i32, Origin)> =
            known.iter().take(2).map(|version| (version.number, version.origin)).collect();
        assert_eq!(origins, [(first.number + 2, Origin::Imported), (first.number + 1, Origin::Found)]);
        assert_eq!((known[1].bins[0].capacity, imported.camera), (4, first.camera));
        Ok(())
    });
}

#[test]
fn a_scan_names_the_version_it_was_read_by() {
    in_cellar(|conn, cellar| {
        let version = save(conn, cellar, &[placed("A", 0.0, 3), placed("B", 60.0, 2)], "")?;
        let scan = Scan { calibration: Some(version.id.clone()), ..scan_of(cellar, "s1", ScanStatus::Ok) };
        scan_record(conn, &scan, &[], &[], &Default::default())?;
        assert_eq!(scan_get(conn, &scan.id)?.calibration, Some(version.id.clone()));
        // A bin that is edited by itself makes another version of what the next scan is read by.
        let bin = bin_get(conn, &"A".into())?;
        let wider = models::bin::Bin { capacity: 4, ..bin.clone() };
        bin_update(conn, &wider, bin.revision, &anna(), now())?;
        let found = calibration_in_force(conn, &cellar.rack, now())?.expect("bins");
        assert_eq!((found.number, found.origin, found.camera), (version.number + 1, Origin::Found, version.camera));
        // But a rack that is only called otherwise does not.
        let rack = rack_get(conn, &cellar.rack)?;
        let named = RackFacts { name: "North".into(), ..rack.facts };
        rack_update(conn, &rack.id, &named, rack.revision, &anna(), now())?;
        assert_eq!(calibration_in_force(conn, &cellar.rack, now())?.map(|v| v.id), Some(found.id));
        Ok(())
    });
}
