//! The pure rules of explaining, without a database: bins with ends that look like something.

use models::{
    explain::{
        BinSight, Lying, Memory,
        bin::{Changes, changes},
        mistaken,
        pair::{self, Differing},
        rank,
        replaced::{predecessors, successors},
    },
    ids::BinId,
    scan::SeenEnd,
    window::DrinkState,
};
use proptest::prelude::*;

/// How the bottles of a wine look: no two alike, and each bottle a little different from the other.
fn looks(wine: u8, bottle: u8, light: f32) -> String {
    let mut values = [0.05_f32; 24];
    values[usize::from(wine % 24)] = 1.0;
    values[usize::from((wine + 7) % 24)] = 0.4;
    values[usize::from((bottle * 5 + 3) % 24)] += 0.35;
    let light = values.iter().enumerate().map(|(i, v)| v + light * ((i % 3) as f32 - 1.0) * 0.02);
    let values: Vec<f32> = light.collect();
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    SeenEnd::pack(&values.iter().map(|v| v / length).collect::<Vec<_>>())
}

fn end(place: usize, looks: String) -> SeenEnd {
    let (x, y) = ((place % 3) as f64 * 80.0, 400.0 - (place / 3) as f64 * 70.0);
    SeenEnd { x, y, r: 36.0, confidence: 0.99, looks }
}

/// Wine and number of a bottle.
type Bottle = (u8, u8);

fn name((wine, bottle): Bottle) -> String {
    format!("{wine}-{bottle}")
}

fn lying(bottle: Bottle) -> Lying {
    Lying {
        id: name(bottle).into(),
        vintage: bottle.0.to_string().into(),
        drink: DrinkState::Ready,
        looks: None,
        kin: Vec::new(),
    }
}

/// A bin with these bottles by the book and those in the picture, in another light.
fn sight(bin: &str, book: &[Bottle], memory: Option<Memory>, shown: &[Bottle], light: f32) -> BinSight {
    BinSight {
        bin: bin.into(),
        lying: book.iter().map(|bottle| lying(*bottle)).collect(),
        memory,
        ends: shown.iter().enumerate().map(|(i, (wine, n))| end(i, looks(*wine, *n, light))).collect(),
    }
}

/// A bin that was filled bottle by bottle, each seen before the next came: every end has its bottle.
fn remembered(bin: &str, bottles: &[Bottle]) -> Option<Memory> {
    let mut memory = None;
    for n in 1..=bottles.len() {
        memory = changes(&sight(bin, &bottles[..n], memory, &bottles[..n], 0.0)).memory;
        assert!(memory.is_some());
    }
    memory
}

fn difference(bin: &str, book: &[Bottle], shown: &[Bottle]) -> Changes {
    changes(&sight(bin, book, remembered(bin, book), shown, 1.0))
}

fn found<'a>(bins: &'a [(BinId, Changes)]) -> Vec<Differing<'a>> {
    bins.iter().map(|(bin, it)| Differing { bin, gone: &it.gone, come: &it.come, fresh: true }).collect()
}

const A: [Bottle; 4] = [(1, 0), (2, 0), (3, 0), (3, 1)];
const B: [Bottle; 3] = [(4, 0), (5, 0), (6, 0)];

#[test]
fn a_bottle_that_lies_in_another_bin_is_one_move() {
    for taken in 0..A.len() {
        let mut rest = A.to_vec();
        let moved = rest.remove(taken);
        let mut more = B.to_vec();
        more.push(moved);
        let bins = [("A".into(), difference("A", &A, &rest)), ("B".into(), difference("B", &B, &more))];
        let moves = pair::moves(&found(&bins), &[]);
        assert_eq!(moves.len(), 1, "{moved:?}");
        assert_eq!((moves[0].from, moves[0].to), (0, 1));
        let wanted = bins[0].1.gone[moves[0].gone[0]].bottle.clone().unwrap();
        assert_eq!(wanted.as_str().split('-').next(), Some(moved.0.to_string().as_str()), "a bottle of that wine");
    }
}

