//! `/import`: bring another program's cellar in, seeing line by line what happens; and take the book out.

use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use models::{
    Instant,
    import::{
        mapping::Field,
        preview::{LinePlan, Preview},
    },
};

use crate::{
    api::imports::{ImportPage, Made, RunImport, UndoImport, Waiting, get_import},
    components::{icon::icon, load::load, toast::notice, when::when},
    state::live::Live,
};

/// The page.
pub fn page() -> AnyView {
    let live = Live::get();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let get = |name: &str| query.get(name).unwrap_or_default();
        let columns: Vec<String> = (0..200)
            .filter_map(|i| query.get(&format!("c{i}")).filter(|field| !field.is_empty()).map(|f| format!("{i}={f}")))
            .collect();
        (get("upload"), get("done"), columns.join(","), get("currency"), !get("empty").is_empty())
    });
    let data = Resource::new(
        move || (asked.get(), live.revision.get()),
        |((upload, done, mapping, currency, _), _)| get_import(upload, done, mapping, currency),
    );
    view! {
        <Title text="Import and export"/>
        <header class="head"><h1>"Import and export"</h1></header>
        {move || asked.get().4.then(|| notice("No file was chosen, or it is empty."))}
        {load(data, show)}
    }
    .into_any()
}

fn show(page: ImportPage) -> AnyView {
    let now = page.now;
    let chosen = page.waiting.map(waiting);
    let fresh = chosen.is_none().then(choose);
    let done = page.done.map(|made| report(made, now));
    let rows: Vec<_> = page.recent.into_iter().map(|made| recent(made, now)).collect();
    let rows = (!rows.is_empty()).then(|| view! { <h2>"Imports so far"</h2><ul class="history">{rows}</ul> });
    view! { {done}{chosen}{fresh}{rows} }.into_any()
}

/// The form works without JavaScript: the browser sends the file and is led to its preview.
fn choose() -> AnyView {
    view! {
        <section>
            <h2>"Bring in a file"</h2>
            <p class="quiet">
                "CellarTracker (List, Inventory, Bottles, Consumed, Purchase, Notes; csv or tab), Vivino, or any table
                whose first line names the columns. Nothing is written before you have seen what will happen."
            </p>
            <form class="buttons" method="POST" action="/import/upload" enctype="multipart/form-data">
                <input class="entry" type="file" name="file" aria-label="File to import" required
                    accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain"/>
                <button class="button button-main" type="submit">{icon("look")}"Show what will happen"</button>
            </form>
        </section>
        <section>
            <h2>"Take the book out"</h2>
            <p class="buttons">
                <a class="button" href="/api/v1/export.pdf" rel="external">"Wine list (PDF)"</a>
                <a class="button" href="/api/v1/export.csv" rel="external">"Bottles (CSV)"</a>
                <a class="button" href="/api/v1/export.json" rel="external">"All of it (JSON)"</a>
            </p>
        </section>
    }
    .into_any()
}

fn waiting(file: Waiting) -> AnyView {
    let run = ServerAction::<RunImport>::new();
    let columns = (!file.columns.is_empty()).then(|| mapping(&file));
    let failed = move || {
        let failed = run.value().get().and_then(Result::err);
        failed.map(|error| view! { <p class="notice" role="alert">{error.message}</p> })
    };
    let body = match file.preview {
        Err(why) => view! { <p class="notice" role="alert">{why}</p> }.into_any(),
        Ok(preview) => {
            let idle = preview.is_idle();
            let act = if idle { "Import (nothing will change)" } else { "Import" };
            view! {
                {totals(&preview)}
                <ActionForm action=run attr:class="buttons">
                    <input type="hidden" name="upload" value=file.upload/>
                    <input type="hidden" name="mapping" value=file.mapping/>
                    <input type="hidden" name="currency" value=file.currency/>
                    <button class="button button-main" type="submit">{icon("check")}{act}</button>
                    <a class="button" href="/import">"Another file"</a>
                </ActionForm>
                {failed}
                {lines(preview)}
            }
            .into_any()
        }
    };
    view! { <section><h2>{file.file_name}</h2>{columns}{body}</section> }.into_any()
}

