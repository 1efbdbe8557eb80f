//! Edits: every one can be told, and taken back exactly.

use models::{
    bin::{Bin, RackFacts},
    bottle::BottleFacts,
    change::{Change, Entity},
    db::{Conn, DbError, bottles::*, changes::*, movements::*, notes::*, racks::*, vintages::*, wines::*, wishes::*},
    movement::{IssueReason, MovementRequest as Ask},
    note::{NoteFacts, Rating},
    window::{DrinkState, OWNER, RULE, Window},
    wine::{Grape, WineFacts},
    wish::{WishFacts, WishState},
};

use crate::cellar::*;

fn last(conn: &mut Conn, entity: Entity, id: &str) -> Outcome<Change> {
    let filter = ChangeFilter { of: Some((entity, id.into())), actor: None, people: true };
    Ok(change_list(conn, &filter, None, 1)?.remove(0))
}

fn undo_last(conn: &mut Conn, entity: Entity, id: &str) -> Outcome<Change> {
    let change = last(conn, entity, id)?;
    change_undo(conn, &change.id, &anna(), now())
}

fn full(producer: &str) -> WineFacts {
    WineFacts {
        grapes: vec![
            Grape { name: "Mourvèdre".into(), percent: Some(80) },
            Grape { name: "Grenache".into(), percent: None },
        ],
        abv_tenths: Some(145),
        tags: vec!["Sunday".into(), " gift ".into(), "sunday".into()],
        ..new_wine(producer, "Cuvée")
    }
}

#[test]
fn a_wine_is_brought_back_as_it_was() {
    in_cellar(|conn, _| {
        let wine = wine_insert(conn, &full("P"), &anna(), now())?;
        assert_eq!(wine.facts.tags, ["gift", "sunday"], "tidied");
        assert_eq!(wine_get(conn, &wine.id)?, wine);
        let other = WineFacts { grapes: vec![], tags: vec![], region: "Bandol".into(), ..full("Q") };
        let changed = wine_update(conn, &wine.id, &other, 1, &anna(), now())?;
        assert_eq!(last(conn, Entity::Wine, wine.id.as_str())?.fields(), ["grapes", "producer", "region", "tags"]);
        undo_last(conn, Entity::Wine, wine.id.as_str())?;
        assert_eq!(wine_get(conn, &wine.id)?.facts, wine.facts);
        let redone = undo_last(conn, Entity::Wine, wine.id.as_str())?;
        assert!(redone.reverses.is_some());
        assert_eq!(wine_get(conn, &wine.id)?.facts, changed.facts, "an undo can be undone");
        let revision = wine_get(conn, &wine.id)?.revision;
        wine_archive(conn, &wine.id, revision, &anna(), now())?;
        assert!(wine_list(conn, Some("cuvee"), None, 9)?.is_empty());
        undo_last(conn, Entity::Wine, wine.id.as_str())?;
        assert_eq!(wine_list(conn, Some("cuvee"), None, 9)?.len(), 1);
        Ok(())
    });
}

#[test]
fn an_edit_is_undone_once_and_not_over_a_later_one() {
    in_cellar(|conn, _| {
        let wine = wine_insert(conn, &new_wine("P", "1"), &anna(), now())?.id;
        wine_update(conn, &wine, &new_wine("P", "2"), 1, &anna(), now())?;
        let first = last(conn, Entity::Wine, wine.as_str())?;
        wine_update(conn, &wine, &new_wine("P", "3"), 2, &anna(), now())?;
        assert!(matches!(change_undo(conn, &first.id, &anna(), now()), Err(DbError::Conflict(_))));
        undo_last(conn, Entity::Wine, wine.as_str())?;
        change_undo(conn, &first.id, &anna(), now())?;
        assert_eq!(wine_get(conn, &wine)?.facts.name, "1");
        assert!(matches!(change_undo(conn, &first.id, &anna(), now()), Err(DbError::Conflict(_))));
        Ok(())
    });
}

