//! From shots to fields and matches, in the shape in which they are told.

use std::{collections::HashSet, sync::Arc};

use axum::extract::Multipart;
use labels::{Catalogue, Entry, Field, Readings, codes::Code};
use models::{
    barcode::Barcode,
    db::{
        Conn, DbError,
        barcodes::{KnownBarcode, barcode_wines},
        wines,
    },
    ids::WineId,
    listed::CatalogueMatch,
    search::words,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{listed, reading::ReadShots, upload};
use crate::{access::Caller, problem::Problem, state::AppState};

/// Wines that are named.
pub(super) const MOST_MATCHES: usize = 5;
/// Wines that are read from the database at a time.
const PART: i64 = 1000;
/// A wine of which less was read is not named.
pub(super) const LEAST_LIKENESS: f32 = 0.35;

/// What the shots of a bottle say.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelReading {
    /// The cellar's own wines that it may be, likeliest first, at most five.
    pub(crate) matches: Vec<LabelMatch>,
    /// Wines of the catalogue that it may be, likeliest first, at most five; without those of the cellar's own.
    pub(crate) catalogue: Vec<CatalogueMatch>,
    /// What the label says.
    pub(crate) fields: Vec<LabelField>,
    /// The barcodes and QR codes on the shots.
    pub(crate) codes: Vec<LabelCode>,
    /// What was read, shot by shot; nothing where a code on a label that this program printed tells all.
    pub(crate) shots: Vec<LabelShot>,
    /// Who read it: `local` (this machine; the shots have not left it) or `google` (Google Cloud Vision).
    pub(crate) reader: &'static str,
    /// Why this machine read it although Google is set as the reader; none where the reader that is set has read.
    pub(crate) instead: Option<String>,
}

/// A code on a shot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelCode {
    /// `barcode` (EAN-13, EAN-8, UPC-A) or `qr`.
    pub(crate) kind: &'static str,
    /// Its digits (8, or 13 where a UPC-A begins with 0), or what the QR code says, whoever wrote it.
    pub(crate) text: String,
}

/// A wine of the cellar that the label may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelMatch {
    /// Id of the wine.
    wine_id: String,
    /// Who made it.
    producer: String,
    /// Its name.
    name: String,
    /// How much of producer and name was read, 0 to 1; 1 where the barcode is known.
    #[schema(minimum = 0, maximum = 1)]
    likeness: f32,
    /// Why it is named: `barcode`, which stood on a bottle of it before, or `label`.
    reason: &'static str,
    /// The year of the bottle received last with that barcode; what the label says is stronger.
    year: Option<i32>,
    /// Its content in millilitres.
    volume_ml: Option<i32>,
}

/// One thing that the label says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelField {
    /// `producer`, `name`, `vintage` (a year or `NV`), `appellation`, `region`, `country`, `grape`, `colour`, `abv` (per cent),
    /// `volume_ml` or `designation`; grapes and designations may come several times.
    name: &'static str,
    /// What it is.
    value: String,
    /// How sure that is, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
    /// On which shot it was read, from 0; none where it was concluded from another field.
    shot: Option<usize>,
    /// The corners of where it was read, in pixels of that shot as it was read, clockwise from the text's top left.
    corners: Option<Vec<Vec<f32>>>,
    /// What else it may be, likeliest first.
    alternatives: Vec<String>,
}

/// What was read on one shot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelShot {
    /// Width in pixels, after the picture was turned and scaled down.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// The lines, from top to bottom.
    lines: Vec<LabelLine>,
}

/// A line of text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelLine {
    /// As read.
    text: String,
    /// How sure the reader is, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
    /// The corners in pixels of the shot, clockwise from the text's top left.
    corners: Vec<Vec<f32>>,
}

/// What was read, and the photo that may be kept.
pub(crate) struct Found {
    /// What is told.
    pub(crate) reading: LabelReading,
    /// The front as a JPEG.
    pub(crate) photo: Vec<u8>,
}

