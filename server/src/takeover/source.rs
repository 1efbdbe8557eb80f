//! Where the former book is read from: its MariaDB, or the API of the running system.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context;
use models::{
    db::foreign::{Foreign, ForeignTable},
    search::fold,
};
use serde_json::{Map, Value};

use super::names::{self, Given, Part, Role};

/// Bottles of one row; a larger number is a mistake.
pub(super) const MOST_BOTTLES: u32 = 10_000;
/// Longest answer of the API that is read, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// The API has this long for each answer.
const DEADLINE: Duration = Duration::from_secs(20);

/// A row, by what its values are; what has no role stands under its own name.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) roles: BTreeMap<Role, String>,
    pub(super) others: BTreeMap<String, String>,
}

impl Record {
    pub(super) fn get(&self, role: Role) -> &str {
        self.roles.get(&role).map_or("", String::as_str)
    }

    /// A number of bottles, up to [`MOST_BOTTLES`]; corrections may be negative. None for what is no such number.
    pub(super) fn count(&self) -> Option<i64> {
        let count: f64 = self.get(Role::Count).parse().ok()?;
        // A decimal column says 3.00.
        (count.fract() == 0.0 && count.abs() <= f64::from(MOST_BOTTLES)).then_some(count as i64)
    }
}

/// What was read, before it is understood.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) materials: Vec<Record>,
    pub(super) stock: Vec<Record>,
    pub(super) movements: Vec<Record>,
    /// How it was read.
    pub(super) told: Vec<String>,
}

/// Reads it from that address.
pub(super) fn read(from: &str, given: &Given) -> anyhow::Result<Raw> {
    match from.split_once("://").map(|(scheme, _)| scheme) {
        Some("http") => {
            anyhow::ensure!(given.is_empty(), "--name: is for tables of a database; the API names its values itself");
            Api::of(from)?.read()
        }
        Some("https") => anyhow::bail!("--from: the former API speaks http; over another network, read its database"),
        Some(_) => database(from, given),
        None => anyhow::bail!(
            "--from: write mysql://USER:PASSWORD@HOST/NAME, or http://HOST:8000 for the API of the running system"
        ),
    }
}

fn database(url: &str, given: &Given) -> anyhow::Result<Raw> {
    let mut foreign = Foreign::open(url).context("--from")?;
    let tables = foreign.tables()?;
    let mut raw = Raw::default();
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    let mut records = |part: Part, told: &mut Vec<String>| -> anyhow::Result<Option<Vec<Record>>> {
        let Some(chosen) = names::choose(part, &tables, given)? else { return Ok(None) };
        told.push(chosen.words(part));
        let rows = foreign.rows(&chosen.table)?;
        let mut records: Vec<Record> = rows.into_iter().map(|row| record(row, &chosen.columns)).collect();
        if part == Part::Materials {
            // Rows are numbered by a column that is called `id`, or as the stock calls it.
            for name in ["id", "material_id", "wine_id"] {
                let number =
                    |record: &Record| Some((record.others.get(name)?.clone(), record.get(Role::Reference).to_owned()));
                numbers.extend(records.iter().filter_map(number));
            }
        } else if chosen.columns.get(&Role::Reference).is_some_and(|column| column.to_lowercase().ends_with("id")) {
            // It names the material's row and not its reference.
            for named in records.iter_mut().filter_map(|record| record.roles.get_mut(&Role::Reference)) {
                if let Some(reference) = numbers.get(named) {
                    named.clone_from(reference);
                }
            }
        }
        Ok(Some(records))
    };
    match records(Part::Materials, &mut raw.told)? {
        Some(materials) => raw.materials = materials,
        None => raw.told.push(
            "materials: no table was found; wines are called by their references (--name materials=TABLE)".to_owned(),
        ),
    }
    raw.stock = records(Part::Stock, &mut raw.told)?.with_context(|| {
        format!(
            "no table holds the stock (a reference, a bin, a count); name it with --name stock=TABLE. There are: {}",
            listed(&tables)
        )
    })?;
    match records(Part::Movements, &mut raw.told)? {
        Some(movements) => raw.movements = movements,
        None => raw
            .told
            .push("movements: no table was found; what has left is not taken over (--name movements=TABLE)".to_owned()),
    }
    Ok(raw)
}

