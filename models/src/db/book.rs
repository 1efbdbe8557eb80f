//! The whole book as one document, and bringing it back into an empty cellar. Who may sign in, scans, proposals and the
//! journal of edits are no part of it.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Conn, DbError,
    barcodes::{self, LearnedBarcode},
    bottles, bulk, dialect, export,
    notes::{self, NoteRow},
    racks,
    schema::{
        bins, bottles as bottle_table, import_refs, racks as rack_table, tasting_notes, windows, wines as wine_table,
        wishes as wish_table,
    },
    vintages, wines, wishes,
};
use crate::{
    Instant,
    bin::{Bin, Rack},
    bottle::Bottle,
    error::RuleError,
    ids::VintageId,
    movement::Movement,
    note::TastingNote,
    stock::Stock,
    window::Window,
    wine::{Vintage, Wine},
    wish::Wish,
};

/// Names the document.
pub const KIND: &str = "winecellar-book";
/// Version of the document that this program writes, and the only one it reads.
pub const VERSION: u32 = 1;

/// A window by a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceWindow {
    /// Whose vintage.
    pub vintage_id: VintageId,
    /// Who says so.
    pub source: String,
    /// The years.
    #[serde(flatten)]
    pub window: Window,
}

/// Under which identifier another program knows something: a file that is imported again brings nothing twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignRef {
    /// The other program's files, such as `cellartracker`.
    pub scheme: String,
    /// Its identifier.
    pub foreign_id: String,
    /// `bottle`, `vintage`, `wine` or `note`.
    pub entity: String,
    /// Ours.
    pub entity_id: String,
}

/// All of the book, each list in the order of its identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// [`KIND`].
    pub kind: String,
    /// [`VERSION`].
    pub version: u32,
    /// Racks, also those taken down.
    pub racks: Vec<Rack>,
    /// Their bins.
    pub bins: Vec<Bin>,
    /// Wines with their tags, also archived ones.
    pub wines: Vec<Wine>,
    /// Vintages.
    pub vintages: Vec<Vintage>,
    /// Their windows by source.
    pub windows: Vec<SourceWindow>,
    /// Bottles, also those that have left.
    pub bottles: Vec<Bottle>,
    /// The journal; answers to proposals lose the reference to the proposal.
    pub movements: Vec<Movement>,
    /// Tasting notes.
    pub notes: Vec<TastingNote>,
    /// Wishes.
    pub wishes: Vec<Wish>,
    /// What other programs call things; older documents have none.
    #[serde(default)]
    pub foreign_refs: Vec<ForeignRef>,
    /// Which barcode stood on what; older documents have none.
    #[serde(default)]
    pub barcodes: Vec<LearnedBarcode>,
}