/// Which column is what: selects in a form that asks for the preview anew.
fn mapping(file: &Waiting) -> AnyView {
    let rows: Vec<_> = file
        .columns
        .iter()
        .enumerate()
        .map(|(i, (column, taken))| {
            let choices: Vec<_> = Field::ALL
                .iter()
                .map(|field| {
                    let word = field.as_str();
                    view! { <option value=word selected=word == taken>{word.replace('_', " ")}</option> }
                })
                .collect();
            let name = format!("c{i}");
            view! {
                <tr>
                    <th scope="row">{column.clone()}</th>
                    <td><select class="entry" name=name aria-label=column.clone()>
                        <option value="">"\u{2013} not used \u{2013}"</option>{choices}
                    </select></td>
                </tr>
            }
        })
        .collect();
    view! {
        <form method="GET" action="/import">
            <input type="hidden" name="upload" value=file.upload.clone()/>
            <table class="table">
                <thead><tr><th scope="col">"Column"</th><th scope="col">"is"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="buttons">
                <label>"Currency of the prices "
                    <input class="entry" name="currency" size="4" maxlength="3" placeholder="EUR" value=file.currency.clone()/>
                </label>
                <button class="button" type="submit">"Show again"</button>
            </p>
        </form>
    }
    .into_any()
}

fn totals(report: &Preview) -> AnyView {
    let counts: Vec<_> = report
        .outcomes
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(outcome, count)| view! { <tr><th scope="row">{outcome.replace('_', " ")}</th><td>{*count}</td></tr> })
        .collect();
    let notices: Vec<_> = report.notices.iter().map(|text| view! { <p class="notice">{text.clone()}</p> }).collect();
    let words = format!(
        "{} ({}): {} new bottles, {} of them laid into bins, {} have left, {} known already; {} new wines, {} notes.",
        report.title,
        report.encoding,
        report.bottles_new,
        report.bottles_placed,
        report.bottles_gone,
        report.bottles_known,
        report.wines_new,
        report.notes_new
    );
    view! {
        <p>{words}</p>
        {notices}
        <table class="table">
            <caption>"Lines"</caption>
            <tbody>{counts}<tr><th scope="row">"all"</th><td>{report.total}</td></tr></tbody>
        </table>
    }
    .into_any()
}

fn lines(report: Preview) -> AnyView {
    let (shown, total) = (report.lines.len(), report.total);
    let part = u32::try_from(shown).is_ok_and(|shown| shown < total).then(|| {
        view! { <p class="quiet">{format!("{shown} of {total} lines: the first ones, and each with a remark.")}</p> }
    });
    let rows: Vec<_> = report.lines.into_iter().map(line).collect();
    view! {
        {part}
        <table class="table">
            <thead><tr><th scope="col">"Line"</th><th scope="col">"Wine"</th><th scope="col">"What happens"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn line(line: LinePlan) -> AnyView {
    let remarks: Vec<_> = line.warnings.into_iter().map(|text| view! { <br/><small>{text}</small> }).collect();
    let outcome = line.outcome.as_str().replace('_', " ");
    let text = if line.text.is_empty() { String::new() } else { format!(": {}", line.text) };
    view! { <tr><td>{line.line}</td><td>{line.title}</td><td><strong>{outcome}</strong>{text}{remarks}</td></tr> }
        .into_any()
}

fn undo(id: String) -> AnyView {
    let undo = ServerAction::<UndoImport>::new();
    let failed = move || {
        let failed = undo.value().get().and_then(Result::err);
        failed.map(|error| view! { <p class="notice" role="alert">{error.message}</p> })
    };
    view! {
        <ActionForm action=undo attr:class="buttons">
            <input type="hidden" name="import" value=id/>
            <button class="button" type="submit">{icon("undo")}"Undo"</button>
        </ActionForm>
        {failed}
    }
    .into_any()
}

fn report(made: Made, now: Instant) -> AnyView {
    let title = if made.undone { "Taken back" } else { "Imported" };
    let back = (!made.undone).then(|| undo(made.id.clone()));
    let seen = totals(&made.report);
    view! {
        <section role="status">
            <h2>{title}": "{made.file_name}</h2>
            <p class="quiet">{made.actor}", "{when(made.at, now)}</p>
            {seen}{back}{lines(made.report)}
        </section>
    }
    .into_any()
}

fn recent(made: Made, now: Instant) -> AnyView {
    let state = if made.undone { " \u{b7} taken back" } else { "" };
    let words = format!("{} new bottles, {} lines{state}", made.report.bottles_new, made.report.total);
    view! {
        <li class="line">
            {icon("history")}
            <div class="bottle-words"><strong>{made.file_name}</strong><small>{words}</small></div>
            {when(made.at, now)}
            <a class="button" href=format!("/import?done={}", made.id)>"Report"</a>
        </li>
    }
    .into_any()
}
