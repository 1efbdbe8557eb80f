//! `/calibrate/new` and `/calibrate/{id}`: the steps from a bare camera to named bins. The script works on what stands here; how it
//! works is in `docs/CALIBRATION.md`.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::Title;
use models::{
    bin::{RackFacts, RackKind},
    calibration::PlacedBin,
};
use serde_json::json;

use super::may_not;
use crate::{
    api::calibrations::{CalibratedRack, CalibrationPage, get_calibration},
    components::{
        icon::icon,
        load::{load, load_one},
    },
    texts,
};

/// One text: its parts share what is drawn.
const SCRIPT: &str = concat!(
    "(() => {\n",
    include_str!("model.js"),
    include_str!("view.js"),
    include_str!("camera.js"),
    include_str!("corners.js"),
    include_str!("bins.js"),
    include_str!("check.js"),
    include_str!("steps.js"),
    "})();"
);
/// Here and not in the stylesheet, which every page loads.
const STYLE: &str = include_str!("draw.css");

/// A rack that is known.
pub fn page() -> AnyView {
    load_one(get_calibration, |page| show(page.racks.first().cloned(), page.may, ""))
}

/// A new one.
pub fn new() -> AnyView {
    let data = Resource::new(|| (), |()| get_calibration(String::new()));
    load(data, |page: CalibrationPage| {
        let prefix = free_prefix(&page);
        show(None, page.may, &prefix)
    })
}

/// Names of bins are unique in the cellar: those of a second rack begin with a letter that no bin begins with yet.
fn free_prefix(page: &CalibrationPage) -> String {
    if page.racks.is_empty() {
        return String::new();
    }
    let taken =
        |prefix: &str| page.racks.iter().flat_map(|rack| &rack.bins).any(|bin| bin.id.as_str().starts_with(prefix));
    let free = (b'B'..=b'Z').map(|letter| format!("{}-", char::from(letter))).find(|prefix| !taken(prefix));
    free.unwrap_or_default()
}

fn show(known: Option<CalibratedRack>, may: bool, prefix: &str) -> AnyView {
    let title = known.as_ref().map_or(texts::new_rack().to_owned(), |known| known.rack.facts.name.clone());
    let head = view! {
        <Title text=texts::calibrate()/>
        <header class="head">
            <a class="button button-quiet" href="/calibrate" aria-label=texts::back()>{icon("back")}</a>
            <h1>{title}</h1>
            {may.then(steps)}
        </header>
    };
    if !may {
        return view! { {head}{may_not()} }.into_any();
    }
    let (id, facts, bins, camera) = match known {
        Some(known) => {
            let camera = known.last.map(|last| last.camera).unwrap_or_default();
            (Some(known.rack.id), known.rack.facts, known.bins, camera)
        }
        None => (
            None,
            RackFacts { rectified_width: 1600, rectified_height: 1200, ..RackFacts::blank(RackKind::Grid) },
            Vec::<PlacedBin>::new(),
            String::new(),
        ),
    };
    let has_bins = !bins.is_empty();
    let rack = json!({ "id": id, "facts": facts, "bins": bins, "camera": camera });
    view! {
        <style nonce=use_nonce()>{STYLE}</style>
        {head}
        <noscript><p class="notice">{texts::drawing_needs_script()}</p></noscript>
        <div id="calibrate" class="calibrate" data-words=words().to_string() data-rack=rack.to_string()>
            <canvas data-is="canvas" tabindex="0" role="img" aria-label=texts::picture_camera()></canvas>
            <div class="calibrate-side">
                <p class="calibrate-said" role="status" data-is="said" data-wait=texts::one_moment()></p>
                {camera_step()}
                {corners_step()}
                {bins_step(has_bins, facts.width_mm, prefix)}
                {check_step(&facts.name)}
                <div class="buttons calibrate-way">
                    <button class="button" type="button" data-is="undo" aria-label=texts::undo()>{icon("undo")}</button>
                    <button class="button" type="button" data-is="redo" aria-label=texts::redo_word()>{icon("forward")}</button>
                    <button class="button" type="button" data-is="back">{texts::step_back()}</button>
                    <button class="button button-main" type="button" data-is="next" disabled>{texts::step_on()}</button>
                </div>
            </div>
        </div>
        <script nonce=use_nonce()>{SCRIPT}</script>
    }
    .into_any()
}