#[test]
fn a_wine_with_bottles_here_stays() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, None)?;
        let wine = vintage_get(conn, &cellar.vintage)?.wine_id;
        let refused = wine_archive(conn, &wine, 1, &anna(), now());
        assert!(refused.unwrap_err().to_string().contains("1 bottles"), "says how many");
        Ok(())
    });
}

#[test]
fn the_owners_window_wins_and_the_rule_says_that_it_is_one() {
    in_cellar(|conn, _| {
        let wine = wine_insert(conn, &full("P"), &anna(), now())?;
        let ruled = vintage_ensure(conn, &wine.id, Some(2020), Window::default(), &anna(), now())?;
        assert_eq!(ruled.window_source.as_deref(), Some(RULE));
        assert_eq!((ruled.window.drink_from, ruled.window.drink_to), (Some(2024), Some(2040)), "by its first grape");
        assert_eq!(ruled.drink_state(2030), DrinkState::Peak);
        let own = VintageFacts {
            year: Some(2020),
            window: Window::years(Some(2022), Some(2025)),
            valuation_minor: None,
            valuation_currency: None,
        };
        let owned = vintage_update(conn, &ruled.id, &own, ruled.revision, &anna(), now())?;
        assert_eq!((owned.window_source.as_deref(), owned.drink_state(2030)), (Some(OWNER), DrinkState::Past));
        undo_last(conn, Entity::Vintage, ruled.id.as_str())?;
        assert_eq!(vintage_get(conn, &ruled.id)?.window_source.as_deref(), Some(RULE));
        wine_update(conn, &wine.id, &WineFacts { grapes: vec![], ..full("P") }, 1, &anna(), now())?;
        assert_eq!(vintage_get(conn, &ruled.id)?.window.drink_to, Some(2030), "the rule follows the wine");
        let nv = vintage_ensure(conn, &wine.id, None, Window::default(), &anna(), now())?;
        assert_eq!((nv.window_source, nv.window.is_empty()), (None, true), "no harvest, no rule");
        undo_last(conn, Entity::Vintage, nv.id.as_str())?;
        assert!(matches!(vintage_get(conn, &nv.id), Err(DbError::NotFound(_))), "a new vintage is taken away again");
        Ok(())
    });
}

#[test]
fn what_is_known_of_a_bottle_is_edited_and_brought_back() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let facts = BottleFacts {
            volume_ml: 1500,
            price_minor: Some(4200),
            currency: Some("EUR".into()),
            purchased_on: Some("2026-02-28".into()),
            shop: "Kaufmann".into(),
            notes: "Capsule torn.\nKeep lying.".into(),
            opened_at: Some(now()),
            preservation: Some(models::bottle::Preservation::Gas),
            glasses_left: Some(3),
            ..BottleFacts::default()
        };
        bottle_update(conn, &bottle, &facts, 1, &anna(), now())?;
        let view = bottle_get(conn, &bottle, 2026)?;
        assert_eq!((view.bottle.facts, view.bottle.bin.as_ref().map(|b| b.as_str())), (facts.clone(), Some("A")));
        act(conn, Ask::Move { bottle_id: bottle.clone(), bin: Some("B".into()) })?;
        let stale = bottle_update(conn, &bottle, &facts, 2, &anna(), now());
        assert!(matches!(stale, Err(DbError::Stale(_))), "a move counts as a change: {stale:?}");
        undo_last(conn, Entity::Bottle, bottle.as_str())?;
        let view = bottle_get(conn, &bottle, 2026)?;
        assert_eq!(
            (view.bottle.facts, view.bottle.bin.as_ref().map(|b| b.as_str())),
            (BottleFacts::default(), Some("B"))
        );
        Ok(())
    });
}