#[test]
fn two_moves_and_a_drunk_bottle_are_three_things() {
    let c: [Bottle; 2] = [(8, 0), (9, 0)];
    let bins = [
        ("A".into(), difference("A", &A, &[(3, 0), (3, 1)])),
        ("B".into(), difference("B", &B, &[(5, 0), (6, 0), (1, 0)])),
        ("C".into(), difference("C", &c, &[(8, 0), (9, 0), (2, 0)])),
    ];
    // Of B one was drunk and one came: its count is right, so only C tells of a move, and one of A is missing.
    let moves = pair::moves(&found(&bins), &[]);
    assert_eq!(moves.len(), 1);
    assert_eq!((moves[0].from, moves[0].to), (0, 2));
    assert_eq!(bins[0].1.gone[moves[0].gone[0]].bottle.as_ref().map(|id| id.as_str()), Some("2-0"));
    assert_eq!(bins[1].1.strange.len(), 1, "what lies in B looks different");
}

#[test]
fn an_unlike_bottle_that_came_is_no_move() {
    let bins = [
        ("A".into(), difference("A", &A, &[(2, 0), (3, 0), (3, 1)])),
        ("B".into(), difference("B", &B, &[(4, 0), (5, 0), (6, 0), (11, 0)])),
    ];
    assert!(pair::moves(&found(&bins), &[]).is_empty());
}

#[test]
fn a_bottle_that_waits_explains_an_arrival_better_than_one_less_alike() {
    let bins = [
        ("A".into(), difference("A", &A, &[(1, 0), (2, 0), (3, 1)])),
        ("B".into(), difference("B", &B, &[(4, 0), (5, 0), (6, 0), (3, 2)])),
    ];
    let waits = Lying { looks: Some(SeenEnd::unpack(&looks(3, 2, 0.0))), ..lying((3, 2)) };
    assert!(pair::moves(&found(&bins), std::slice::from_ref(&waits)).is_empty());
    let ranked = rank::arrived(&bins[1].1.come, &[waits], &[]);
    assert_eq!(ranked[0].bottle_id.as_str(), "3-2");
}

#[test]
fn the_missing_bottle_is_named_by_its_end() {
    for taken in 0..A.len() {
        let mut rest = A.to_vec();
        rest.remove(taken);
        let sight = sight("A", &A, remembered("A", &A), &rest, -1.0);
        let changes = changes(&sight);
        let ranked = rank::missing(&sight, &changes, &changes.gone);
        assert_eq!(ranked[0].bottle_id.as_str().split('-').next(), Some(A[taken].0.to_string().as_str()));
        assert!(ranked[0].share > 0.8, "{ranked:?}");
    }
}

#[test]
fn a_bottle_booked_out_by_mistake_is_thought_of_when_it_turns_up() {
    let changes = difference("B", &B, &[(4, 0), (5, 0), (6, 0), (1, 0)]);
    let left =
        |bottle: Bottle| Lying { looks: Some(SeenEnd::unpack(&looks(bottle.0, bottle.1, 0.0))), ..lying(bottle) };
    let ranked = rank::arrived(&changes.come, &[], &[left((2, 0)), left((1, 0))]);
    assert_eq!(ranked.len(), 1, "one that looks different is not thought of");
    assert_eq!(ranked[0].bottle_id.as_str(), "1-0");
}

#[test]
fn a_bottle_laid_into_the_wrong_bin_is_one_move() {
    // Booked into B and never seen there; one more lies in A.
    let mut book = B.to_vec();
    book.push((7, 0));
    let b = changes(&sight("B", &book, remembered("B", &B), &B, 0.5));
    let mut more = A.to_vec();
    more.push((7, 0));
    let bins = [("A".into(), difference("A", &A, &more)), ("B".into(), b)];
    let moves = pair::moves(&found(&bins), &[]);
    assert_eq!((moves.len(), moves[0].from, moves[0].to), (1, 1, 0));
    assert_eq!(bins[1].1.gone[0].bottle.as_ref().map(|id| id.as_str()), Some("7-0"));
}

#[test]
fn two_bottles_exchanged_are_one_swap() {
    let a = difference("A", &A, &[(4, 0), (2, 0), (3, 0), (3, 1)]);
    let b = difference("B", &B, &[(1, 0), (5, 0), (6, 0)]);
    let swaps = pair::swaps(&[&a, &b]);
    assert_eq!(swaps.len(), 1);
    let named = swaps[0].bottles.clone().map(|id| id.map(|id| id.0));
    assert_eq!(named, [Some("1-0".into()), Some("4-0".into())]);
    let turned = difference("B", &B, &[(12, 0), (5, 0), (6, 0)]);
    assert!(pair::swaps(&[&a, &turned]).is_empty(), "other bottles are no exchange");
}

