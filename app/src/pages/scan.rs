//! `/scans/:id`: one look of the camera, with everything needed to trust or distrust it.

use leptos::prelude::*;
use leptos_meta::Title;
use models::scan::{Reading, Scan, ScanStatus};

use crate::{
    api::scans::{ScanPage, get_scan},
    components::{
        icon::icon,
        load::{empty, load_one},
        when::when,
    },
    format, texts,
};

/// The page.
pub fn page() -> AnyView {
    view! {
        <Title text=texts::scan()/>
        <header class="head">
            <a class="button button-quiet" href="/scans" aria-label=texts::back_to_scans()>{icon("back")}</a>
            <h1>{texts::scan()}</h1>
        </header>
        {load_one(|id| get_scan(id.into()), show)}
    }
    .into_any()
}

fn show(page: ScanPage) -> AnyView {
    let scan = page.scan;
    let (word, class) = format::scan_words(&scan);
    let stages: Vec<_> = scan
        .stages
        .iter()
        .map(|s| view! { <dt>{format::stage_name(&s.stage).to_owned()}</dt><dd>{format::duration(s.ms)}</dd> })
        .collect();
    let rack = format!("/calibrate/{}", scan.rack_id);
    let version = scan.calibration.as_ref().map(|id| {
        view! { <a class="button" href=format!("{rack}/versions#{id}")>{icon("history")}{texts::read_by_version()}</a> }
    });
    view! {
        <div class="split">
            <section>{picture(&scan, page.pictured)}</section>
            <aside>
                <p><span class=class>{word}</span>" "{when(scan.started_at, page.now)}</p>
                <p>{format::scan_message(&scan)}</p>
                {explanation(scan.status).map(|words| view! { <p class="notice">{icon("look")}{words}</p> })}
                <p class="buttons">
                    <a class="button" href=format!("{rack}/shift")>{icon("camera")}{texts::has_it_moved()}</a>
                    {version}
                </p>
                <dl class="facts">
                    <dt>{texts::bins_read()}</dt><dd>{scan.bins_read}</dd>
                    <dt>{texts::differences()}</dt><dd>{scan.bins_changed}</dd>
                    {stages}
                    <dt>{texts::model()}</dt><dd>{scan.model}</dd>
                    <dt>{texts::source()}</dt><dd>{scan.source}</dd>
                </dl>
            </aside>
        </div>
        {table(page.readings)}
    }
    .into_any()
}

/// What it means for the owner when a scan claims nothing.
fn explanation(status: ScanStatus) -> Option<&'static str> {
    match status {
        ScanStatus::Ok => None,
        ScanStatus::NoOpinion => Some(texts::no_opinion_why()),
        ScanStatus::Failed => Some(texts::failed_why()),
    }
}

/// Where the frame could not be trusted there is still the frame itself.
fn picture(scan: &Scan, pictured: bool) -> AnyView {
    let name = match scan.status {
        _ if !pictured => return empty("camera", texts::no_picture(), texts::no_picture_why()),
        ScanStatus::Ok => "annotated",
        ScanStatus::NoOpinion | ScanStatus::Failed => "frame",
    };
    let src = format!("/media/scans/{}/{name}.jpg", scan.id);
    view! { <a href=src.clone() rel="external"><img class="photo" src=src.clone() alt=texts::what_camera_saw()/></a> }
        .into_any()
}

fn table(readings: Vec<Reading>) -> AnyView {
    if readings.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = readings.into_iter().map(row).collect();
    view! {
        <h2>{texts::readings()}</h2>
        <table class="table">
            <thead><tr><th>{texts::bin_word()}</th><th>{texts::book()}</th><th>{texts::camera()}</th><th>{texts::sure()}</th><th>{texts::remark()}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(r: Reading) -> AnyView {
    let differs = r.count.is_some_and(|n| n != r.expected);
    let seen = match r.count {
        None => "\u{2013}".to_owned(),
        Some(n) if differs => format!("\u{2260} {n}"),
        Some(n) => n.to_string(),
    };
    let remark = r.needs_look.unwrap_or_default();
    view! {
        <tr class=if differs { "row-differs" } else { "" }>
            <th scope="row"><a href=format!("/bins/{}", r.bin)>{r.bin.to_string()}</a></th>
            <td>{r.expected}</td>
            <td>{seen}</td>
            <td>{format::percent_of(r.confidence)} " %"</td>
            <td>{remark}</td>
        </tr>
    }
    .into_any()
}