#[test]
fn ratings_make_the_vintages_score_and_a_removed_note_does_not_count() {
    in_cellar(|conn, cellar| {
        let note = |hundredths, scale| NoteFacts {
            bottle_id: None,
            tasted_on: "2026-11-24".into(),
            body: "Thyme".into(),
            rating: Some(Rating { hundredths, scale }),
        };
        let first = note_insert(conn, &cellar.vintage, &note(9000, 100), &anna(), now())?;
        note_insert(conn, &cellar.vintage, &note(400, 5), &anna(), now())?;
        let score = |conn: &mut Conn| Ok::<_, DbError>(vintage_get(conn, &cellar.vintage)?.score_tenths);
        assert_eq!(score(conn)?, Some(900), "90 points, and 4 of 5 stars");
        note_update(conn, &first.id, &note(8000, 100), first.revision, &anna(), now())?;
        assert_eq!(score(conn)?, Some(850));
        note_delete(conn, &first.id, 2, &anna(), now())?;
        assert_eq!((score(conn)?, note_list(conn, Some(&cellar.vintage), None, 9)?.len()), (Some(900), 1));
        undo_last(conn, Entity::Note, first.id.as_str())?;
        undo_last(conn, Entity::Note, first.id.as_str())?;
        undo_last(conn, Entity::Note, first.id.as_str())?;
        assert_eq!(note_get(conn, &first.id)?.facts, note(8000, 100));
        assert!(note_insert(conn, &cellar.vintage, &note(501, 5), &anna(), now()).is_err(), "beyond the scale");
        Ok(())
    });
}

#[test]
fn wishes_are_kept_and_brought_back() {
    in_cellar(|conn, _| {
        let facts = WishFacts {
            producer: "Tempier".into(),
            name: "La Tourtine".into(),
            year: Some(2020),
            note: "for the lamb".into(),
            priority: 1,
            state: WishState::Open,
        };
        let wish = wish_insert(conn, &facts, &anna(), now())?;
        assert_eq!((wish.added_by.as_str(), &wish_list(conn, Some(WishState::Open), None, 9)?[0]), ("Anna", &wish));
        wish_update(conn, &wish.id, &WishFacts { state: WishState::Bought, ..facts.clone() }, 1, &anna(), now())?;
        assert!(wish_list(conn, Some(WishState::Open), None, 9)?.is_empty());
        wish_delete(conn, &wish.id, 2, &anna(), now())?;
        assert!(wish_list(conn, None, None, 9)?.is_empty());
        undo_last(conn, Entity::Wish, wish.id.as_str())?;
        assert_eq!(wish_get(conn, &wish.id)?.facts.state, WishState::Bought);
        Ok(())
    });
}

#[test]
fn racks_and_bins_never_lose_a_bottle() {
    in_cellar(|conn, cellar| {
        receive(conn, cellar, Some("A"))?;
        receive(conn, cellar, Some("A"))?;
        let a = bin_get(conn, &"A".into())?;
        let small = bin_update(conn, &Bin { capacity: 1, ..a.clone() }, 1, &anna(), now());
        assert!(small.unwrap_err().to_string().contains("holds 2"));
        let off = bin_update(conn, &Bin { enabled: false, ..a.clone() }, 1, &anna(), now());
        assert!(off.unwrap_err().to_string().contains("elsewhere"));
        bin_update(conn, &Bin { capacity: 2, ..a.clone() }, 1, &anna(), now())?;
        undo_last(conn, Entity::Bin, "A")?;
        assert_eq!(bin_get(conn, &"A".into())?.capacity, 3);
        assert!(rack_archive(conn, &cellar.rack, 1, &anna(), now()).unwrap_err().to_string().contains("2 bottles"));
        let facts = rack_get(conn, &cellar.rack)?.facts;
        rack_update(conn, &cellar.rack, &RackFacts { name: "North".into(), ..facts.clone() }, 1, &anna(), now())?;
        undo_last(conn, Entity::Rack, cellar.rack.as_str())?;
        assert_eq!(rack_get(conn, &cellar.rack)?.facts, facts);
        bin_insert(conn, &bin(&cellar.rack, "C", 1, true), &anna(), now())?;
        undo_last(conn, Entity::Bin, "C")?;
        assert!(matches!(bin_get(conn, &"C".into()), Err(DbError::NotFound(_))));
        undo_last(conn, Entity::Bin, "C")?;
        assert_eq!(bin_get(conn, &"C".into())?.capacity, 1, "an undo can be undone");
        Ok(())
    });
}

