//! Which of the owner's wines a printed barcode stood on.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Conn, DbError,
    schema::{barcodes, vintages, wines},
    types, vintages as years,
};
use crate::{
    Instant,
    barcode::Barcode,
    ids::{VintageId, WineId},
    movement::Actor,
};

/// A barcode and what it stood on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownBarcode {
    /// Its digits, 8 or 13.
    pub code: String,
    /// The wine.
    pub wine_id: WineId,
    /// Who made it.
    pub producer: String,
    /// Its name.
    pub name: String,
    /// The vintage that was received with it.
    pub vintage_id: VintageId,
    /// Its year; none = NV.
    pub year: Option<i32>,
    /// Content of the bottle in millilitres.
    pub volume_ml: i32,
    /// When a bottle was last received with it (UTC).
    #[serde(with = "crate::instant")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub learned_at: Instant,
    /// By whom.
    pub learned_by: String,
}

type Row = (String, String, String, String, String, Option<i32>, i32, Instant, String);

fn known(row: Row) -> KnownBarcode {
    let (code, wine, producer, name, vintage, year, volume_ml, learned_at, learned_by) = row;
    KnownBarcode {
        code,
        wine_id: WineId(wine),
        producer,
        name,
        vintage_id: VintageId(vintage),
        year,
        volume_ml,
        learned_at,
        learned_by,
    }
}

/// A barcode as the whole book has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Queryable, Insertable)]
#[diesel(table_name = barcodes)]
pub struct LearnedBarcode {
    /// Its digits, 8 or 13.
    pub code: String,
    /// What it stood on.
    pub vintage_id: String,
    /// Content of the bottle in millilitres.
    pub volume_ml: i32,
    /// When a bottle was last received with it (UTC).
    #[serde(with = "crate::instant")]
    pub learned_at: Instant,
    /// By whom.
    pub learned_by: String,
}

/// All there are, also of archived wines.
pub(super) fn all(conn: &mut Conn) -> Result<Vec<LearnedBarcode>, DbError> {
    Ok(barcodes::table.order((barcodes::code, barcodes::vintage_id)).load(conn)?)
}

/// Brings them back; the vintages are there by now.
pub(super) fn restore_all(conn: &mut Conn, list: &[LearnedBarcode]) -> Result<(), DbError> {
    for (i, one) in list.iter().enumerate() {
        one.code.parse::<Barcode>().map_err(|error| error.within(&format!("barcodes[{i}]")))?;
        years::vintage_get(conn, &VintageId(one.vintage_id.clone()))?;
        diesel::insert_into(barcodes::table).values(one).execute(conn)?;
    }
    Ok(())
}

/// Forgets what was learned at a receipt that is taken back: it was the wrong wine, or no bottle came.
pub(super) fn unlearn(conn: &mut Conn, vintage: &VintageId, at: Instant) -> Result<(), DbError> {
    let learned = barcodes::table.filter(barcodes::vintage_id.eq(vintage.as_str()));
    diesel::delete(learned.filter(barcodes::learned_at.eq(types::cut(at)))).execute(conn)?;
    Ok(())
}

/// Notes that a bottle of the vintage bears the code; where that is known, that it does still, and its size.
pub fn barcode_learn(
    conn: &mut Conn,
    code: &Barcode,
    vintage: &VintageId,
    volume_ml: i32,
    actor: &Actor,
    now: Instant,
) -> Result<(), DbError> {
    years::vintage_get(conn, vintage)?;
    diesel::delete(barcodes::table.find((code.as_str(), vintage.as_str()))).execute(conn)?;
    diesel::insert_into(barcodes::table)
        .values((
            barcodes::code.eq(code.as_str()),
            barcodes::vintage_id.eq(vintage.as_str()),
            barcodes::volume_ml.eq(volume_ml),
            barcodes::learned_at.eq(types::cut(now)),
            barcodes::learned_by.eq(&actor.name),
        ))
        .execute(conn)?;
    Ok(())
}

/// What the code stood on, the newest received first; of a code, of a wine, or all. Archived wines are left out.
pub fn barcode_list(
    conn: &mut Conn,
    code: Option<&Barcode>,
    wine: Option<&WineId>,
    limit: i64,
) -> Result<Vec<KnownBarcode>, DbError> {
    let mut query = barcodes::table
        .inner_join(vintages::table.inner_join(wines::table))
        .filter(wines::archived.eq(false))
        .order((barcodes::learned_at.desc(), barcodes::vintage_id.desc(), barcodes::code))
        .limit(limit)
        .select((
            barcodes::code,
            wines::id,
            wines::producer,
            wines::name,
            vintages::id,
            vintages::year,
            barcodes::volume_ml,
            barcodes::learned_at,
            barcodes::learned_by,
        ))
        .into_boxed();
    if let Some(code) = code {
        query = query.filter(barcodes::code.eq(code.as_str()));
    }
    if let Some(wine) = wine {
        query = query.filter(wines::id.eq(wine.as_str()));
    }
    Ok(query.load::<Row>(conn)?.into_iter().map(known).collect())
}

/// The wines that any of the codes stood on, each once with the vintage received last.
pub fn barcode_wines(conn: &mut Conn, codes: &[Barcode]) -> Result<Vec<KnownBarcode>, DbError> {
    let mut all: Vec<KnownBarcode> = Vec::new();
    for code in codes {
        for known in barcode_list(conn, Some(code), None, 50)? {
            if all.iter().all(|there| there.wine_id != known.wine_id) {
                all.push(known);
            }
        }
    }
    Ok(all)
}

/// Forgets that the code stood on a vintage, or on anything. Tells how much was forgotten.
pub fn barcode_forget(conn: &mut Conn, code: &Barcode, vintage: Option<&VintageId>) -> Result<usize, DbError> {
    let gone = match vintage {
        Some(vintage) => diesel::delete(barcodes::table.find((code.as_str(), vintage.as_str()))).execute(conn)?,
        None => diesel::delete(barcodes::table.filter(barcodes::code.eq(code.as_str()))).execute(conn)?,
    };
    if gone == 0 {
        return Err(DbError::NotFound(format!("Barcode {code} is not known.")));
    }
    Ok(gone)
}
