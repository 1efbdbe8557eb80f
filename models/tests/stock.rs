//! The pure rules of stock, without a database.

use models::{
    Instant,
    ids::{BinId, BottleId, MovementId},
    movement::{Actor, Movement, MovementKind, Source},
    stock::{Stock, check_room, reversal},
};
use proptest::prelude::*;

fn place() -> impl Strategy<Value = Option<BinId>> {
    prop::option::of("[AB]".prop_map(BinId::from))
}

fn movement(bottle: u8, before: Option<(bool, Option<BinId>)>, after: (bool, Option<BinId>)) -> Movement {
    let (was_here, from_bin) = before.unwrap_or((false, None));
    Movement {
        id: MovementId::from("m"),
        bottle_id: BottleId(bottle.to_string()),
        kind: MovementKind::Move,
        reason: None,
        from_bin,
        to_bin: after.1.filter(|_| after.0),
        was_here,
        is_here: after.0,
        actor: "Anna".into(),
        source: Source::Web,
        at: Instant::default(),
        reverses: None,
        proposal_id: None,
        batch: None,
        note: String::new(),
        revenue_minor: None,
        currency: None,
    }
}

proptest! {
    #[test]
    fn an_undo_of_an_undo_is_the_act_itself(steps in prop::collection::vec((0..4u8, any::<bool>(), place()), 1..40)) {
        let actor = Actor { name: "Anna".into(), source: Source::Web };
        let mut stock = Stock::default();
        for (bottle, here, bin) in steps {
            let id = BottleId(bottle.to_string());
            let before = stock.place(&id).map(|p| (p.status == models::bottle::BottleStatus::InCellar, p.bin.clone()));
            let act = movement(bottle, before, (here, bin));
            stock.apply(&act).unwrap();
            let after = stock.clone();
            let undo = reversal(&act, MovementId::from("u"), &actor, Instant::default());
            stock.apply(&undo).unwrap();
            stock.apply(&reversal(&undo, MovementId::from("r"), &actor, Instant::default())).unwrap();
            prop_assert_eq!(&stock, &after);
        }
    }

    #[test]
    fn room_is_refused_exactly_when_none_is_left(holds in 0..300u32, capacity in 1..200u32) {
        prop_assert_eq!(check_room(&BinId::from("A"), holds, capacity).is_ok(), holds < capacity);
    }
}
