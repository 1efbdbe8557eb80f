//! Wines.

use diesel::prelude::*;
use serde_json::Value;

use super::{
    Conn, DbError, changes, meta, new_id,
    schema::{bottles, vintages, wine_tags, wines},
    types, vintages as vintage_queries,
};
use crate::{
    Instant,
    bottle::BottleStatus,
    change::Entity,
    error::RuleError,
    ids::WineId,
    movement::Actor,
    search::fold,
    wine::{Wine, WineFacts},
};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = wines, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct WineRow {
    id: String,
    producer: String,
    name: String,
    country: String,
    region: String,
    appellation: String,
    colour: String,
    style: String,
    search_key: String,
    revision: i32,
    created_at: Instant,
    subregion: String,
    designation: String,
    vineyard: String,
    classification: String,
    sweetness: Option<String>,
    effervescence: Option<String>,
    grapes: String,
    abv_tenths: Option<i32>,
    archived: bool,
    touched: i64,
}

impl WineRow {
    /// The row of a wine as it is written at the meta revision `touched`.
    pub(super) fn new(wine: &Wine, touched: i64) -> Result<Self, DbError> {
        let facts = wine.facts.clone();
        Ok(Self {
            id: wine.id.0.clone(),
            search_key: search_key(&facts),
            producer: facts.producer,
            name: facts.name,
            country: facts.country,
            region: facts.region,
            appellation: facts.appellation,
            colour: facts.colour.as_str().to_owned(),
            style: facts.style.as_str().to_owned(),
            revision: wine.revision,
            created_at: wine.created_at,
            subregion: facts.subregion,
            designation: facts.designation,
            vineyard: facts.vineyard,
            classification: facts.classification,
            sweetness: facts.sweetness.map(|word| word.as_str().to_owned()),
            effervescence: facts.effervescence.map(|word| word.as_str().to_owned()),
            grapes: types::to_json(&facts.grapes)?,
            abv_tenths: facts.abv_tenths,
            archived: wine.archived,
            touched,
        })
    }

    /// The wine without its tags, which stand in a table of their own.
    fn wine(self) -> Result<Wine, DbError> {
        let word = |word: Option<String>| word.unwrap_or_default();
        let facts = WineFacts {
            colour: types::word("wines.colour", &self.colour)?,
            style: types::word("wines.style", &self.style)?,
            sweetness: types::optional_word("wines.sweetness", &word(self.sweetness))?,
            effervescence: types::optional_word("wines.effervescence", &word(self.effervescence))?,
            grapes: types::from_json("wines.grapes", &self.grapes)?,
            producer: self.producer,
            name: self.name,
            country: self.country,
            region: self.region,
            subregion: self.subregion,
            appellation: self.appellation,
            designation: self.designation,
            vineyard: self.vineyard,
            classification: self.classification,
            abv_tenths: self.abv_tenths,
            tags: Vec::new(),
        };
        Ok(Wine {
            id: WineId(self.id),
            facts,
            archived: self.archived,
            revision: self.revision,
            created_at: self.created_at,
        })
    }
}

/// The words by which a wine is found, folded.
fn search_key(facts: &WineFacts) -> String {
    let parts = [
        &facts.producer,
        &facts.name,
        &facts.country,
        &facts.region,
        &facts.subregion,
        &facts.appellation,
        &facts.designation,
        &facts.vineyard,
        &facts.classification,
    ];
    fold(&parts.map(|part| part.trim()).join(" "))
}

/// Wines in the order they were entered; every word of `search` must occur in a name or an origin. For the search that
/// forgives typing errors see [`crate::db::catalogue`].
pub fn wine_list(
    conn: &mut Conn,
    search: Option<&str>,
    after: Option<&WineId>,
    limit: i64,
) -> Result<Vec<Wine>, DbError> {
    let mut query = wines::table.filter(wines::archived.eq(false)).order(wines::id).limit(limit).into_boxed();
    for pattern in types::patterns(search) {
        query = query.filter(wines::search_key.like(pattern).escape('!'));
    }
    if let Some(after) = after {
        query = query.filter(wines::id.gt(after.as_str()));
    }
    let rows: Vec<WineRow> = query.load(conn)?;
    with_tags(conn, rows)
}