#[test]
fn a_bottle_booked_in_finds_its_end_where_another_was_exchanged_too() {
    // (7, 0) was booked into B, and there (4, 0) was exchanged for (8, 0), all since the last scan that agreed. What lies there now
    // is a little like (4, 0), and that is (7, 0).
    let mut seven = looks(7, 0, 0.0);
    let mut values = SeenEnd::unpack(&seven);
    values[4] = 0.9;
    seven = SeenEnd::pack(&values);
    let book = [B[0], B[1], B[2], (7, 0)];
    let mut sight = sight("B", &book, remembered("B", &B), &[(8, 0), B[1], B[2], (7, 0)], 0.5);
    sight.ends[3].looks.clone_from(&seven);
    sight.lying[3].looks = Some(SeenEnd::unpack(&seven));
    let found = changes(&sight);
    assert_eq!(found.strange.len(), 1);
    let (was, is) = &found.strange[0];
    assert_eq!(was.bottle.as_ref().map(|id| id.as_str()), Some("4-0"));
    assert_eq!(
        (is.x, is.y),
        (sight.ends[0].x, sight.ends[0].y),
        "the other end is that of the bottle that was booked in"
    );
}

#[test]
fn a_bottle_booked_out_that_lies_there_still_tells_which_one_has_gone() {
    // (2, 0) was booked, and (1, 0) has left.
    let book = [A[0], A[2], A[3]];
    let wrong = sight("A", &book, remembered("A", &A), &[A[1], A[2], A[3]], 0.5);
    let outside = |sight: &BinSight| -> Vec<Lying> {
        let known = mistaken::left(sight).into_iter();
        known.map(|(id, looks)| Lying { id, looks: Some(looks), ..lying(A[1]) }).collect()
    };
    let found = mistaken::mistaken(&wrong, &changes(&wrong), &outside(&wrong));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].gone.as_str(), found[0].here.as_str()), ("1-0", "2-0"));
    let right = sight("A", &book, remembered("A", &A), &book, 0.5);
    assert!(mistaken::mistaken(&right, &changes(&right), &outside(&right)).is_empty(), "the right one left");
    let alike = Lying { vintage: "9".into(), id: "9-0".into(), ..outside(&wrong)[0].clone() };
    let two = [outside(&wrong), vec![alike]].concat();
    assert!(mistaken::mistaken(&wrong, &changes(&wrong), &two).is_empty(), "it may be the one or the other");
}

#[test]
fn a_vintage_tells_an_end_of_another_only_where_its_bottles_look_alike() {
    let wrong = sight("A", &[A[0], A[2], A[3]], remembered("A", &A), &[A[1], A[2], A[3]], 0.5);
    let found = |kin: &[Bottle]| {
        let kin = kin.iter().map(|(wine, bottle)| SeenEnd::unpack(&looks(*wine, *bottle, 0.0))).collect();
        let (id, looks) = mistaken::left(&wrong).remove(0);
        mistaken::mistaken(&wrong, &changes(&wrong), &[Lying { id, looks: Some(looks), kin, ..lying(A[1]) }]).len()
    };
    assert_eq!(found(&[(2, 1)]), 1);
    assert_eq!(found(&[(9, 0)]), 0, "its end was another's from the beginning");
    assert_eq!(found(&[(9, 0), (10, 0), (9, 1), (9, 2)]), 0, "as most of them say");
    assert_eq!(found(&[(9, 0), (10, 0)]), 1, "bottles of this wine look as they like");
}

#[test]
fn what_lies_where_a_missing_bottle_lay_is_another_or_itself() {
    let gone = difference("A", &A, &A[1..]).gone;
    let took = |shown: &[Bottle]| successors(&difference("A", &A, shown), &gone).map(|took| took.len());
    assert_eq!(took(&[(9, 0), A[1], A[2], A[3]]), Some(1));
    assert_eq!(took(&[(9, 0), A[1], A[2], A[3], (10, 0)]), Some(1), "one more has come");
    assert_eq!(took(&A), None, "it lies there again");
    assert_eq!(took(&[A[0], A[2], A[3]]), None, "and another is missing");
    assert_eq!(took(&A[1..]), None, "nothing took its place");
}

