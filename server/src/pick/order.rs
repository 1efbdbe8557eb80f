//! Which LEDs belong to which bin. Pure.

use std::collections::BTreeMap;

use models::{bin::Bin, ids::BinId};

use super::plan::{Order, Wired};

/// First and last LED of each bin of the rack: along the rows as the strip runs, unless the file says otherwise.
pub(super) fn places(wired: &Wired, bins: &[&Bin]) -> BTreeMap<BinId, [u32; 2]> {
    let mut places = BTreeMap::new();
    let mut next = wired.first;
    for (i, row) in rows(bins).into_iter().enumerate() {
        let back = wired.order == Order::Serpentine && i % 2 == 1;
        let along: Vec<&Bin> = if back { row.into_iter().rev().collect() } else { row };
        for bin in along {
            places.insert(bin.id.clone(), [next, next + wired.per_bin - 1]);
            next += wired.per_bin;
        }
    }
    for (bin, range) in &wired.bins {
        places.insert(BinId(bin.clone()), *range);
    }
    places
}

/// The bins row by row from above, each from the left: a row ends where the next bin lies lower by more than half a bin.
fn rows<'a>(bins: &[&'a Bin]) -> Vec<Vec<&'a Bin>> {
    let middle = |bin: &Bin, axis: usize| {
        bin.polygon.iter().map(|point| point[axis]).sum::<f64>() / bin.polygon.len().max(1) as f64
    };
    let height = |bin: &Bin| {
        let ys = bin.polygon.iter().map(|point| point[1]);
        ys.clone().fold(f64::MIN, f64::max) - ys.fold(f64::MAX, f64::min)
    };
    let mut sorted: Vec<&Bin> = bins.to_vec();
    sorted.sort_by(|a, b| middle(a, 1).total_cmp(&middle(b, 1)));
    let mut rows: Vec<Vec<&Bin>> = Vec::new();
    for bin in sorted {
        let fits =
            |row: &Vec<&Bin>| row.first().is_some_and(|first| middle(bin, 1) - middle(first, 1) < height(first) / 2.0);
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => row.push(bin),
            None => rows.push(vec![bin]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| middle(a, 0).total_cmp(&middle(b, 0)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(name: &str, x: f64, y: f64) -> Bin {
        let polygon = vec![[x, y], [x + 10.0, y], [x + 10.0, y + 10.0], [x, y + 10.0]];
        Bin { id: name.into(), rack_id: "r".into(), polygon, capacity: 1, enabled: true, revision: 1 }
    }

    #[test]
    fn a_strip_runs_along_the_rows_or_back_and_forth() {
        // Not quite level, and in no order.
        let bins =
            [bin("d", 10.0, 11.0), bin("a", 0.0, 1.0), bin("c", 0.0, 10.0), bin("b", 10.0, 0.0), bin("e", 0.0, 20.0)];
        let bins: Vec<&Bin> = bins.iter().collect();
        let toml = |more: &str| format!("name = \"r\"\nwled = \"http://w\"\nfirst = 4\nper_bin = 2\n{more}");
        let of = |more: &str| {
            let wired: Wired = toml::from_str(&toml(more)).expect("a rack");
            let mut list: Vec<(String, u32, u32)> =
                places(&wired, &bins).into_iter().map(|(bin, [a, b])| (bin.0, a, b)).collect();
            list.sort_by_key(|(_, from, _)| *from);
            list.into_iter().map(|(bin, from, to)| format!("{bin}{from}-{to}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(""), "a4-5 b6-7 c8-9 d10-11 e12-13");
        assert_eq!(of("order = \"serpentine\""), "a4-5 b6-7 d8-9 c10-11 e12-13");
        assert_eq!(of("[bins]\na = [0, 1]"), "a0-1 b6-7 c8-9 d10-11 e12-13");
    }
}
