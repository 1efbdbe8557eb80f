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
    texts,
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
        <Title text=texts::import_and_export()/>
        <header class="head"><h1>{texts::import_and_export()}</h1></header>
        {move || asked.get().4.then(|| notice(texts::no_file()))}
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
    let rows = (!rows.is_empty()).then(|| view! { <h2>{texts::imports_so_far()}</h2><ul class="history">{rows}</ul> });
    view! { {done}{chosen}{fresh}{rows} }.into_any()
}

/// The form works without JavaScript: the browser sends the file and is led to its preview.
fn choose() -> AnyView {
    view! {
        <section>
            <h2>{texts::bring_in_file()}</h2>
            <p class="quiet">
                {texts::import_what()}
            </p>
            <form class="buttons" method="POST" action="/import/upload" enctype="multipart/form-data">
                <input class="entry" type="file" name="file" aria-label=texts::file_to_import() required
                    accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain"/>
                <button class="button button-main" type="submit">{icon("look")}{texts::show_what_happens()}</button>
            </form>
        </section>
        <section>
            <h2>{texts::catalogue()}</h2>
            <p class="quiet">{texts::catalogue_what()}</p>
            <p class="buttons"><a class="button" href="/catalogue">{icon("bottles")}{texts::lists()}</a></p>
        </section>
        <section>
            <h2>{texts::take_book_out()}</h2>
            <p class="buttons">
                <a class="button" href="/api/v1/export.pdf" rel="external">{texts::wine_list_pdf()}</a>
                <a class="button" href="/api/v1/export.csv" rel="external">{texts::bottles_csv()}</a>
                <a class="button" href="/api/v1/export.json" rel="external">{texts::all_json()}</a>
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
            let act = if idle { texts::import_nothing() } else { texts::import() };
            view! {
                {totals(&preview)}
                <ActionForm action=run attr:class="buttons">
                    <input type="hidden" name="upload" value=file.upload/>
                    <input type="hidden" name="mapping" value=file.mapping/>
                    <input type="hidden" name="currency" value=file.currency/>
                    <button class="button button-main" type="submit">{icon("check")}{act}</button>
                    <a class="button" href="/import">{texts::another_file()}</a>
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
                        <option value="">{texts::not_used()}</option>{choices}
                    </select></td>
                </tr>
            }
        })
        .collect();
    view! {
        <form method="GET" action="/import">
            <input type="hidden" name="upload" value=file.upload.clone()/>
            <table class="table">
                <thead><tr><th scope="col">{texts::column()}</th><th scope="col">{texts::rows_is()}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="buttons">
                <label>{texts::currency_of_prices()}" "
                    <input class="entry" name="currency" size="4" maxlength="3" placeholder="EUR" value=file.currency.clone()/>
                </label>
                <button class="button" type="submit">{texts::show_again()}</button>
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
    let words = texts::import_totals(
        &report.title,
        &report.encoding,
        &report.bottles_new,
        &report.bottles_placed,
        &report.bottles_gone,
        &report.bottles_known,
        &report.wines_new,
        &report.notes_new,
    );
    view! {
        <p>{words}</p>
        {notices}
        <table class="table">
            <caption>{texts::lines()}</caption>
            <tbody>{counts}<tr><th scope="row">{texts::all_lines()}</th><td>{report.total}</td></tr></tbody>
        </table>
    }
    .into_any()
}

fn lines(report: Preview) -> AnyView {
    let (shown, total) = (report.lines.len(), report.total);
    let part = u32::try_from(shown).is_ok_and(|shown| shown < total).then(|| {
        view! { <p class="quiet">{texts::part_of_lines(&shown, &total)}</p> }
    });
    let rows: Vec<_> = report.lines.into_iter().map(line).collect();
    view! {
        {part}
        <table class="table">
            <thead><tr><th scope="col">{texts::line()}</th><th scope="col">{texts::wine_label()}</th><th scope="col">{texts::what_happens()}</th></tr></thead>
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
            <button class="button" type="submit">{icon("undo")}{texts::undo()}</button>
        </ActionForm>
        {failed}
    }
    .into_any()
}

fn report(made: Made, now: Instant) -> AnyView {
    let title = if made.undone { texts::taken_back() } else { texts::imported() };
    let back = (!made.undone).then(|| undo(made.id.clone()));
    let seen = totals(&made.report);
    view! {
        <section role="status">
            <h2>{texts::titled(&title, &made.file_name)}</h2>
            <p class="quiet">{made.actor}", "{when(made.at, now)}</p>
            {seen}{back}{lines(made.report)}
        </section>
    }
    .into_any()
}

fn recent(made: Made, now: Instant) -> AnyView {
    let mut words = texts::import_state(&made.report.bottles_new, &made.report.total);
    if made.undone {
        words = format!("{words} \u{b7} {}", texts::taken_back_mark());
    }
    view! {
        <li class="line">
            {icon("history")}
            <div class="bottle-words"><strong>{made.file_name}</strong><small>{words}</small></div>
            {when(made.at, now)}
            <a class="button" href=format!("/import?done={}", made.id)>{texts::report()}</a>
        </li>
    }
    .into_any()
}
