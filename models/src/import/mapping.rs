//! Which column of a plain table is what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{error::RuleError, search::fold, word_enum};

word_enum! {
    /// What a column of a plain table can be.
    Field {
        Producer = "producer", Name = "name", Year = "year", Colour = "colour", Style = "style",
        Country = "country", Region = "region", Subregion = "subregion", Appellation = "appellation",
        Designation = "designation", Vineyard = "vineyard", Classification = "classification",
        Grapes = "grapes", Abv = "abv", Tags = "tags",
        Count = "count", Volume = "volume", Price = "price", Currency = "currency",
        PurchasedOn = "purchased_on", Shop = "shop", Provenance = "provenance", Notes = "notes",
        Location = "location", Bin = "bin", DrinkFrom = "drink_from", DrinkTo = "drink_to", Id = "id",
    }
}

/// Names (folded) that columns bear in tables people keep, in English, German, French and Hungarian.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Producer,
        &[
            "producer",
            "winery",
            "domaine",
            "chateau",
            "maker",
            "erzeuger",
            "weingut",
            "produzent",
            "producteur",
            "termelo",
            "pinceszet",
            "boraszat",
        ],
    ),
    (
        Field::Name,
        &[
            "name",
            "wine",
            "wine name",
            "label",
            "cuvee",
            "wein",
            "weinname",
            "vin",
            "nom",
            "bor",
            "nev",
            "description",
            "title",
        ],
    ),
    (Field::Year, &["year", "vintage", "jahrgang", "millesime", "annee", "evjarat", "jahr"]),
    (Field::Colour, &["colour", "color", "type", "wine type", "farbe", "couleur", "szin", "weinart", "tipus"]),
    (Field::Style, &["style", "category", "stil", "stilus"]),
    (Field::Country, &["country", "land", "pays", "orszag"]),
    (Field::Region, &["region", "anbaugebiet", "borvidek", "regio", "gebiet"]),
    (Field::Subregion, &["subregion", "sub region", "bereich", "district"]),
    (Field::Appellation, &["appellation", "aoc", "doc", "eredetvedelem", "eredet"]),
    (Field::Designation, &["designation", "bezeichnung"]),
    (Field::Vineyard, &["vineyard", "lage", "dulo", "climat"]),
    (Field::Classification, &["classification", "klassifikation", "classement"]),
    (
        Field::Grapes,
        &[
            "grapes",
            "grape",
            "varietal",
            "variety",
            "grape variety",
            "rebsorte",
            "rebsorten",
            "cepage",
            "cepages",
            "szolofajta",
            "fajta",
        ],
    ),
    (Field::Abv, &["abv", "alcohol", "alkohol", "alc", "degree of alcohol"]),
    (Field::Tags, &["tags", "labels", "stichworte"]),
    (
        Field::Count,
        &[
            "count",
            "quantity",
            "qty",
            "bottles",
            "number",
            "stock",
            "anzahl",
            "menge",
            "flaschen",
            "bestand",
            "quantite",
            "nombre",
            "bouteilles",
            "darab",
            "db",
            "mennyiseg",
        ],
    ),
    (
        Field::Volume,
        &[
            "volume",
            "size",
            "bottle size",
            "format",
            "bottle format",
            "grosse",
            "flaschengrosse",
            "inhalt",
            "contenance",
            "urtartalom",
            "meret",
        ],
    ),
    (
        Field::Price,
        &["price", "purchase price", "unit price", "cost", "preis", "einkaufspreis", "prix", "ar", "vetelar"],
    ),
    (Field::Currency, &["currency", "wahrung", "devise", "penznem"]),
    (
        Field::PurchasedOn,
        &[
            "purchased on",
            "purchase date",
            "bought",
            "date",
            "kaufdatum",
            "gekauft am",
            "date d achat",
            "vasarlas",
            "datum",
        ],
    ),
    (
        Field::Shop,
        &[
            "shop",
            "store",
            "vendor",
            "merchant",
            "purchase location",
            "handler",
            "bezugsquelle",
            "fournisseur",
            "bolt",
            "uzlet",
        ],
    ),
    (Field::Provenance, &["provenance", "herkunft", "provenienz"]),
    (
        Field::Notes,
        &["notes", "note", "comment", "comments", "remark", "notizen", "bemerkung", "commentaire", "megjegyzes"],
    ),
    (
        Field::Location,
        &[
            "location",
            "place",
            "room",
            "rack",
            "cabinet",
            "cellar",
            "ort",
            "regal",
            "lagerort",
            "emplacement",
            "cave",
            "hely",
            "polc",
        ],
    ),
    (Field::Bin, &["bin", "position", "slot", "cell", "fach", "platz", "casier", "rekesz"]),
    (
        Field::DrinkFrom,
        &["drink from", "begin", "beginconsume", "trinken ab", "trinkreif ab", "a boire des", "ihato ettol"],
    ),
    (
        Field::DrinkTo,
        &[
            "drink to",
            "drink until",
            "drink by",
            "end",
            "endconsume",
            "trinken bis",
            "trinkreif bis",
            "a boire avant",
            "ihato eddig",
        ],
    ),
    (Field::Id, &["id", "reference", "ref", "sku", "nummer", "nr", "barcode"]),
];

