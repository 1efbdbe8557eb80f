//! Labels as lines, and what they say.

use super::parse;
use crate::line::{Line, Page};

/// Lines from top to bottom; a number in front is the height of the letters.
fn page(lines: &[(f32, &str)]) -> Page {
    let mut y = 10.0;
    let lines = lines.iter().map(|(height, text)| {
        let corners = [[10.0, y], [400.0, y], [400.0, y + height], [10.0, y + height]];
        y += height + 10.0;
        Line { text: (*text).to_owned(), confidence: 1.0, corners }
    });
    Page { width: 480, height: 640, lines: lines.collect() }
}

fn vintage(lines: &[(f32, &str)]) -> Option<String> {
    parse(&[page(lines)], 2026).vintage.map(|field| field.value)
}

#[test]
fn the_year_of_the_house_is_not_the_vintage() {
    assert_eq!(vintage(&[(40.0, "Château Margaux"), (20.0, "2015"), (12.0, "Depuis 1985")]).as_deref(), Some("2015"));
    assert_eq!(vintage(&[(30.0, "FONDATA NEL 1961"), (14.0, "Vendemmia 2018")]).as_deref(), Some("2018"));
    assert_eq!(vintage(&[(30.0, "Weingut Müller seit 1998")]), None);
    assert_eq!(vintage(&[(30.0, "SINCE"), (30.0, "1988")]), None);
    assert_eq!(
        vintage(&[(30.0, "Concours de Paris 2016 Médaille d'Or"), (18.0, "MERLOT 2014")]).as_deref(),
        Some("2014")
    );
}

#[test]
fn years_are_read_through_mistaken_letters_and_not_out_of_other_numbers() {
    assert_eq!(vintage(&[(30.0, "2O15")]).as_deref(), Some("2015"));
    assert_eq!(vintage(&[(30.0, "20|5")]).as_deref(), Some("2015"));
    assert_eq!(vintage(&[(30.0, "Barolo 20l1 DOCG")]).as_deref(), Some("2011"));
    for other in ["L2015", "12.03.2015", "820155", "Tel. 2015 88 33", "2031", "2000 €", "1.999,50"] {
        assert_eq!(vintage(&[(30.0, other)]), None, "{other}");
    }
}

#[test]
fn an_old_wine_is_one_when_nothing_speaks_against_it() {
    assert_eq!(vintage(&[(40.0, "Château Latour"), (30.0, "1961")]).as_deref(), Some("1961"));
}

#[test]
fn sparkling_wine_without_a_year_is_of_none() {
    assert_eq!(vintage(&[(40.0, "Champagne Krug"), (20.0, "BRUT")]).as_deref(), Some("NV"));
    assert_eq!(vintage(&[(40.0, "Non-Vintage")]).as_deref(), Some("NV"));
    assert_eq!(vintage(&[(40.0, "BRUT"), (20.0, "2012")]).as_deref(), Some("2012"));
}

#[test]
fn measures_are_read_in_all_spellings() {
    for (text, abv, volume) in [
        ("13,5% vol  75 cl", Some("13.5"), Some("750")),
        ("ALC. 14.0 % BY VOL. 750 ML", Some("14"), Some("750")),
        ("Alc 12.5% Vol. 0,75 l", Some("12.5"), Some("750")),
        ("2019, 750 ml, 13, 5 % vol", Some("13.5"), Some("750")),
        ("e1,5 L", None, Some("1500")),
        ("100 % Merlot", None, None),
        ("15% Merlot", None, None),
        ("37.5cl 9 %vol", Some("9"), Some("375")),
    ] {
        let label = parse(&[page(&[(12.0, text)])], 2026);
        assert_eq!(label.abv.map(|field| field.value).as_deref(), abv, "{text}");
        assert_eq!(label.volume_ml.map(|field| field.value).as_deref(), volume, "{text}");
    }
}