/// Where one is on the way.
fn steps() -> AnyView {
    let marks = [
        ("camera", texts::step_camera()),
        ("corners", texts::step_corners()),
        ("bins", texts::step_bins()),
        ("check", texts::step_check()),
    ];
    let marks: Vec<_> = marks
        .into_iter()
        .enumerate()
        .map(|(i, (step, words))| {
            view! { <li data-step=step>{i + 1}" "{words}</li> }
        })
        .collect();
    view! { <ol class="calibrate-steps">{marks}</ol> }.into_any()
}

fn button(is: &'static str, symbol: &'static str, words: &'static str) -> AnyView {
    view! { <button class="button" type="button" data-is=is>{icon(symbol)}{words}</button> }.into_any()
}

/// A number as text, so that the keyboard of a kiosk can write it; the script keeps it within its bounds.
fn number(is: &'static str, words: &'static str, value: String) -> AnyView {
    view! {
        <label class="field"><span>{words}</span><input type="text" inputmode="numeric" data-is=is value=value autocomplete="off"/></label>
    }
    .into_any()
}

fn tick(is: &'static str, words: &'static str, on: bool) -> AnyView {
    view! { <label class="choice calibrate-tick"><input type="checkbox" data-is=is checked=on/><span>{words}</span></label> }.into_any()
}

fn select(is: &'static str, words: &'static str, options: Vec<(&'static str, &'static str)>) -> AnyView {
    let options: Vec<_> =
        options.into_iter().map(|(value, words)| view! { <option value=value>{words}</option> }).collect();
    view! { <label class="field"><span>{words}</span><select data-is=is>{options}</select></label> }.into_any()
}

/// A number with a finger's button on either side.
fn stepper(is: &'static str, words: &'static str) -> AnyView {
    view! {
        <div class="calibrate-stepper">
            <button class="button" type="button" data-is="less" value=is aria-label=texts::one_less(&words)>"\u{2212}"</button>
            <label class="field"><span>{words}</span><input type="text" inputmode="numeric" data-is=is autocomplete="off"/></label>
            <button class="button" type="button" data-is="more" value=is aria-label=texts::one_more(&words)>"+"</button>
        </div>
    }
    .into_any()
}

fn camera_step() -> AnyView {
    view! {
        <section data-is="step" data-step="camera">
            <p>{texts::camera_how()}</p>
            {select("camera", texts::camera_word(), vec![("", texts::camera_of_settings()), ("address", texts::camera_address())])}
            <label class="field" hidden><span>{texts::camera_mode()}</span><select data-is="mode"></select></label>
            <label class="field" hidden><span>{texts::address_of_camera()}</span><input type="text" inputmode="url" data-is="address" placeholder="http://10.0.0.7/snap.jpg" autocomplete="off"/></label>
            <div class="buttons">
                <button class="button" type="button" data-is="live" aria-pressed="false">{icon("look")}{texts::live_picture()}</button>
                {button("shoot", "camera", texts::take_picture())}
                <label class="button calibrate-file"><input type="file" accept="image/jpeg,image/png,image/webp" data-is="upload"/>{icon("in")}{texts::use_photo()}</label>
            </div>
            <label class="calibrate-sharp"><span>{texts::sharpness()}" "<b data-is="sharp-number"></b></span><meter data-is="sharp" min="0" max="1" low="0.15" high="0.3" optimum="1" value="0"></meter></label>
        </section>
    }
    .into_any()
}