/// Fields and the columns they are read from, by the columns' names in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Mapping(pub BTreeMap<String, String>);

impl Mapping {
    /// Guesses by the columns' names.
    pub fn guess(header: &[String]) -> Self {
        let mut mapping = BTreeMap::new();
        for column in header {
            let folded = fold(column);
            let field =
                NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(field, _)| field.as_str());
            if let Some(field) = field {
                mapping.entry(field.to_owned()).or_insert_with(|| column.clone());
            }
        }
        Self(mapping)
    }

    /// Reads `Producer=producer,Wein=name` (column=field).
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut mapping = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (column, field) = part.rsplit_once('=').ok_or_else(|| {
                RuleError::field("map", format!("`{part}` is not COLUMN=FIELD, such as `Weingut=producer`"))
            })?;
            mapping.insert(field.trim().to_owned(), column.trim().to_owned());
        }
        Ok(Self(mapping))
    }

    /// Refuses fields that are none, columns that are not in the file, and a table without names of wines.
    pub fn check(&self, header: &[String]) -> Result<(), RuleError> {
        for (field, column) in &self.0 {
            field.parse::<Field>().map_err(|_| {
                let all: Vec<_> = Field::ALL.iter().map(|field| field.as_str()).collect();
                RuleError::field(format!("mapping.{field}"), format!("is no field; there are: {}", all.join(", ")))
            })?;
            if !header.iter().any(|name| fold(name) == fold(column)) {
                return Err(RuleError::field(
                    format!("mapping.{field}"),
                    format!("the file has no column `{column}`; it has: {}", header.join(", ")),
                ));
            }
        }
        if self.column(Field::Name).is_none() && self.column(Field::Producer).is_none() {
            return Err(RuleError::field(
                "mapping.name",
                format!(
                    "the file is of no known format, and no column was recognised as a wine's name. Say which column is \
                     what, such as `COLUMN=name,COLUMN=producer`; the columns are: {}",
                    header.join(", ")
                ),
            ));
        }
        Ok(())
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<&str> {
        self.0.get(field.as_str()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_guessed_in_four_languages_and_wrong_ones_refused() {
        let header = ["Weingut", "Wein", "Évjárat", "Quantité", "Fach", "Sonstiges"].map(str::to_owned);
        let mapping = Mapping::guess(&header);
        let column = |field| mapping.column(field);
        assert_eq!(column(Field::Producer), Some("Weingut"));
        assert_eq!(column(Field::Name), Some("Wein"));
        assert_eq!(column(Field::Year), Some("Évjárat"));
        assert_eq!(column(Field::Count), Some("Quantité"));
        assert_eq!(column(Field::Bin), Some("Fach"));
        assert!(mapping.check(&header).is_ok());
        assert!(Mapping::parse("Wein=nme").and_then(|m| m.check(&header)).is_err());
        assert!(Mapping::parse("Wien=name").and_then(|m| m.check(&header)).is_err());
        assert!(Mapping::parse("Fach=bin").and_then(|m| m.check(&header)).is_err());
        assert!(Mapping::parse("Wein").is_err());
    }
}