impl Book {
    /// As JSON, with an end of line.
    pub fn to_json(&self) -> Result<Vec<u8>, DbError> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| DbError::Other(format!("the book cannot be written as JSON: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a document; none when the bytes are no JSON object at all, an error when they are another one.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, RuleError> {
        let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if start != Some(&b'{') {
            return Ok(None);
        }
        #[derive(Deserialize)]
        struct Head {
            kind: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(bytes)
            .map_err(|error| RuleError::field("file", format!("is JSON, but no export of this program: {error}")))?;
        if head.kind != KIND || head.version != VERSION {
            let message =
                format!("is `{}` version {}; this program reads `{KIND}` version {VERSION}", head.kind, head.version);
            return Err(RuleError::field("file", message));
        }
        serde_json::from_slice(bytes)
            .map(Some)
            .map_err(|error| RuleError::field("file", format!("is damaged: {error}")))
    }

    /// How much is in it.
    pub fn words(&self) -> String {
        format!(
            "{} wines, {} vintages, {} bottles, {} movements, {} notes, {} wishes, {} racks, {} bins",
            self.wines.len(),
            self.vintages.len(),
            self.bottles.len(),
            self.movements.len(),
            self.notes.len(),
            self.wishes.len(),
            self.racks.len(),
            self.bins.len()
        )
    }

    /// Refuses a book that contradicts itself: the journal must tell the bottles' places, and no bin holds too many.
    fn check(&self) -> Result<(), RuleError> {
        for wine in &self.wines {
            wine.facts.check().map_err(|error| error.within("wines"))?;
        }
        for bin in &self.bins {
            bin.check().map_err(|error| error.within("bins"))?;
        }
        let stock = Stock::fold(&self.movements)?;
        for bottle in &self.bottles {
            bottle.facts.check().map_err(|error| error.within("bottles"))?;
            let told = stock.place(&bottle.id).is_some_and(|p| p.status == bottle.status && p.bin == bottle.bin);
            if !told {
                return Err(RuleError::field("bottles", format!("{} is not where the movements say", bottle.id)));
            }
        }
        for bin in &self.bins {
            let holds = self.bottles.iter().filter(|bottle| bottle.bin.as_ref() == Some(&bin.id)).count();
            let capacity = bin.capacity.unsigned_abs();
            if u32::try_from(holds).is_ok_and(|holds| holds > capacity) {
                return Err(RuleError::field("bins", format!("{} holds {holds} of {capacity}", bin.id)));
            }
        }
        Ok(())
    }
}

/// Reads all of the book.
pub fn book_get(conn: &mut Conn) -> Result<Book, DbError> {
    type Sides = (String, String, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let rows: Vec<Sides> = windows::table.order((windows::vintage_id, windows::source)).load(conn)?;
    let windows = rows
        .into_iter()
        .map(|(id, source, drink_from, peak_from, peak_to, drink_to)| SourceWindow {
            vintage_id: VintageId(id),
            source,
            window: Window { drink_from, peak_from, peak_to, drink_to },
        })
        .collect();
    let mut movements = export::all_movements(conn)?;
    movements.iter_mut().for_each(|movement| movement.proposal_id = None);
    let mut notes = notes::note_list(conn, None, None, i64::from(i32::MAX))?;
    notes.reverse();
    let mut wishes = wishes::wish_list(conn, None, None, i64::from(i32::MAX))?;
    wishes.sort_by(|a, b| a.id.cmp(&b.id));
    let (racks, bins) = racks::all(conn)?;
    type Names = (String, String, String, String);
    let rows: Vec<Names> = import_refs::table
        .order((import_refs::scheme, import_refs::foreign_id))
        .select((import_refs::scheme, import_refs::foreign_id, import_refs::entity, import_refs::entity_id))
        .load(conn)?;
    let foreign_refs = rows
        .into_iter()
        .map(|(scheme, foreign_id, entity, entity_id)| ForeignRef { scheme, foreign_id, entity, entity_id })
        .collect();
    Ok(Book {
        kind: KIND.to_owned(),
        version: VERSION,
        racks,
        bins,
        wines: wines::wine_touched_since(conn, -1)?,
        vintages: vintages::vintage_touched_since(conn, -1)?,
        windows,
        bottles: bottles::bottle_touched_since(conn, -1)?,
        movements,
        notes,
        wishes,
        foreign_refs,
        barcodes: barcodes::all(conn)?,
    })
}

/// Brings a book into an empty cellar, with its identifiers.
pub fn book_restore(conn: &mut Conn, book: &Book, now: Instant) -> Result<(), DbError> {
    book.check()?;
    let counts: [i64; 4] = [
        wine_table::table.count().get_result(conn)?,
        bottle_table::table.count().get_result(conn)?,
        rack_table::table.count().get_result(conn)?,
        bins::table.count().get_result(conn)?,
    ];
    let wishes_there: i64 = wish_table::table.count().get_result(conn)?;
    if counts.iter().sum::<i64>() + wishes_there > 0 {
        return Err(DbError::Conflict(
            "A whole book is brought into an empty cellar only, and this one holds something: name another database."
                .to_owned(),
        ));
    }
    racks::restore_all(conn, &book.racks, &book.bins)?;
    bulk::wines(conn, &book.wines)?;
    let known: Vec<(VintageId, String, Window)> =
        book.windows.iter().map(|w| (w.vintage_id.clone(), w.source.clone(), w.window)).collect();
    bulk::vintages(conn, &book.vintages, &known)?;
    bulk::bottles(conn, &book.bottles, &book.movements, now)?;
    for note in &book.notes {
        diesel::insert_into(tasting_notes::table).values(&NoteRow::from(note)).execute(conn)?;
    }
    wishes::restore_all(conn, &book.wishes)?;
    barcodes::restore_all(conn, &book.barcodes)?;
    let refs: Vec<bulk::RefRow> = book
        .foreign_refs
        .iter()
        .map(|known| bulk::RefRow {
            scheme: known.scheme.clone(),
            foreign_id: known.foreign_id.clone(),
            entity: known.entity.clone(),
            entity_id: known.entity_id.clone(),
            // The imports themselves are no part of the book.
            import_id: None,
        })
        .collect();
    dialect::insert_refs(conn, &refs)
}
