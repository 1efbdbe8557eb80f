//! Which of the former system's tables is which, and how its columns are called. It is told apart by its columns; where that leaves
//! a doubt, a person names it.

use std::collections::BTreeMap;

use anyhow::Context;
use models::{db::foreign::ForeignTable, search::fold};

/// A table that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Stock,
    Materials,
    Movements,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Reference,
    Bin,
    Count,
    Description,
    Reason,
    User,
    Time,
}

impl Part {
    const ALL: [Self; 3] = [Self::Stock, Self::Materials, Self::Movements];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Materials => "materials",
            Self::Movements => "movements",
        }
    }

    /// What the table must have, and what it may have.
    fn roles(self) -> (&'static [Role], &'static [Role]) {
        match self {
            Self::Stock => (&[Role::Reference, Role::Bin, Role::Count], &[]),
            Self::Materials => (&[Role::Reference, Role::Description], &[]),
            Self::Movements => (&[Role::Reference, Role::Count, Role::Reason], &[Role::Bin, Role::User, Role::Time]),
        }
    }

    /// Columns by which a table is another one.
    fn strangers(self) -> &'static [Role] {
        match self {
            Self::Stock => &[Role::Reason],
            Self::Materials => &[Role::Reason, Role::Count],
            Self::Movements => &[],
        }
    }

    /// Words in a table's name that speak for it.
    fn hints(self) -> &'static [&'static str] {
        match self {
            Self::Stock => &["stock", "inventory"],
            Self::Materials => &["material", "wine"],
            Self::Movements => &["movement"],
        }
    }
}

impl Role {
    fn word(self) -> &'static str {
        self.names()[0]
    }

    /// How such a column is called, likeliest first.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Reference => {
                &["ref", "material_ref", "wine_ref", "reference", "material", "sku", "material_id", "wine_id", "id"]
            }
            Self::Bin => &["bin", "st_bin", "bin_id", "storage_bin", "bin_code", "cell"],
            Self::Count => &["qty", "quantity", "count", "stock", "bottles"],
            Self::Description => &["description", "name", "wine", "title", "text"],
            Self::Reason => &["reason", "movement_type", "type", "kind"],
            Self::User => &["user", "user_name", "username", "created_by", "who"],
            Self::Time => {
                &["time", "created_at", "timestamp", "ts", "at", "datetime", "date", "moved_at", "posted_at", "created"]
            }
        }
    }
}

/// What a person has named: `stock=lager`, `stock.qty=menge`.
#[derive(Debug, Default)]
pub(super) struct Given {
    tables: BTreeMap<Part, String>,
    columns: BTreeMap<(Part, Role), String>,
}

impl Given {
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty()
    }

    pub(super) fn read(list: &[String]) -> anyhow::Result<Self> {
        let mut given = Self::default();
        for text in list {
            let parts = Part::ALL.map(Part::word).join(", ");
            let form = || format!("--name {text}: write PART=TABLE or PART.WHAT=COLUMN, where PART is one of {parts}");
            let (what, name) = text.split_once('=').with_context(form)?;
            let (part, role) = what.split_once('.').map_or((what, None), |(part, role)| (part, Some(role)));
            let part = Part::ALL.into_iter().find(|known| known.word() == part).with_context(form)?;
            let Some(role) = role else {
                given.tables.insert(part, name.to_owned());
                continue;
            };
            let (must, may) = part.roles();
            let roles = || must.iter().chain(may);
            let role = roles().copied().find(|known| known.word() == role || known.names().contains(&role));
            let words: Vec<&str> = roles().map(|role| role.word()).collect();
            let role =
                role.with_context(|| format!("--name {text}: of {} there are {}", part.word(), words.join(", ")))?;
            given.columns.insert((part, role), name.to_owned());
        }
        Ok(given)
    }
}

/// A table with what its columns are.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) table: ForeignTable,
    pub(super) columns: BTreeMap<Role, String>,
}

impl Chosen {
    /// `table stock: reference `ref`, bin `st_bin`, …`, for a person.
    pub(super) fn words(&self, part: Part) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|(role, name)| format!("{}=`{name}`", role.word())).collect();
        format!("{}: table `{}` ({})", part.word(), self.table.name, columns.join(", "))
    }
}