#[test]
fn a_case_comes_in_and_goes_back_at_one_go() {
    in_cellar(|conn, cellar| {
        let case = |n: usize| vec![Ask::receipt(cellar.vintage.clone(), Some("A".into())); n];
        let full = movement_apply_all(conn, &case(4), &anna(), now());
        assert!(full.unwrap_err().to_string().contains("A is full"));
        assert_eq!(bottle_list(conn, &BottleFilter::default(), None, 9, 2026)?.len(), 3, "the caller rolls back");
        Ok(())
    });
    in_cellar(|conn, cellar| {
        let case = vec![Ask::receipt(cellar.vintage.clone(), Some("A".into())); 3];
        let done = movement_apply_all(conn, &case, &anna(), now())?;
        assert_eq!(done.iter().filter(|m| m.batch.is_some() && m.batch == done[0].batch).count(), 3);
        let back = movement_undo(conn, &done[1].id, &anna(), now())?;
        assert!(
            bottle_list(conn, &BottleFilter { bin: Some("A".into()), ..Default::default() }, None, 9, 2026)?.is_empty()
        );
        movement_undo(conn, &back.id, &anna(), now())?;
        assert_eq!(
            bottle_list(conn, &BottleFilter { bin: Some("A".into()), ..Default::default() }, None, 9, 2026)?.len(),
            3
        );
        assert!(movement_apply_all(conn, &[], &anna(), now()).is_err());
        Ok(())
    });
}

#[test]
fn who_comes_too_late_learns_who_took_the_bottle() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        act(conn, Ask::issue(bottle.clone(), IssueReason::Gift))?;
        let late = act(conn, Ask::issue(bottle.clone(), IssueReason::Drunk)).unwrap_err().to_string();
        assert!(late.contains("gift by Anna") && late.contains("2026-11-24 03:00"), "{late}");
        act(
            conn,
            Ask::Correction { bottle_id: bottle.clone(), here: true, bin: Some("B".into()), note: "found".into() },
        )?;
        let view = bottle_get(conn, &bottle, 2026)?;
        assert_eq!(view.bottle.bin.as_ref().map(|b| b.as_str()), Some("B"), "the book is set right");
        let again = Ask::Correction { bottle_id: bottle, here: true, bin: Some("B".into()), note: String::new() };
        assert!(act(conn, again).is_err());
        Ok(())
    });
}

#[test]
fn a_bottle_is_named_later() {
    in_cellar(|conn, cellar| {
        let bottle = receive(conn, cellar, Some("A"))?;
        let wine = wine_insert(conn, &new_wine("Pibarnon", "Bandol"), &anna(), now())?.id;
        let right = ensure(conn, &wine, Some(2016), None, None)?.id;
        let seen = bottle_get(conn, &bottle, 2026)?.bottle.revision;
        let relabel = |conn: &mut Conn, vintage: &str, seen: i32| {
            bottle_relabel(conn, &bottle, &vintage.into(), seen, &anna(), now())
        };
        assert!(relabel(conn, "none", seen).is_err_and(|error| error.to_string().starts_with("vintage_id: ")));
        assert!(matches!(relabel(conn, right.as_str(), seen + 1), Err(DbError::Stale(_))));
        relabel(conn, right.as_str(), seen)?;
        assert_eq!(bottle_get(conn, &bottle, 2026)?.title(), "Pibarnon Bandol 2016");
        // Other facts are edited between, and the label is taken back all the same.
        let label = last(conn, Entity::Bottle, bottle.as_str())?.id;
        let noted = BottleFacts { notes: "low fill".into(), ..BottleFacts::default() };
        bottle_update(conn, &bottle, &noted, seen + 1, &anna(), now())?;
        change_undo(conn, &label, &anna(), now())?;
        let back = bottle_get(conn, &bottle, 2026)?;
        assert_eq!(
            (back.title(), back.bottle.facts.notes),
            ("Domaine Tempier Bandol Rouge 2019".into(), "low fill".into())
        );
        Ok(())
    });
}