fn corners_step() -> AnyView {
    view! {
        <section data-is="step" data-step="corners" hidden>
            <p data-is="corner-hint"></p>
            <div class="buttons">
                {button("find-corners", "search", texts::find_corners())}
                {button("find-lens", "look", texts::find_lens())}
                {button("clear-corners", "close", texts::start_over())}
            </div>
            {tick("snap", texts::snap_to_edges(), true)}
            <p class="quiet">{texts::marks_how()}" "<a class="button" href="/api/v1/calibration/tags.pdf" download="apriltags.pdf">{icon("out")}{texts::marks_to_print()}</a></p>
            <p class="quiet">{texts::corners_keys()}</p>
        </section>
    }
    .into_any()
}

fn bins_step(has_bins: bool, width_mm: Option<i32>, prefix: &str) -> AnyView {
    let kinds = vec![
        ("grid", texts::rack_grid()),
        ("diamond", texts::rack_diamond()),
        ("x", texts::rack_x()),
        ("hexagonal", texts::rack_hexagonal()),
        ("shelf", texts::rack_shelf()),
        ("cabinet", texts::rack_cabinet()),
        ("bulk", texts::rack_bulk()),
        ("free", texts::rack_free()),
    ];
    let tools = [("lattice", texts::tool_lattice()), ("bins", texts::tool_bins()), ("free", texts::tool_free())];
    let tools: Vec<_> = tools
        .into_iter()
        .map(|(tool, words)| view! { <button class="button" type="button" data-is="tool" value=tool aria-pressed="false">{words}</button> })
        .collect();
    let styles = vec![("numbers", "03_03"), ("letters", "C3")];
    let from = vec![
        ("top_left", texts::top_left()),
        ("top_right", texts::top_right()),
        ("bottom_left", texts::bottom_left()),
        ("bottom_right", texts::bottom_right()),
    ];
    view! {
        <section data-is="step" data-step="bins" hidden>
            <p data-is="number"></p>
            {select("kind", texts::rack_kind(), kinds)}
            <div data-is="lattice-controls">
                <div class="calibrate-two">{stepper("rows", texts::rows_word())}{stepper("columns", texts::columns_word())}</div>
                {tick("staggered", texts::staggered_rows(), false)}
                {tick("rim", texts::half_bins(), false)}
                <label class="field"><span>{texts::board_thickness()}</span><input type="range" min="0" max="30" data-is="board"/></label>
                <div class="buttons">{button("find-lattice", "search", texts::find_lattice())}</div>
                {tick("any-kind", texts::any_kind(), false)}
            </div>
            <div class="tabs calibrate-tools" role="group" aria-label=texts::tools_word()>{tools}</div>
            <div data-is="bin-controls" hidden>
                {tick("several", texts::choose_several(), false)}
                <div class="calibrate-two">
                    <label class="field"><span>{texts::name_of_bin()}</span><input type="text" data-is="bin-name" maxlength="32" autocomplete="off"/></label>
                    {number("bin-room", texts::room_in_bin(), String::new())}
                </div>
                <div class="buttons">
                    {button("merge", "in", texts::merge_bins())}
                    {button("split", "out", texts::split_bin())}
                    <button class="button" type="button" data-is="bin-off">{texts::out_of_use()}</button>
                    {button("remove", "close", texts::remove_bin())}
                </div>
            </div>
            <div data-is="free-controls" hidden>
                <p>{texts::free_how()}</p>
                <button class="button button-main" type="button" data-is="close-free" disabled>{texts::close_outline()}</button>
            </div>
            <details class="fold fold-free">
                <summary>{texts::names_and_room()}</summary>
                <div class="calibrate-two">{select("style", texts::names_like(), styles)}{select("from", texts::count_from(), from)}</div>
                <label class="field"><span>{texts::name_prefix()}</span><input type="text" data-is="prefix" value=prefix.to_owned() maxlength="16" pattern="[A-Za-z0-9_\\-]*" autocomplete="off"/></label>
                <div hidden=!has_bins>{tick("keep", texts::keep_names(), has_bins)}</div>
                <div class="calibrate-two">
                    {number("capacity", texts::bottles_per_bin(), "1".to_owned())}
                    {number("width-mm", texts::rack_width_mm(), width_mm.map(|mm| mm.to_string()).unwrap_or_default())}
                    {number("bottle-mm", texts::bottle_mm(), "76".to_owned())}
                </div>
            </details>
            <details class="fold fold-free">
                <summary>{texts::files_word()}</summary>
                <p class="quiet">{texts::files_how()}</p>
                <div class="buttons">
                    <label class="button calibrate-file"><input type="file" accept=".json,application/json,image/png,image/jpeg,image/webp" data-is="load"/>{icon("in")}{texts::bring_in()}</label>
                    {button("save-cells", "out", texts::cells_file())}
                    {button("save-mask", "out", texts::blue_lines())}
                </div>
            </details>
        </section>
    }
    .into_any()
}

