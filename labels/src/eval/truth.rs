//! Truth files: CSV tables with a header, in our own form or in that of X-Wines.

use std::{collections::HashMap, path::Path};

use super::Truth;
use crate::matching::Entry;

/// Reads a table. Ours has the columns `picture`, `id` (else the picture's name without its ending), `producer`, `name`,
/// `country`, `region`, `appellation`, `grapes` (with `;` between), `abv`, `colour`, `vintage`; X-Wines has `WineID`,
/// `WineName`, `Type`, `Grapes`, `ABV`, `Country`, `RegionName`, `WineryName`.
///
/// # Errors
/// What is wrong with the file, in words.
pub(super) fn read(file: &Path) -> Result<Vec<Truth>, String> {
    let wrong = |error: csv::Error| format!("{}: {error}", file.display());
    let mut reader = csv::Reader::from_path(file).map_err(wrong)?;
    let header = reader.headers().map_err(wrong)?.clone();
    let columns: HashMap<&str, usize> = header.iter().enumerate().map(|(i, name)| (name.trim(), i)).collect();
    if !columns.contains_key("picture") && !columns.contains_key("id") && !columns.contains_key("WineID") {
        return Err(format!("{}: there is no column `picture`, `id` or `WineID`", file.display()));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let get = |names: [&str; 2]| {
            let column = names.iter().find_map(|name| columns.get(name));
            column.and_then(|i| record.get(*i)).unwrap_or_default().trim().to_owned()
        };
        let picture = get(["picture", "picture"]);
        let id = Some(get(["id", "WineID"])).filter(|id| !id.is_empty());
        let stem = Path::new(&picture).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let grapes: Vec<String> = get(["grapes", "Grapes"])
            .split([';', ','])
            .map(|grape| grape.trim_matches([' ', '[', ']', '\'', '"']).to_owned())
            .filter(|grape| !grape.is_empty())
            .collect();
        let (country, region, appellation) =
            (get(["country", "Country"]), get(["region", "RegionName"]), get(["appellation", "appellation"]));
        let kind = get(["colour", "Type"]).to_lowercase();
        let colour = match kind.as_str() {
            "red" | "white" | "rose" | "orange" => kind,
            "rosé" => "rose".into(),
            _ => String::new(),
        };
        let mut others = vec![country.clone(), region.clone(), appellation];
        others.extend(grapes.iter().cloned());
        rows.push(Truth {
            entry: Entry {
                id: id.or(stem).unwrap_or_default(),
                producer: get(["producer", "WineryName"]),
                name: get(["name", "WineName"]),
                others,
            },
            country,
            region,
            grapes,
            abv: get(["abv", "ABV"]).trim_end_matches(".0").to_owned(),
            colour,
            vintage: get(["vintage", "vintage"]),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("truth.csv");
        std::fs::write(&file, "picture,producer,name,vintage,grapes\na.jpg,Keller,Hipping,2019,Riesling\n")
            .expect("written");
        let ours = read(&file).expect("readable");
        assert_eq!((ours[0].entry.id.as_str(), ours[0].vintage.as_str(), ours[0].grapes.len()), ("a", "2019", 1));
        std::fs::write(
            &file,
            "WineID,WineName,Type,Grapes,ABV,WineryName\n7,Cru,Red,\"['Merlot', 'Malbec']\",13.0,X\n",
        )
        .expect("written");
        let theirs = read(&file).expect("readable");
        assert_eq!(
            (theirs[0].entry.id.as_str(), theirs[0].colour.as_str(), theirs[0].abv.as_str()),
            ("7", "red", "13")
        );
        assert_eq!(theirs[0].grapes, ["Merlot", "Malbec"]);
        std::fs::write(&file, "a,b\n1,2\n").expect("written");
        assert!(read(&file).expect_err("refused").contains("no column `picture`"));
    }
}