/// Every wine whose row was written after the meta revision `known`, archived ones too.
pub fn wine_touched_since(conn: &mut Conn, known: i64) -> Result<Vec<Wine>, DbError> {
    let rows: Vec<WineRow> = wines::table.filter(wines::touched.gt(known)).order(wines::id).load(conn)?;
    with_tags(conn, rows)
}

/// The next `limit` wines in the order of their ids, archived ones too.
pub fn wine_part(conn: &mut Conn, after: Option<&WineId>, limit: i64) -> Result<Vec<Wine>, DbError> {
    let after = after.map_or("", WineId::as_str);
    let rows: Vec<WineRow> = wines::table.filter(wines::id.gt(after)).order(wines::id).limit(limit).load(conn)?;
    with_tags(conn, rows)
}

/// Puts the tags to their wines, however many wines there are, in few queries.
fn with_tags(conn: &mut Conn, rows: Vec<WineRow>) -> Result<Vec<Wine>, DbError> {
    let mut list: Vec<Wine> = rows.into_iter().map(WineRow::wine).collect::<Result<_, _>>()?;
    let mut tags: Vec<(String, String)> = Vec::new();
    for part in list.chunks(500) {
        let ids: Vec<&str> = part.iter().map(|wine| wine.id.as_str()).collect();
        tags.extend(
            wine_tags::table
                .filter(wine_tags::wine_id.eq_any(ids))
                .order((wine_tags::wine_id, wine_tags::tag))
                .select((wine_tags::wine_id, wine_tags::tag))
                .load::<(String, String)>(conn)?,
        );
    }
    let mut tags = tags.into_iter().peekable();
    let mut by_id: Vec<usize> = (0..list.len()).collect();
    by_id.sort_by(|a, b| list[*a].id.cmp(&list[*b].id));
    for i in by_id {
        while let Some((_, tag)) = tags.next_if(|(id, _)| *id == list[i].id.0) {
            list[i].facts.tags.push(tag);
        }
    }
    Ok(list)
}

/// One wine, also an archived one.
pub fn wine_get(conn: &mut Conn, id: &WineId) -> Result<Wine, DbError> {
    let row: Option<WineRow> = wines::table.find(id.as_str()).first(conn).optional()?;
    let row = row.ok_or_else(|| DbError::NotFound(format!("There is no wine {id}.")))?;
    with_tags(conn, vec![row])?.pop().ok_or_else(|| DbError::NotFound(format!("There is no wine {id}.")))
}

/// Enters a wine.
pub fn wine_insert(conn: &mut Conn, facts: &WineFacts, actor: &Actor, now: Instant) -> Result<Wine, DbError> {
    let wine = insert_quietly(conn, facts, now)?;
    changes::record(conn, Entity::Wine, wine.id.as_str(), None, Some(&wine.facts), actor, now)?;
    Ok(wine)
}

/// Enters a wine without a line in the journal of edits: for whole files, whose import is told as one event.
pub(super) fn insert_quietly(conn: &mut Conn, facts: &WineFacts, now: Instant) -> Result<Wine, DbError> {
    facts.check()?;
    let wine =
        Wine { id: WineId(new_id()), facts: facts.tidied(), archived: false, revision: 1, created_at: types::cut(now) };
    let touched = meta::revision(conn)?;
    diesel::insert_into(wines::table).values(&WineRow::new(&wine, touched)?).execute(conn)?;
    write_tags(conn, &wine)?;
    Ok(wine)
}

