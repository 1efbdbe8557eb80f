//! Wines, vintages, bottles, racks, bins.

use models::{
    db::{DbError, bottles::*, racks::*, vintages::*, wines::*},
    error::RuleError,
    ids::{BottleId, WineId},
    window::DrinkState,
};

use crate::cellar::*;

#[test]
fn wines_are_found_by_every_word_in_any_case() {
    in_cellar(|conn, _| {
        wine_insert(conn, &new_wine("Château 100%", "Élan_Vital"), &anna(), now())?;
        let found = |conn: &mut _, words: &str| wine_list(conn, Some(words), None, 10).map(|list| list.len());
        assert_eq!(found(conn, "TEMPIER bandol")?, 1);
        assert_eq!(found(conn, "élan")?, 1);
        assert_eq!(found(conn, "ÉLAN 100%")?, 1);
        assert_eq!(found(conn, "chateau elan vital")?, 1, "accents and punctuation do not matter");
        assert_eq!(found(conn, "elan vitale")?, 0);
        assert_eq!(found(conn, "provence")?, 2);
        let first = &wine_list(conn, None, None, 1)?[0];
        assert_eq!(wine_get(conn, &first.id)?, *first);
        assert_eq!(wine_list(conn, None, Some(&first.id), 10)?.len(), 1);
        assert!(matches!(wine_get(conn, &WineId::from("none")), Err(DbError::NotFound(_))));
        Ok(())
    });
}

#[test]
fn a_stale_revision_is_a_conflict() {
    in_cellar(|conn, _| {
        let wine = wine_insert(conn, &new_wine("P", "N"), &anna(), now())?;
        let changed = wine_update(conn, &wine.id, &new_wine("P", "Other"), wine.revision, &anna(), now())?;
        assert_eq!((changed.facts.name.as_str(), changed.revision, changed.created_at), ("Other", 2, now()));
        let late = wine_update(conn, &wine.id, &new_wine("P", "Late"), wine.revision, &anna(), now());
        assert!(matches!(late, Err(DbError::Stale(_))), "{late:?}");
        assert_eq!(wine_get(conn, &wine.id)?.facts.name, "Other");
        Ok(())
    });
}

#[test]
fn a_vintage_is_made_once_and_its_window_kept() {
    in_cellar(|conn, _| {
        let wine = wine_insert(conn, &new_wine("P", "N"), &anna(), now())?.id;
        let first = ensure(conn, &wine, None, Some(2020), None)?;
        let again = ensure(conn, &wine, None, None, Some(2028))?;
        assert_eq!(again.id, first.id);
        assert_eq!((again.window.drink_from, again.window.drink_to), (Some(2020), Some(2028)));
        assert_eq!(vintage_get(conn, &first.id)?, again);
        assert_eq!(vintage_list_of(conn, &wine)?, [again]);
        assert!(ensure(conn, &wine, Some(1500), None, None).is_err());
        assert!(ensure(conn, &wine, None, Some(2040), None).is_err(), "the window would end before it begins");
        Ok(())
    });
}

#[test]
fn bottles_are_filtered_and_paged() {
    in_cellar(|conn, cellar| {
        let placed = receive(conn, cellar, Some("A"))?;
        let loose = receive(conn, cellar, None)?;
        let ids = |conn: &mut _, filter: BottleFilter| {
            Ok::<_, DbError>(
                bottle_list(conn, &filter, None, 10, 2026)?.into_iter().map(|b| b.bottle.id).collect::<Vec<_>>(),
            )
        };
        assert_eq!(ids(conn, BottleFilter { bin: Some("A".into()), ..Default::default() })?, [placed.clone()]);
        assert_eq!(ids(conn, BottleFilter { unplaced: true, ..Default::default() })?, [loose.clone()]);
        assert_eq!(ids(conn, BottleFilter { search: Some("bandol".into()), ..Default::default() })?.len(), 2);
        assert_eq!(ids(conn, BottleFilter { wine_id: Some("none".into()), ..Default::default() })?.len(), 0);
        let next = bottle_list(conn, &BottleFilter::default(), Some(&placed), 10, 2026)?;
        assert_eq!(next.len(), 1);
        let view = bottle_get(conn, &placed, 2026)?;
        assert_eq!(view.title(), "Domaine Tempier Bandol Rouge 2019");
        assert_eq!((view.origin.as_str(), view.drink_state), ("Provence", DrinkState::Ready));
        assert_eq!(view.bottle.received_at, now());
        assert!(matches!(bottle_get(conn, &BottleId::from("x"), 2026), Err(DbError::NotFound(_))));
        Ok(())
    });
}

#[test]
fn racks_and_bins_come_back_as_entered() {
    in_cellar(|conn, cellar| {
        let rack = rack_get(conn, &cellar.rack)?;
        assert_eq!(rack.facts.corners[3], [0.0, 480.25]);
        assert_eq!(rack_list(conn)?, [rack]);
        assert_eq!(bin_get(conn, &"A".into())?, bin(&cellar.rack, "A", 3, true));
        assert_eq!(bin_list(conn)?.len(), 3);
        assert!(matches!(
            bin_insert(conn, &bin(&cellar.rack, "A", 3, true), &anna(), now()),
            Err(DbError::Conflict(_))
        ));
        assert!(matches!(
            bin_insert(conn, &bin(&"none".into(), "C", 3, true), &anna(), now()),
            Err(DbError::Rule(RuleError::Field { .. }))
        ));
        assert!(matches!(bin_insert(conn, &bin(&cellar.rack, "a/b", 3, true), &anna(), now()), Err(DbError::Rule(_))));
        Ok(())
    });
}

#[test]
fn the_summary_tells_book_and_camera() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        see(conn, cellar, "20261124T030000Z-1", &[("A", 2)])?;
        let all = bin_summary(conn)?;
        let names: Vec<_> = all.iter().map(|s| s.st_bin.as_str()).collect();
        assert_eq!(names, ["A", "B", "Z"]);
        assert_eq!((all[0].qty, all[0].seen, all[0].open_proposal), (1, Some(2), true));
        assert_eq!(all[0].seen_at, Some(now()));
        assert_eq!((all[1].qty, all[1].seen, all[1].seen_at, all[1].open_proposal), (0, None, None, false));
        Ok(())
    });
}