fn check_step(name: &str) -> AnyView {
    view! {
        <section data-is="step" data-step="check" hidden>
            <p>{texts::check_how()}</p>
            <p><strong data-is="count-bin"></strong>" "<small data-is="count-why"></small></p>
            <div class="calibrate-stepper">
                <button class="button" type="button" data-is="count-less" aria-label=texts::one_bottle_less()>"\u{2212}"</button>
                <label class="field"><span>{texts::bottles_counted()}</span><input type="text" inputmode="numeric" data-is="count" autocomplete="off"/></label>
                <button class="button" type="button" data-is="count-more" aria-label=texts::one_bottle_more()>"+"</button>
            </div>
            <div class="buttons">
                {button("count-before", "back", texts::bin_before())}
                {button("count-after", "forward", texts::bin_after())}
                {button("count-again", "look", texts::count_again())}
            </div>
            <label class="field"><span>{texts::rack_name()}</span><input type="text" data-is="rack-name" maxlength="100" required value=name.to_owned() autocomplete="off"/></label>
            <label class="field"><span>{texts::note_on_it()}</span><input type="text" data-is="note" maxlength="500" autocomplete="off"/></label>
            <button class="button button-main button-wide" type="button" data-is="keep-it">{icon("check")}{texts::save_calibration()}</button>
        </section>
    }
    .into_any()
}

/// What the script says.
fn words() -> serde_json::Value {
    json!({
        "did_not_work": texts::did_not_work(), "server_away": texts::server_away(), "usual_mode": texts::usual_mode(),
        "tap_corner": texts::tap_corner(&"{corner}"), "corners_are_set": texts::corners_are_set(),
        "top_left": texts::top_left(), "top_right": texts::top_right(), "bottom_right": texts::bottom_right(), "bottom_left": texts::bottom_left(),
        "no_corners": texts::no_corners(), "corners_found": texts::corners_found(), "corners_first": texts::corners_first(),
        "lens_found": texts::lens_found(&"{n}"), "lens_straight": texts::lens_straight(),
        "bins_now": texts::bins_now(&"{n}"), "no_lattice": texts::no_lattice(), "lattice_found": texts::lattice_found(&"{n}"),
        "choose_two": texts::choose_two(), "choose_one": texts::choose_one(), "no_cells": texts::no_cells(),
        "out_of_use": texts::out_of_use(), "use_again": texts::use_again(), "name_taken": texts::name_taken(), "name_form": texts::name_form(),
        "counted": texts::counted_in_picture(&"{n}", &"{unsure}"), "room_for": texts::room_for_so_many(&"{n}"), "you_counted": texts::you_counted(),
        "picture_camera": texts::picture_camera(), "picture_corners": texts::picture_corners(), "picture_bins": texts::picture_bins(),
        "picture_check": texts::picture_check(),
    })
}