/// Changes a wine that the caller saw at `revision`; a conflict that tells what happened when somebody has changed it
/// since.
pub fn wine_update(
    conn: &mut Conn,
    id: &WineId,
    facts: &WineFacts,
    revision: i32,
    actor: &Actor,
    now: Instant,
) -> Result<Wine, DbError> {
    facts.check()?;
    let before = wine_get(conn, id)?;
    changes::check_revision(conn, Entity::Wine, id.as_str(), before.revision, revision)?;
    let wine = store(conn, Wine { facts: facts.tidied(), ..before.clone() })?;
    changes::record(conn, Entity::Wine, id.as_str(), Some(&before.facts), Some(&wine.facts), actor, now)?;
    Ok(wine)
}

/// Takes a wine out of the lists; refused while bottles of it lie in the cellar.
pub fn wine_archive(conn: &mut Conn, id: &WineId, revision: i32, actor: &Actor, now: Instant) -> Result<(), DbError> {
    let before = wine_get(conn, id)?;
    changes::check_revision(conn, Entity::Wine, id.as_str(), before.revision, revision)?;
    let facts = before.facts.clone();
    archive(conn, before)?;
    changes::record(conn, Entity::Wine, id.as_str(), Some(&facts), None::<&WineFacts>, actor, now)?;
    Ok(())
}

fn archive(conn: &mut Conn, wine: Wine) -> Result<(), DbError> {
    let here: i64 = bottles::table
        .inner_join(vintages::table)
        .filter(vintages::wine_id.eq(wine.id.as_str()))
        .filter(bottles::status.eq(BottleStatus::InCellar.as_str()))
        .count()
        .get_result(conn)?;
    if here > 0 {
        return Err(RuleError::Forbidden(format!(
            "{here} bottles of this wine are in the cellar: they must leave first."
        ))
        .into());
    }
    store(conn, Wine { archived: true, ..wine })?;
    Ok(())
}

/// Writes a wine as its next revision; its vintages follow, for their windows may go by its grapes.
fn store(conn: &mut Conn, wine: Wine) -> Result<Wine, DbError> {
    let wine = Wine { revision: wine.revision + 1, ..wine };
    let touched = meta::revision(conn)?;
    diesel::update(wines::table.find(wine.id.as_str())).set(&WineRow::new(&wine, touched)?).execute(conn)?;
    diesel::delete(wine_tags::table.filter(wine_tags::wine_id.eq(wine.id.as_str()))).execute(conn)?;
    write_tags(conn, &wine)?;
    vintage_queries::settle_all_of(conn, &wine)?;
    Ok(wine)
}

fn write_tags(conn: &mut Conn, wine: &Wine) -> Result<(), DbError> {
    for tag in &wine.facts.tags {
        diesel::insert_into(wine_tags::table)
            .values((wine_tags::wine_id.eq(wine.id.as_str()), wine_tags::tag.eq(tag)))
            .execute(conn)?;
    }
    Ok(())
}

/// What an edit of the wine would be told against: its facts, or none while it is archived.
pub(super) fn state(conn: &mut Conn, id: &str) -> Result<Option<Value>, DbError> {
    let wine = wine_get(conn, &WineId::from(id))?;
    if wine.archived { Ok(None) } else { changes::value(&wine.facts).map(Some) }
}

/// Brings the wine back to `state`.
pub(super) fn restore(conn: &mut Conn, id: &str, state: Option<&Value>) -> Result<(), DbError> {
    let wine = wine_get(conn, &WineId::from(id))?;
    match state {
        None => archive(conn, wine),
        Some(value) => {
            let facts = changes::typed(value)?;
            store(conn, Wine { facts, archived: false, ..wine }).map(drop)
        }
    }
}

/// All tags in use, sorted.
pub fn tag_list(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let tags = wine_tags::table.inner_join(wines::table).filter(wines::archived.eq(false));
    Ok(tags.select(wine_tags::tag).distinct().order(wine_tags::tag).load(conn)?)
}