#[test]
fn one_that_came_lies_where_one_has_gone_since() {
    let come = difference("A", &A, &[A[0], A[1], A[2], A[3], (9, 0)]).come;
    let places = |shown: &[Bottle]| predecessors(&difference("A", &A, shown), &come);
    let lay = places(&[A[1], A[2], A[3], (9, 0)]).unwrap();
    assert_eq!(lay.iter().map(|was| was.bottle.as_ref().unwrap().as_str()).collect::<Vec<_>>(), ["1-0"]);
    assert_eq!(places(&A), None, "it was taken away again");
    assert_eq!(places(&[A[1], A[2], A[3], (10, 0)]), None, "and this is another one");
}

#[test]
fn a_bottle_booked_in_took_the_place_of_one_that_has_gone() {
    // (7, 0) was booked into B and lies there, and (4, 0) has left: one is missing, and that is not the new one.
    let mut book = B.to_vec();
    book.push((7, 0));
    let found = changes(&sight("B", &book, remembered("B", &B), &[(7, 0), B[1], B[2]], 0.5));
    assert_eq!(found.gone.len(), 1);
    assert_eq!(found.gone[0].bottle.as_ref().map(|id| id.as_str()), Some("4-0"));
    assert!(found.strange.is_empty() && !found.gone[0].never_came);
}

fn any_bin() -> impl Strategy<Value = Vec<Bottle>> {
    prop::collection::vec((0..24u8, 0..4u8), 0..7)
}

proptest! {
    #[test]
    fn an_unchanged_bin_is_never_strange(mut bin in any_bin(), lights in prop::collection::vec(-1.0..1.0f32, 1..6)) {
        bin.sort_unstable();
        bin.dedup();
        let mut memory = remembered("A", &bin);
        for light in lights {
            let found = changes(&sight("A", &bin, memory.clone(), &bin, light));
            prop_assert!(found.gone.is_empty() && found.come.is_empty() && found.strange.is_empty());
            memory = found.memory;
            prop_assert!(memory.is_some());
        }
    }

    #[test]
    fn as_many_ends_go_or_come_as_the_counts_say(mut book in any_bin(), mut shown in any_bin(), known in any::<bool>()) {
        for bottles in [&mut book, &mut shown] {
            bottles.sort_unstable();
            bottles.dedup();
        }
        let memory = if known { remembered("A", &book) } else { None };
        let found = changes(&sight("A", &book, memory, &shown, 0.3));
        let difference = shown.len() as i64 - book.len() as i64;
        prop_assert_eq!(found.gone.len() as i64, (-difference).max(0));
        prop_assert_eq!(found.come.len() as i64, difference.max(0));
    }

    #[test]
    fn each_end_is_part_of_one_move_at_most(a in any_bin(), b in any_bin(), c in any_bin(), swapped in any::<u8>()) {
        let mut bins: Vec<(BinId, Changes)> = Vec::new();
        let mut all = [a, b, c];
        all.iter_mut().for_each(|bin| { bin.sort_unstable(); bin.dedup(); });
        let shown = [all[usize::from(swapped % 3)].clone(), all[usize::from(swapped % 2)].clone(), all[2].clone()];
        for (i, name) in ["A", "B", "C"].iter().enumerate() {
            bins.push(((*name).into(), difference(name, &all[i], &shown[i])));
        }
        let moves = pair::moves(&found(&bins), &[]);
        let mut gone: Vec<(usize, usize)> = moves.iter().flat_map(|m| m.gone.iter().map(|g| (m.from, *g))).collect();
        let mut come: Vec<(usize, usize)> = moves.iter().flat_map(|m| m.come.iter().map(|c| (m.to, *c))).collect();
        let counts = (gone.len(), come.len());
        gone.sort_unstable();
        gone.dedup();
        come.sort_unstable();
        come.dedup();
        prop_assert_eq!(counts, (gone.len(), come.len()));
        prop_assert!(moves.iter().all(|m| m.from != m.to));
    }
}