/// The table of that part; none where there is none. The error names the tables between which a person must choose.
pub(super) fn choose(part: Part, tables: &[ForeignTable], given: &Given) -> anyhow::Result<Option<Chosen>> {
    if let Some(name) = given.tables.get(&part) {
        let table = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
        let all = || tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>().join(", ");
        let table = table
            .with_context(|| format!("--name {}={name}: there is no such table; there are: {}", part.word(), all()))?;
        let columns = columns(part, table, given).map_err(|lacks| {
            let cure = format!("--name {}.{}=COLUMN", part.word(), lacks.word());
            anyhow::anyhow!(
                "table `{}`: no column `{}` was found; name it: {cure}; its columns are: {}",
                table.name,
                lacks.word(),
                table.columns.join(", ")
            )
        })?;
        return Ok(Some(Chosen { table: table.clone(), columns }));
    }
    let hinted = |chosen: &Chosen| part.hints().iter().any(|hint| chosen.table.name.to_lowercase().contains(hint));
    let fits: Vec<Chosen> = tables
        .iter()
        .filter_map(|table| Some(Chosen { columns: columns(part, table, given).ok()?, table: table.clone() }))
        .filter(|chosen| !part.strangers().iter().any(|role| column(part, *role, &chosen.table, given).is_some()))
        // People and much else have a number and a name too: by these alone only a table that is called so is one of wines.
        .filter(|chosen| chosen.columns.get(&Role::Reference).is_none_or(|name| name != "id") || hinted(chosen))
        .collect();
    let likely: Vec<&Chosen> = fits.iter().filter(|chosen| hinted(chosen)).collect();
    match (fits.as_slice(), likely.as_slice()) {
        ([], _) => Ok(None),
        ([only], _) => Ok(Some(only.clone())),
        (_, [only]) => Ok(Some((*only).clone())),
        _ => {
            let names: Vec<&str> = fits.iter().map(|chosen| chosen.table.name.as_str()).collect();
            let part = part.word();
            anyhow::bail!("several tables may be the {part}: {}; say which: --name {part}=TABLE", names.join(", "))
        }
    }
}

/// Each role's column; the error is the role that no column has.
fn columns(part: Part, table: &ForeignTable, given: &Given) -> Result<BTreeMap<Role, String>, Role> {
    let (must, may) = part.roles();
    let mut found = BTreeMap::new();
    for role in must {
        found.insert(*role, column(part, *role, table, given).ok_or(*role)?);
    }
    found.extend(may.iter().filter_map(|role| Some((*role, column(part, *role, table, given)?))));
    Ok(found)
}

fn column(part: Part, role: Role, table: &ForeignTable, given: &Given) -> Option<String> {
    let named = |name: &str| table.columns.iter().find(|column| fold(column) == fold(name)).cloned();
    match given.columns.get(&(part, role)) {
        Some(name) => named(name),
        // A row's own number is a reference of wines only in their own table.
        None => {
            let names = role.names().iter().filter(|name| **name != "id" || part == Part::Materials);
            names.map(|name| named(name)).find(Option::is_some).flatten()
        }
    }
}

/// The value of the first of a role's usual names in a row that names its values itself.
pub(super) fn value<'a, V>(role: Role, row: &'a BTreeMap<String, V>) -> Option<&'a V> {
    role.names().iter().find_map(|name| row.iter().find(|(key, _)| fold(key) == fold(name)).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, columns: &[&str]) -> ForeignTable {
        ForeignTable { name: name.into(), columns: columns.iter().map(|&name| name.to_owned()).collect() }
    }

    #[test]
    fn tables_are_told_apart_by_their_columns() {
        let tables = [
            table("bins", &["st_bin", "capacity"]),
            table("materials", &["id", "ref", "description", "label_path", "default_bin"]),
            table("movements", &["id", "ref", "st_bin", "reason", "qty", "user", "created_at"]),
            table("stock", &["id", "ref", "st_bin", "qty"]),
            table("users", &["id", "name"]),
        ];
        let given = Given::default();
        let people = [table("users", &["id", "name"]), tables[3].clone()];
        assert!(choose(Part::Materials, &people, &given).expect("no doubt").is_none(), "people are no wines");
        let chosen = |part| choose(part, &tables, &given).expect("no doubt").expect("a table");
        assert_eq!(chosen(Part::Stock).words(Part::Stock), "stock: table `stock` (ref=`ref`, bin=`st_bin`, qty=`qty`)");
        assert_eq!(chosen(Part::Materials).table.name, "materials");
        assert_eq!(chosen(Part::Movements).columns[&Role::Time], "created_at");
    }

    #[test]
    fn what_leaves_a_doubt_is_named_by_a_person() {
        let tables = [
            table("lager", &["artikel", "fach", "menge"]),
            table("a", &["ref", "bin", "qty"]),
            table("b", &["ref", "bin", "qty"]),
        ];
        let none = Given::default();
        let told = choose(Part::Stock, &tables, &none).expect_err("two").to_string();
        assert!(told.contains("a, b") && told.contains("--name stock=TABLE"), "{told}");
        let half = Given::read(&["stock=lager".into()]).expect("read");
        let told = choose(Part::Stock, &tables, &half).expect_err("no column").to_string();
        assert!(told.contains("--name stock.ref=COLUMN") && told.contains("artikel, fach, menge"), "{told}");
        let list = ["stock=lager", "stock.ref=Artikel", "stock.bin=fach", "stock.qty=menge"].map(str::to_owned);
        let all = Given::read(&list).expect("read");
        assert_eq!(choose(Part::Stock, &tables, &all).expect("named").expect("a table").columns[&Role::Count], "menge");
        for wrong in ["stock", "lager=x", "stock.colour=x"] {
            assert!(Given::read(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
