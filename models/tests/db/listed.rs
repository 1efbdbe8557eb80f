//! The catalogue: lists come in, are looked through by what was read, and go.

use models::{
    db::{DbError, listed::*},
    import::listed::wines,
    wine::{Colour, Style, WineFacts},
};

use crate::cellar::{Outcome, anna, now};

fn named(producer: &str, name: &str) -> WineFacts {
    WineFacts { country: "France".into(), ..WineFacts::named(producer, name, Colour::Red) }
}

/// Whoever reads exactly these words.
fn reads(words: &'static [&'static str]) -> impl Fn(&str) -> f32 {
    move |word| if words.contains(&word) { 1.0 } else { 0.0 }
}

#[test]
fn a_list_is_found_by_its_words_replaced_by_its_name_and_removed() {
    test_support::each_backend(|it| {
        let done = it.db.write(|conn| -> Outcome {
            let first = [named("Domaine Tempier", "Bandol Rouge"), named("Château Musar", "Rouge")];
            let second = [named("Domaine Tempier", "La Tourtine"), named("Weingut Prüm", "Graacher")];
            catalogue_put(conn, "A", &first, &anna(), now())?;
            let list = catalogue_put(conn, " B ", &second, &anna(), now())?;
            assert_eq!((list.name.as_str(), list.wines, list.imported_by.as_str()), ("B", 2, "Anna"), "{}", it.engine);
            let found = catalogue_alike(conn, reads(&["tempier", "tourtine"]), 1)?;
            assert_eq!((found.wines.len(), found.wines[0].facts.name.as_str()), (1, "La Tourtine"));
            assert_eq!((found.wines[0].list.as_str(), found.all), ("B", 4));
            // Words are counted over all lists, those beside the name too.
            assert_eq!((found.words["tempier"], found.words["france"]), (2, 4));
            assert_eq!(catalogue_alike(conn, reads(&["tempier"]), 10)?.wines.len(), 2);
            assert!(catalogue_alike(conn, reads(&["france"]), 10)?.wines.is_empty(), "a country names no wine");
            catalogue_put(conn, "B", &second[1..], &anna(), now())?;
            assert_eq!(catalogue_lists(conn)?.iter().map(|list| list.wines).collect::<Vec<_>>(), [2, 1]);
            assert_eq!(catalogue_alike(conn, reads(&["tempier"]), 10)?.wines.len(), 1);
            assert!(matches!(catalogue_remove(conn, &list.id), Err(DbError::NotFound(_))), "it was replaced");
            for list in catalogue_lists(conn)? {
                catalogue_remove(conn, &list.id)?;
            }
            assert!(catalogue_alike(conn, reads(&["musar"]), 10)?.wines.is_empty());
            assert!(catalogue_put(conn, "", &first, &anna(), now()).is_err(), "a name is needed");
            Ok(())
        });
        done.unwrap_or_else(|error| panic!("{}: {error}", it.engine));
    });
}

#[test]
fn a_file_of_x_wines_becomes_wines() {
    let file = "WineID,WineName,Type,Grapes,ABV,Country,RegionName,WineryName\n\
        1,Origem Merlot,Red,['Merlot'],13.0,Brazil,Vale dos Vinhedos,Casa Valduga\n\
        2,Cerasuolo,Red,\"['Frappato', \"\"Nero d'Avola\"\"]\",13.5,Italy,Vittoria,Planeta\n\
        2,Cerasuolo,Red,,,Italy,Vittoria,PLANETA\n\
        3,Brut,Sparkling,,,Portugal,Bairrada,Luís Pato\n";
    let list = wines(file.as_bytes()).expect("wines");
    let words = |wine: &WineFacts| {
        let grapes: Vec<&str> = wine.grapes.iter().map(|grape| grape.name.as_str()).collect();
        format!("{} {} {} {} {:?}", wine.producer, wine.name, wine.country, grapes.join("+"), wine.abv_tenths)
    };
    assert_eq!(
        list.iter().map(words).collect::<Vec<_>>(),
        [
            "Casa Valduga Origem Merlot Brazil Merlot Some(130)",
            "Planeta Cerasuolo Italy Frappato+Nero d'Avola Some(135)",
            "Luís Pato Brut Portugal  None"
        ]
    );
    assert_eq!((list[2].style, list[2].colour), (Style::Sparkling, Colour::White));
}

#[test]
fn a_file_of_our_own_export_becomes_wines_without_their_bottles() {
    let file = "bottle_id,producer,wine,colour,style,grapes,abv_tenths,appellation,tags\n\
        a,'=Tempier,Bandol,red,still,\"Mourvèdre 80, Grenache 20\",140,Bandol,dear\n\
        b,'=Tempier,Bandol,red,still,,140,Bandol,\n";
    let list = wines(file.as_bytes()).expect("wines");
    assert_eq!(list.len(), 1, "two bottles of one wine");
    assert_eq!((list[0].producer.as_str(), list[0].appellation.as_str()), ("=Tempier", "Bandol"));
    assert_eq!((list[0].grapes[0].percent, list[0].abv_tenths, list[0].tags.len()), (Some(80), Some(140), 0));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_line_column_and_cure() {
    let x_wines = "WineName,Type,ABV,WineryName\n";
    let ours = "producer,wine,colour,style,abv_tenths\n";
    for (file, told) in [
        (format!("{x_wines}Merlot,Red,strong,P\n"), "line 2, column ABV: `strong` is no percentage"),
        (format!("{x_wines}Merlot,Red,130,P\n"), "write 13.5, or leave it empty"),
        (format!("{x_wines}Merlot,Red,,P\nX,Beer,,P\n"), "line 3, column Type: `Beer`"),
        (format!("{x_wines},Red,,P\n"), "line 2, column WineName: must not be empty"),
        (format!("{x_wines}X,Red,,\n"), "line 2, column WineryName: must not be empty"),
        (format!("{ours}P,N,crimson,,\n"), "line 2, column colour: `crimson` is not one of: red, white"),
        (format!("{ours}P,N,red,fizzy,\n"), "line 2, column style: `fizzy`"),
        (format!("{ours}P,N,red,still,13.5\n"), "line 2, column abv_tenths: `13.5` is no whole number"),
        (format!("{ours}P,,red,still,\n"), "line 2, column wine: must not be empty"),
        ("a,b\n1,2\n".to_owned(), "WineName, WineryName, Type"),
        (x_wines.to_owned(), "names no wine"),
        (String::new(), "is empty"),
    ] {
        let error = wines(file.as_bytes()).expect_err(&file).to_string();
        assert!(error.contains(told), "{file}: {error}");
    }
    let many: String = (0..30).map(|_| "Merlot,Red,strong,P\n").collect();
    let error = wines(format!("{x_wines}{many}").as_bytes()).expect_err("refused").to_string();
    assert!(error.contains("line 11") && !error.contains("line 12") && error.contains("and 20 more"), "{error}");
}
