//! Who may do what: every route as nobody, kiosk, member, worker and admin, and the ways in.

use std::{io::Write, process::Stdio};

use models::db::{Db, sessions, tokens, users};
use reqwest::{
    Method,
    blocking::{Client, RequestBuilder, Response},
    redirect::Policy,
};
use serde_json::{Value, json};

use crate::cellar::{Cellar, Served, body};

const STRICT: &[(&str, &str)] = &[("WINECELLAR_TRUST_LOOPBACK", "false")];
const PASSWORD: &str = "three good words";

/// A client that follows nothing and remembers nothing.
fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("client")
}

fn send(request: RequestBuilder) -> Response {
    request.send().expect("an answer")
}

/// A browser's form.
fn form(served: &Served, path: &str, fields: &str) -> RequestBuilder {
    let request = client().post(format!("{}{path}", served.base)).header("accept", "text/html");
    request.header("content-type", "application/x-www-form-urlencoded").body(fields.to_owned())
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
}

/// `name=secret` of the cookie that was set.
fn cookie(answer: &Response) -> String {
    header(answer, "set-cookie").split(';').next().unwrap_or_default().to_owned()
}

fn add_person(cellar: &Cellar, name: &str, role: &str) {
    let mut child = cellar
        .command(&["user", "add", name, "--role", role])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("stdin").write_all(format!("{PASSWORD}\n").as_bytes()).expect("password");
    assert!(child.wait().expect("end").success());
}

fn sign_in(served: &Served, name: &str, password: &str) -> Response {
    served.post("/api/v1/session", &json!({"name": name, "password": password}))
}

fn token(cellar: &Cellar, role: &str) -> String {
    cellar.ok(&["token", "create", role, "--role", role]).trim().to_owned()
}