#[test]
fn places_grapes_and_colours_in_the_languages_of_labels() {
    let told = |text: &str| {
        let label = parse(&[page(&[(20.0, text)])], 2026);
        let value = |field: Option<crate::Field>| field.map(|field| field.value).unwrap_or_default();
        let grapes: Vec<String> = label.grapes.into_iter().map(|field| field.value).collect();
        (value(label.appellation), value(label.region), value(label.country), grapes.join(","), value(label.colour))
    };
    let row =
        |a: &str, r: &str, c: &str, g: &str, colour: &str| (a.into(), r.into(), c.into(), g.into(), colour.into());
    assert_eq!(told("CHATEAUNEUF-DU-PAPE rouge"), row("Châteauneuf-du-Pape", "Rhône", "France", "", "red"));
    assert_eq!(told("Barbera d'Asti"), row("Barbera d'Asti", "Piemonte", "Italy", "Barbera", "red"));
    assert_eq!(told("Ribera del Duera Tinto"), row("Ribera del Duero", "Castilla y León", "Spain", "", "red"));
    assert_eq!(
        told("Grüner Veltliner Kamptal"),
        row("Kamptal", "Niederösterreich", "Austria", "Grüner Veltliner", "white")
    );
    assert_eq!(told("Egri Kékfrankos"), row("", "Eger", "Hungary", "Blaufränkisch", "red"));
    assert_eq!(told("VILLÁNYI ROZÉ"), row("", "Villány", "Hungary", "", "rose"));
    assert_eq!(told("Alvarinho Vinho Verde branco"), row("", "Vinho Verde", "Portugal", "Albariño", "white"));
    assert_eq!(
        told("CABERNETSAUVIGNON Napa Valley"),
        row("Napa Valley", "California", "United States", "Cabernet Sauvignon", "red")
    );
    assert_eq!(told("Spätburgunder Rheinhessen"), row("", "Rheinhessen", "Germany", "Pinot Noir", "red"));
}

#[test]
fn a_name_may_go_on_in_the_next_line() {
    let label = parse(&[page(&[(20.0, "Brunello di"), (20.0, "Montalcino")])], 2026);
    assert_eq!(label.appellation.map(|field| field.value).as_deref(), Some("Brunello di Montalcino"));
}

#[test]
fn the_house_is_the_producer_and_the_rest_the_name() {
    let label = parse(
        &[page(&[
            (22.0, "WEINGUT KELLER"),
            (40.0, "Hipping"),
            (20.0, "Riesling Spätlese"),
            (10.0, "750 ml 8,5 % vol"),
        ])],
        2026,
    );
    assert_eq!(label.producer.map(|field| field.value).as_deref(), Some("Weingut Keller"));
    assert_eq!(label.name.map(|field| field.value).as_deref(), Some("Hipping"));
    assert_eq!(label.designation[0].value, "Spätlese");
}

#[test]
fn nothing_says_nothing() {
    assert_eq!(parse(&[], 2026), crate::Label::default());
    let long = "x ".repeat(3000);
    let label = parse(&[page(&[(20.0, &long), (20.0, "§$%&/()")])], 2026);
    assert!(label.vintage.is_none() && label.appellation.is_none());
}

#[test]
fn a_house_that_stands_alone_is_called_by_its_neighbour() {
    let producer = |lines: &[(f32, &str)]| parse(&[page(lines)], 2026).producer.map(|field| field.value);
    let below = [(30.0, "WEINGUT"), (34.0, "BRANDTNER"), (24.0, "Riesling Spätlese"), (20.0, "Rheingau")];
    assert_eq!(producer(&below).as_deref(), Some("Weingut Brandtner"));
    assert_eq!(
        producer(&[(34.0, "BRANDTNER"), (30.0, "WEINGUT"), (24.0, "Riesling")]).as_deref(),
        Some("Brandtner Weingut")
    );
    // A grape is nobody's name.
    assert_eq!(producer(&[(30.0, "WEINGUT"), (34.0, "Riesling")]).as_deref(), Some("Weingut"));
}
