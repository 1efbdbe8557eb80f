//! What is printed: the bins of a rack, chosen bottles, or all that have no label yet.

use chrono::Datelike;
use models::{
    bottle::{BottleStatus, BottleView},
    db::{
        Conn, DbError,
        bottle_labels::bottle_label_list,
        bottles::{BottleFilter, bottle_get, bottle_list},
        racks::{bins_of, rack_get},
    },
    error::RuleError,
    ids::{BottleId, RackId},
    label_sheet::MOST_LABELS,
};

use super::Item;
use crate::config;

/// Bottles that are read from the database at a time.
const PART: i64 = 500;

/// What is to be printed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    /// The bins in use of a rack.
    Rack(RackId),
    /// These bottles.
    Bottles(Vec<BottleId>),
    /// The bottles in the cellar that have no label yet.
    Unlabelled,
}

/// What is to be printed.
pub(crate) struct Labels {
    /// The labels, each with the path that its code carries.
    pub(crate) items: Vec<Item>,
    /// The bottles that have one when it is printed.
    pub(crate) bottles: Vec<BottleId>,
}

/// Reads what was wanted.
pub(crate) fn labels(conn: &mut Conn, wanted: &Wanted) -> Result<Labels, DbError> {
    let bottles = match wanted {
        Wanted::Rack(rack) => return Ok(Labels { items: bins(conn, rack)?, bottles: Vec::new() }),
        Wanted::Bottles(chosen) => {
            let year = config::now().year();
            chosen.iter().take(MOST_LABELS + 1).map(|id| bottle_get(conn, id, year)).collect::<Result<Vec<_>, _>>()?
        }
        Wanted::Unlabelled => unlabelled(conn)?,
    };
    some(bottles.len(), "bottles")?;
    let items = bottles.iter().map(of_bottle).collect();
    Ok(Labels { items, bottles: bottles.into_iter().map(|view| view.bottle.id).collect() })
}

fn bins(conn: &mut Conn, rack: &RackId) -> Result<Vec<Item>, DbError> {
    let name = rack_get(conn, rack)?.facts.name;
    let bins = bins_of(conn, rack)?.into_iter().filter(|bin| bin.enabled);
    let items: Vec<Item> = bins
        .map(|bin| Item { path: format!("/bins/{}", bin.id), title: bin.id.to_string(), lines: vec![name.clone()] })
        .collect();
    some(items.len(), "rack")?;
    Ok(items)
}

fn of_bottle(view: &BottleView) -> Item {
    let year = view.year.map_or("NV".to_owned(), |year| year.to_string());
    let name = if view.name.starts_with(&view.producer) { "" } else { view.producer.as_str() };
    // The last letters of the id, for two bottles of one wine.
    let id = view.bottle.id.as_str();
    let tail = id.get(id.len().saturating_sub(6)..).unwrap_or(id);
    Item {
        path: format!("/bottles/{id}"),
        title: year,
        lines: [name, &view.name, tail].into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
    }
}

/// Bottles in the cellar for which no label was printed, in the order they came in, as many as are printed at one go.
pub(crate) fn unlabelled(conn: &mut Conn) -> Result<Vec<BottleView>, DbError> {
    let (mut found, mut after): (Vec<BottleView>, Option<BottleId>) = (Vec::new(), None);
    let here = BottleFilter { status: Some(BottleStatus::InCellar), ..Default::default() };
    while found.len() < MOST_LABELS {
        let part = bottle_list(conn, &here, after.as_ref(), PART, config::now().year())?;
        let Some(last) = part.last() else { break };
        after = Some(last.bottle.id.clone());
        let ids: Vec<BottleId> = part.iter().map(|view| view.bottle.id.clone()).collect();
        let labelled = bottle_label_list(conn, &ids)?;
        found.extend(part.into_iter().filter(|view| !labelled.contains(&view.bottle.id)));
    }
    found.truncate(MOST_LABELS);
    Ok(found)
}

fn some(count: usize, field: &str) -> Result<(), RuleError> {
    match count {
        0 => Err(RuleError::field(field, "there is nothing to print a label for")),
        n if n > MOST_LABELS => {
            Err(RuleError::field(field, format!("are {n}; at most {MOST_LABELS} labels are printed at one go")))
        }
        _ => Ok(()),
    }
}