#[test]
fn every_route_admits_whom_the_table_says() {
    let cellar = Cellar::empty();
    let served = cellar.serve_with(STRICT);
    let routes: Vec<Value> = serde_json::from_str(&cellar.ok(&["routes", "--json"])).expect("JSON");
    let named = |method: &str, path: &str| routes.iter().any(|r| r["method"] == method && r["path"] == path);

    let admin = token(&cellar, "admin");
    let openapi = body(send(served.get("/openapi.json").bearer_auth(&admin)));
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            assert!(named(&method.to_uppercase(), path), "{method} {path} is documented and not walked");
        }
    }
    for (method, path) in [("GET", "/"), ("GET", "/_fn/get_home"), ("POST", "/_fn/take_bottle"), ("GET", "/events")] {
        assert!(named(method, path), "{method} {path} is not walked");
    }

    let mut somebody = vec![("nobody", None)];
    for role in ["kiosk", "member", "admin", "worker"] {
        somebody.push((role, Some(token(&cellar, role))));
    }
    let client = client();
    let mut wrong = Vec::new();
    for route in &routes {
        let (method, path) = (route["method"].as_str().expect("method"), route["path"].as_str().expect("path"));
        if route["in_table"] != true {
            wrong.push(format!("{method} {path} has no line in server/src/access/table.rs"));
            continue;
        }
        let parts: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let address = format!("{}{}", served.base, parts.join("/"));
        for (role, token) in &somebody {
            let mut request = client.request(Method::from_bytes(method.as_bytes()).expect("method"), &address);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let status = send(request).status().as_u16();
            let may = route["who"].as_array().expect("who").iter().any(|one| one == role);
            let refusal = if *role == "nobody" { 401 } else { 403 };
            if may == [401, 403].contains(&status) || (!may && status != refusal) {
                wrong.push(format!("{method} {path} as {role}: {status}, and the table says {may}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(routes.len() > 80, "only {} routes", routes.len());
}

#[test]
fn what_nobody_may_is_told_to_programs_and_shown_to_people() {
    let cellar = Cellar::empty();
    let served = cellar.serve_with(STRICT);
    let told = send(client().get(format!("{}/api/v1/bins/summary", served.base)));
    assert_eq!(told.status(), 401);
    assert!(header(&told, "www-authenticate").starts_with("Bearer"));
    assert_eq!(header(&told, "content-type"), "application/problem+json");
    let shown = send(client().get(format!("{}/bins/A?x=1", served.base)).header("accept", "text/html"));
    assert_eq!((shown.status().as_u16(), header(&shown, "location").as_str()), (303, "/sign-in?next=/bins/A%3Fx%3D1"));
    for path in ["/nowhere", "/api/v1/nowhere", "/.git/config"] {
        assert_eq!(send(client().get(format!("{}{path}", served.base))).status(), 401, "{path}");
    }
    let bad = send(served.get("/api/v1/bins").bearer_auth(format!("wct_{}", "0".repeat(64))));
    assert_eq!(bad.status(), 401);
    let page = send(served.get("/sign-in").header("accept", "text/html"));
    assert_eq!(page.status(), 200);
    let html = page.text().expect("text");
    assert!(html.contains("type=\"password\"") && !html.contains("onclick="), "{html}");
}

#[test]
fn the_screen_is_trusted_only_when_it_is_the_screen() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    assert_eq!(served.json("/api/v1/session")["role"], "kiosk");
    for (name, value) in [("x-forwarded-for", "10.0.0.9"), ("forwarded", "for=10.0.0.9"), ("host", "evil.example:8000")]
    {
        let answer = send(served.get("/api/v1/bins").header(name, value));
        assert_eq!(answer.status(), 401, "{name}");
    }
    assert_eq!(send(served.get("/api/v1/users")).status(), 403);
    let people = send(client().get(format!("{}/people", served.base)).header("accept", "text/html"));
    assert_eq!(header(&people, "location"), "/sign-in?next=/people&refused=rights");
    let answer = send(served.get("/api/v1/bins"));
    assert_eq!(header(&answer, "cache-control"), "no-store");
    for name in ["permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"] {
        assert!(answer.headers().contains_key(name), "{name}");
    }
}

#[test]
fn the_link_of_the_first_start_makes_one_admin() {
    let cellar = Cellar::empty();
    let served = cellar.serve_with(STRICT);
    let log = served.logged("/setup?token=");
    let token = log.split("/setup?token=").nth(1).expect("a link in the log").get(..64).expect("64 digits").to_owned();
    let page = served.get(&format!("/setup?token={token}")).send().expect("answer");
    assert!(page.text().expect("text").contains("The first admin"));
    let make = |name: &str, password: &str| {
        send(form(&served, "/setup", &format!("token={token}&name={name}&password={password}")))
    };
    let weak = make("Anna", "short");
    assert!(header(&weak, "location").ends_with("refused=password"), "{weak:?}");
    let made = make("Anna", "three+good+words");
    assert_eq!((made.status().as_u16(), header(&made, "location").as_str()), (303, "/people"));
    let set = header(&made, "set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
    let people = send(served.get("/people").header("cookie", cookie(&made)).header("accept", "text/html"));
    assert!(people.text().expect("text").contains("Anna"));
    let again = make("Mallory", "three+good+words");
    assert!(header(&again, "location").ends_with("refused=rule") && cookie(&again).is_empty(), "{again:?}");
    drop(served);
    assert!(!cellar.serve_with(STRICT).log().contains("/setup?token="), "there is an admin: no new link");
}

#[test]
fn guessing_is_slowed() {
    let cellar = Cellar::empty();
    add_person(&cellar, "Anna", "member");
    let served = cellar.serve_with(STRICT);
    for n in 0..5 {
        let name = if n % 2 == 0 { "Anna" } else { "nobody of that name" };
        let answer = sign_in(&served, name, "wrong password");
        assert_eq!(answer.status(), 401);
        assert!(body(answer)["detail"].as_str().is_some_and(|told| told == "name or password is wrong"));
    }
    let slowed = sign_in(&served, "Anna", PASSWORD);
    assert_eq!(slowed.status(), 429, "from this address even the right one has to wait");
    assert!(header(&slowed, "retry-after").parse::<u32>().is_ok_and(|wait| (1..=5).contains(&wait)));
    let shown = send(form(&served, "/sign-in", "name=Anna&password=x"));
    assert!(header(&shown, "location").contains("refused=slow&wait="), "{shown:?}");
}

#[test]
fn a_stolen_database_opens_nothing() {
    let cellar = Cellar::empty();
    add_person(&cellar, "Anna", "admin");
    let served = cellar.serve_with(STRICT);
    let entered = sign_in(&served, "anna", PASSWORD);
    assert_eq!(entered.status(), 201);
    let secret = cookie(&entered);
    let made = token(&cellar, "admin");
    let users = |cookie: &str| send(served.get("/api/v1/users").header("cookie", cookie)).status().as_u16();
    assert_eq!(users(&secret), 200);

    let db = Db::open(&cellar.url()).expect("database");
    let now = chrono::DateTime::UNIX_EPOCH.naive_utc();
    let (session, kept) = db
        .read(|conn| Ok::<_, models::db::DbError>((sessions::session_list(conn, now)?, tokens::token_list(conn)?)))
        .expect("rows");
    let anna = db.read(|conn| users::user_secrets(conn, "Anna")).expect("row").expect("Anna");
    assert!(!secret.contains(&session[0].id));
    assert_eq!(users(&format!("wc_session={}", session[0].id)), 401);
    assert!(!format!("{kept:?}").contains(&made[4..]), "the token is nowhere kept");
    let hash = anna.password_hash.expect("hash");
    assert!(hash.starts_with("$argon2id$"));
    assert_eq!(sign_in(&served, "Anna", &hash).status(), 401);
}

#[test]
fn whoever_is_shut_out_is_out_at_once() {
    let cellar = Cellar::empty();
    add_person(&cellar, "Anna", "member");
    let served = cellar.serve_with(STRICT);
    let asks = |cookie: &str| send(served.get("/api/v1/bins").header("cookie", cookie)).status().as_u16();
    let first = cookie(&sign_in(&served, "Anna", PASSWORD));
    assert_eq!(asks(&first), 200);
    let left = send(client().delete(format!("{}/api/v1/session", served.base)).header("cookie", first.clone()));
    assert_eq!(left.status(), 204);
    assert_eq!(asks(&first), 401);
    let second = cookie(&sign_in(&served, "Anna", PASSWORD));
    cellar.ok(&["user", "disable", "Anna"]);
    assert_eq!(asks(&second), 401);
    assert_eq!(sign_in(&served, "Anna", PASSWORD).status(), 401);
    let program = token(&cellar, "member");
    let asks = || send(served.get("/api/v1/bins").bearer_auth(&program)).status().as_u16();
    assert_eq!(asks(), 200);
    let id = cellar.ok(&["token", "list"]).split_whitespace().next().expect("id").to_owned();
    cellar.ok(&["token", "revoke", &id]);
    assert_eq!(asks(), 401);
    let narrow = cellar.ok(&["token", "create", "reader", "--role", "member", "--scopes", "read"]);
    let write = |token: &str| {
        let request = client().post(format!("{}/api/v1/wines", served.base)).bearer_auth(token.trim());
        send(request.header("content-type", "application/json").body("{}")).status().as_u16()
    };
    assert_eq!(write(&narrow), 403);
}

#[test]
fn signing_in_leads_to_no_other_site() {
    let cellar = Cellar::empty();
    add_person(&cellar, "Anna", "member");
    let served = cellar.serve_with(STRICT);
    for (next, place) in [("//evil.example", "/"), ("https%3A%2F%2Fevil.example", "/"), ("/bins/A", "/bins/A")] {
        let answer = send(form(&served, "/sign-in", &format!("name=Anna&password=three+good+words&next={next}")));
        assert_eq!(header(&answer, "location"), place, "{next}");
    }
    let forged =
        form(&served, "/sign-in", "name=Anna&password=three+good+words").header("origin", "http://evil.example");
    assert_eq!(send(forged).status(), 403, "another site's page cannot sign somebody in");
}

#[test]
fn a_pin_at_the_kiosk_names_the_person() {
    let cellar = Cellar::demo();
    let served = cellar.serve();
    let admin = token(&cellar, "admin");
    let new = json!({"name": "Anna", "role": "admin", "pin": "2580"});
    let made = client().post(format!("{}/api/v1/users", served.base)).bearer_auth(&admin);
    let made = send(made.header("content-type", "application/json").body(new.to_string()));
    assert_eq!(made.status(), 201);
    let wrong = send(form(&served, "/who", "name=Anna&pin=1111"));
    assert!(header(&wrong, "location").starts_with("/who?name=Anna"), "{wrong:?}");
    let named = send(form(&served, "/who", "name=Anna&pin=2580&next=/rack"));
    assert_eq!(header(&named, "location"), "/rack");
    let anna = cookie(&named);
    let me = body(send(served.get("/api/v1/session").header("cookie", anna.clone())));
    assert_eq!((me["name"].as_str(), me["role"].as_str()), (Some("Anna"), Some("kiosk")), "a PIN makes no admin");

    let bottle =
        served.json("/api/v1/bottles?status=in_cellar")["items"][0]["bottle"]["id"].as_str().expect("id").to_owned();
    let take =
        form(&served, "/_fn/take_bottle", &format!("bottle={bottle}&reason=drunk")).header("cookie", anna.clone());
    assert!(send(take).status().as_u16() < 400);
    let movement = &served.json("/api/v1/movements")["items"][0];
    assert_eq!((movement["actor"].as_str(), movement["source"].as_str()), (Some("Anna"), Some("kiosk")));

    let other = client().post(format!("{}/api/v1/movements", served.base)).header("cookie", anna.clone());
    let other = other.header("content-type", "application/json");
    let other = send(other.body(json!({"kind": "move", "bottle_id": bottle, "bin": null, "user": "Bert"}).to_string()));
    assert_eq!(other.status(), 422, "who has given a name acts under it");
    // An act whose answer got lost is sent again when Anna's PIN has ended: it is the screen's, and done once.
    let next =
        served.json("/api/v1/bottles?status=in_cellar")["items"][0]["bottle"]["id"].as_str().expect("id").to_owned();
    let act = || {
        let act = client().post(format!("{}/_fn/take_bottle", served.base)).header("idempotency-key", "key-1");
        let act = act.header("accept", "application/json").header("content-type", "application/x-www-form-urlencoded");
        act.body(format!("bottle={next}&reason=gift"))
    };
    let first = send(act().header("cookie", anna.clone()));
    assert_eq!((first.status().as_u16(), header(&first, "idempotency-replayed").as_str()), (200, ""));
    let left = send(form(&served, "/sign-out", "").header("cookie", anna.clone()));
    assert_eq!(left.status(), 303);
    let me = body(send(served.get("/api/v1/session").header("cookie", anna.clone())));
    assert_eq!(me["user"], Value::Null);
    let again = send(act().header("cookie", anna));
    assert_eq!((again.status().as_u16(), header(&again, "idempotency-replayed").as_str()), (200, "true"));
    assert_eq!(body(again), body(first));
    let journal = served.json(&format!("/api/v1/movements?bottle={next}"));
    assert_eq!((journal["items"].as_array().map(Vec::len), &journal["items"][0]["actor"]), (Some(2), &json!("Anna")));
}

#[test]
fn a_token_made_on_the_page_is_shown_once() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let admin = token(&cellar, "admin");
    let made = send(form(&served, "/people/tokens", "name=scanner&role=worker&scopes=&days=30").bearer_auth(&admin));
    assert_eq!((made.status().as_u16(), header(&made, "cache-control").as_str()), (200, "no-store"));
    let html = made.text().expect("text");
    let shown = html.split("wct_").nth(1).and_then(|rest| rest.get(..64)).expect("the token on the page").to_owned();
    let scanner = format!("wct_{shown}");
    assert_eq!(send(served.get("/api/v1/bins").bearer_auth(&scanner)).status(), 200);
    assert_eq!(send(served.get("/api/v1/wines").bearer_auth(&scanner)).status(), 403);
    let page = send(served.get("/people").bearer_auth(&admin).header("accept", "text/html")).text().expect("text");
    assert!(page.contains("scanner") && !page.contains(&shown));
}

#[test]
fn a_person_changes_the_own_password_and_pin() {
    const NEW: &str = "four other good words";
    let cellar = Cellar::empty();
    add_person(&cellar, "Anna", "member");
    let served = cellar.serve_with(STRICT);
    let (here, elsewhere) = (cookie(&sign_in(&served, "Anna", PASSWORD)), cookie(&sign_in(&served, "Anna", PASSWORD)));
    let put = |what: &str, who: &str, json: Value| {
        let request = client().put(format!("{}/api/v1/session/{what}", served.base)).header("cookie", who);
        send(request.header("content-type", "application/json").body(json.to_string()))
    };
    let known = |cookie: &str| send(served.get("/api/v1/bins").header("cookie", cookie)).status() == 200;
    for (current, new, field) in [("wrong words", NEW, "current"), (PASSWORD, "short", "password")] {
        let refused = put("password", &here, json!({"current": current, "password": new}));
        assert_eq!(refused.status(), 422);
        assert_eq!(body(refused)["field"], field);
    }
    let changed = put("password", &here, json!({"current": PASSWORD, "password": NEW}));
    assert_eq!(changed.status(), 204);
    let anew = cookie(&changed);
    assert!(known(&anew) && !known(&here) && !known(&elsewhere), "signed in here, by a new cookie, and nowhere else");
    assert_eq!(sign_in(&served, "Anna", PASSWORD).status(), 401);
    assert_eq!(sign_in(&served, "Anna", NEW).status(), 201);

    assert_eq!(put("pin", &anew, json!({"current": NEW, "pin": "12"})).status(), 422);
    assert_eq!(put("pin", &anew, json!({"current": NEW, "pin": "2580"})).status(), 204);
    let program = token(&cellar, "member");
    let by_program = client().put(format!("{}/api/v1/session/pin", served.base)).bearer_auth(program);
    let by_program = by_program.header("content-type", "application/json");
    assert_eq!(send(by_program.body(json!({"current": NEW, "pin": "1111"}).to_string())).status(), 403);

    let page = send(served.get("/who").header("cookie", anew.clone())).text().expect("text");
    assert!(page.contains("action=\"/who/password\"") && page.contains("action=\"/who/pin\""), "{page}");
    let forms = |path: &str, fields: &str, who: &str| send(form(&served, path, fields).header("cookie", who));
    let back = forms("/who/password", "current=wrong&secret=three+good+words", &anew);
    assert_eq!(header(&back, "location"), "/who?refused=current");
    let done = forms("/who/password", "current=four+other+good+words&secret=three+good+words", &anew);
    assert_eq!(header(&done, "location"), "/who?done=password");
    let done = forms("/who/pin", "current=three+good+words&secret=", &cookie(&done));
    assert_eq!(header(&done, "location"), "/who?done=pin");
}

#[test]
fn edits_of_people_and_racks_are_taken_back_only_by_those_who_may_make_them() {
    let cellar = Cellar::empty();
    let served = cellar.serve();
    let admin = token(&cellar, "admin");
    let as_admin =
        |request: RequestBuilder| send(request.bearer_auth(&admin).header("content-type", "application/json"));
    let post =
        |path: &str, json: Value| as_admin(client().post(format!("{}{path}", served.base)).body(json.to_string()));
    assert_eq!(post("/api/v1/users", json!({"name": "Bert", "role": "member", "pin": "2580"})).status(), 201);
    assert_eq!(
        post(
            "/api/v1/racks",
            json!({"rack": {
                "name": "Shelf", "kind": "shelf", "corners": [[0, 0], [100, 0], [100, 100], [0, 100]],
                "frame_width": 100, "frame_height": 100, "rectified_width": 100, "rectified_height": 100
            }})
        )
        .status(),
        201
    );
    let list = |path: &str| body(as_admin(client().get(format!("{}{path}", served.base))))["items"].clone();
    let edit = |entity: &str| {
        let all = list("/api/v1/changes");
        all.as_array().expect("list").iter().find(|edit| edit["entity"] == entity).expect("an edit")["id"].clone()
    };
    let seen = served.json("/api/v1/changes")["items"].to_string();
    assert!(!seen.contains("Bert") && seen.contains("rack"), "the kiosk sees no people: {seen}");
    assert_eq!(send(served.get("/api/v1/changes?entity=user&id=x")).status(), 403);
    for entity in ["rack", "user"] {
        let id = edit(entity).as_str().expect("id").to_owned();
        let refused = served.post(&format!("/api/v1/changes/{id}/undo"), &json!({}));
        assert_eq!(refused.status(), 403, "the kiosk may not undo a {entity}");
        let tap = send(form(&served, "/_fn/undo_change", &format!("change={id}")));
        assert_eq!(header(&tap, "serverfnerror"), "/_fn/undo_change", "{entity}: {tap:?}");
        assert_eq!(post(&format!("/api/v1/changes/{id}/undo"), json!({})).status(), 201);
    }
    let names = as_admin(client().get(format!("{}/api/v1/users", served.base)));
    assert_eq!(body(names), json!([]), "Bert was never here");
}