fn listed(tables: &[ForeignTable]) -> String {
    let one = |table: &ForeignTable| format!("{} ({})", table.name, table.columns.join(", "));
    tables.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn record(row: Map<String, Value>, columns: &BTreeMap<Role, String>) -> Record {
    let mut record = Record::default();
    for (name, value) in row {
        let Some(text) = plain(value) else { continue };
        match columns.iter().find(|(_, column)| **column == name) {
            Some((role, _)) => drop(record.roles.insert(*role, text)),
            None => drop(record.others.insert(name, text)),
        }
    }
    record
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The API of the running system.
struct Api {
    client: reqwest::blocking::Client,
    /// Where it is, without user and password.
    base: reqwest::Url,
    login: Option<(String, String)>,
}

impl Api {
    fn of(from: &str) -> anyhow::Result<Self> {
        // The error does not repeat the address: it may hold a password.
        let mut url: reqwest::Url =
            from.parse().map_err(|_| anyhow::anyhow!("--from: write http://[USER:PASSWORD@]HOST:8000"))?;
        let login = (!url.username().is_empty())
            .then(|| (url.username().to_owned(), url.password().unwrap_or_default().to_owned()));
        let bare = url.set_username("").and_then(|()| url.set_password(None));
        bare.map_err(|()| anyhow::anyhow!("--from: names no host"))?;
        let client = reqwest::blocking::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .context("no HTTP client")?;
        Ok(Self { client, base: url, login })
    }

    /// `GET /bins/summary`, then `GET /bins/{st_bin}/wines` of each; what was moved the API does not tell.
    fn read(&self) -> anyhow::Result<Raw> {
        let base = self.base.as_str().trim_end_matches('/');
        let told = format!("read from the API at {base}: it does not tell what was taken out");
        let mut raw = Raw { told: vec![told], ..Raw::default() };
        let mut known: BTreeMap<String, Record> = BTreeMap::new();
        for bin in self.list(&["bins", "summary"])? {
            let mut bin = by_role(bin);
            let name = bin.get(Role::Bin).to_owned();
            anyhow::ensure!(!name.is_empty(), "--from: {base}/bins/summary: an entry names no bin (`st_bin`)");
            if bin.roles.contains_key(&Role::Count) && bin.count().is_none_or(|count| count <= 0) {
                // An empty bin is a bin all the same; no wine lies in it.
                bin.roles.insert(Role::Count, "0".to_owned());
                raw.stock.push(bin);
                continue;
            }
            for wine in self.list(&["bins", &name, "wines"])? {
                let mut wine = by_role(wine);
                let named = !wine.get(Role::Reference).is_empty();
                anyhow::ensure!(named, "--from: {base}/bins/{name}/wines: an entry has no `ref`");
                let reference = wine.get(Role::Reference).to_owned();
                let mut stock = Record::default();
                for role in [Role::Reference, Role::Count] {
                    stock.roles.extend(wine.roles.get(&role).map(|text| (role, text.clone())));
                }
                stock.roles.insert(Role::Bin, name.clone());
                wine.roles.remove(&Role::Count);
                raw.stock.push(stock);
                known.entry(reference).or_insert(wine);
            }
        }
        raw.materials = known.into_values().collect();
        Ok(raw)
    }

    /// A list, or one within `{"items": […]}`.
    fn list(&self, path: &[&str]) -> anyhow::Result<Vec<Map<String, Value>>> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let mut request = self.client.get(url.clone());
        if let Some((user, password)) = &self.login {
            request = request.basic_auth(user, Some(password));
        }
        let answer = request.send().map_err(|error| error.without_url()).with_context(|| format!("--from: {url}"))?;
        anyhow::ensure!(answer.status().is_success(), "--from: {url} answers {}", answer.status());
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(answer, MOST_BYTES), &mut bytes)
            .with_context(|| url.to_string())?;
        let told: Value =
            serde_json::from_slice(&bytes).with_context(|| format!("--from: {url} does not answer with JSON"))?;
        let items = match told {
            Value::Object(mut whole) => whole.remove("items").unwrap_or_default(),
            list => list,
        };
        serde_json::from_value(items).with_context(|| format!("--from: {url} answers with no list"))
    }
}

fn by_role(row: Map<String, Value>) -> Record {
    let mut named: BTreeMap<String, String> =
        row.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
    let mut record = Record::default();
    for role in [Role::Reference, Role::Bin, Role::Count, Role::Description] {
        let Some(text) = names::value(role, &named).cloned() else { continue };
        record.roles.insert(role, text);
    }
    let used: Vec<&str> = record.roles.keys().flat_map(|role| role.names().iter().copied()).collect();
    named.retain(|name, _| !used.iter().any(|used| fold(used) == fold(name)));
    record.others = named;
    record
}