/// Takes in the shots of a request, reads them and looks for their wine.
pub(crate) async fn read_all(state: &AppState, caller: &Caller, form: &mut Multipart) -> Result<Found, Problem> {
    let place = state.reading.admit(caller)?;
    let shots = upload::in_time(upload::shots(form)).await?;
    let mut read = state.reading.read(place, shots).await?;
    let photo = std::mem::take(&mut read.photo);
    let barcodes: Vec<Barcode> = read
        .codes
        .iter()
        .filter_map(|code| match code {
            Code::Barcode(digits) => digits.parse().ok(),
            Code::Qr(_) => None,
        })
        .collect();
    let readings = Readings::of(&read.pages);
    let own = state.store.read(move |conn| Ok((own_wines(conn)?, barcode_wines(conn, &barcodes)?)));
    let (wines, known) = own.await?;
    let readings = Arc::new(readings);
    let asked = Arc::clone(&readings);
    // The reading is worth more than what may be like it elsewhere.
    let mut listed = state.store.read(move |conn| listed::read(conn, &asked)).await.unwrap_or_else(|problem| {
        tracing::warn!(why = problem.detail, "a label is not looked up in the catalogue");
        Vec::new()
    });
    // The database is not kept waiting for it.
    let reading = tokio::task::spawn_blocking(move || {
        let called = |producer: &str, name: &str| (words(producer), words(name));
        let own: HashSet<_> = wines.iter().map(|wine| called(&wine.producer, &wine.name)).collect();
        listed.retain(|found| !own.contains(&called(&found.wine.producer, &found.wine.name)));
        told(wines, known, listed, &readings, read)
    });
    Ok(Found { reading: reading.await?, photo })
}

/// The cellar's wines that stand in its lists.
fn own_wines(conn: &mut Conn) -> Result<Vec<Entry>, DbError> {
    let (mut all, mut after): (Vec<Entry>, Option<WineId>) = (Vec::new(), None);
    loop {
        let part = wines::wine_part(conn, after.as_ref(), PART)?;
        let Some(last) = part.last() else { break };
        after = Some(last.id.clone());
        all.extend(part.iter().filter(|wine| !wine.archived).map(|wine| Entry::of(wine.id.to_string(), &wine.facts)));
    }
    Ok(all)
}

fn told(
    wines: Vec<Entry>,
    known: Vec<KnownBarcode>,
    listed: Vec<CatalogueMatch>,
    readings: &Readings,
    read: ReadShots,
) -> LabelReading {
    let ReadShots { pages, label, codes, reader, instead, .. } = read;
    let catalogue = Catalogue::new(wines);
    let scanned: Vec<WineId> = known.iter().map(|known| known.wine_id.clone()).collect();
    let best = catalogue.best(readings, MOST_MATCHES).into_iter().filter(|found| found.likeness >= LEAST_LIKENESS);
    let alike = best.filter_map(|found| {
        let Entry { id, producer, name, .. } = catalogue.entries()[found.index].clone();
        let named = scanned.iter().any(|wine| wine.as_str() == id);
        let likeness = found.likeness;
        (!named).then_some(LabelMatch {
            wine_id: id,
            producer,
            name,
            likeness,
            reason: "label",
            year: None,
            volume_ml: None,
        })
    });
    let matches = known.into_iter().map(|known| LabelMatch {
        wine_id: known.wine_id.0,
        producer: known.producer,
        name: known.name,
        likeness: 1.0,
        reason: "barcode",
        year: known.year,
        volume_ml: Some(known.volume_ml),
    });
    let matches = matches.chain(alike).take(MOST_MATCHES);
    let single = [
        ("producer", label.producer),
        ("name", label.name),
        ("vintage", label.vintage),
        ("appellation", label.appellation),
        ("region", label.region),
        ("country", label.country),
        ("colour", label.colour),
        ("abv", label.abv),
        ("volume_ml", label.volume_ml),
    ];
    let single = single.into_iter().filter_map(|(name, field)| Some(shaped(name, field?)));
    let grapes = label.grapes.into_iter().map(|field| shaped("grape", field));
    let designations = label.designation.into_iter().map(|field| shaped("designation", field));
    let shots = pages.iter().map(|page| LabelShot {
        width: page.width,
        height: page.height,
        lines: page
            .lines
            .iter()
            .map(|line| LabelLine {
                text: line.text.clone(),
                confidence: line.confidence,
                corners: line.corners.iter().map(|corner| corner.to_vec()).collect(),
            })
            .collect(),
    });
    LabelReading {
        matches: matches.collect(),
        catalogue: listed,
        fields: single.chain(grapes).chain(designations).collect(),
        codes: codes.into_iter().map(coded).collect(),
        shots: shots.collect(),
        reader,
        instead,
    }
}

fn coded(code: Code) -> LabelCode {
    match code {
        Code::Barcode(digits) => {
            let text = digits.parse::<Barcode>().map(String::from).unwrap_or(digits);
            LabelCode { kind: "barcode", text }
        }
        Code::Qr(text) => LabelCode { kind: "qr", text },
    }
}

fn shaped(name: &'static str, field: Field) -> LabelField {
    LabelField {
        name,
        value: field.value,
        confidence: field.confidence,
        shot: field.shot,
        corners: field.corners.map(|corners| corners.iter().map(|corner| corner.to_vec()).collect()),
        alternatives: field.alternatives,
    }
}
