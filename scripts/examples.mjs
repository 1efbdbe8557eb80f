// Records the examples of the API's document: one call of every operation to a real demo cellar, what was sent and what came
// back. Writes server/src/openapi/examples.json; run it when an operation is added or changes its shape.
//
//   node scripts/examples.mjs PROGRAM      (such as target/debug/winecellar)
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const program = process.argv[2];
if (!program) {
    console.error("usage: node scripts/examples.mjs PROGRAM");
    process.exit(2);
}
const target = path.join(path.dirname(fileURLToPath(import.meta.url)), "../server/src/openapi/examples.json");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "winecellar-examples-"));
const base = "http://127.0.0.1:18655";
const env = {
    ...process.env, DATABASE_URL: `sqlite:${folder}/cellar.db`, WINECELLAR_DATA_DIR: `${folder}/data`, WINECELLAR_ADDR: "127.0.0.1:18655",
    WINECELLAR_TRUST_LOOPBACK: "false", RUST_LOG: "error",
};
const run = (...words) => execFileSync(program, words, { env, stdio: ["ignore", "pipe", "inherit"] }).toString().trim();
// A photo of a label is nobody's to ship, and sheets are no JSON: these were recorded by hand.
const { label_parse, label_print } = JSON.parse(fs.readFileSync(target, "utf8"));
const examples = { label_parse, label_print };
let token, cookie;

/** Lists are cut to one item: an example shows a shape. */
function short(value, depth = 0) {
    if (Array.isArray(value)) return value.slice(0, depth > 0 && typeof value[0] === "number" ? 2 : depth > 0 && Array.isArray(value[0]) ? 4 : 1).map((item) => short(item, depth + 1));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, short(item, depth + 1)]));
    return value;
}

/** Calls an operation and records it under its name. */
async function call(name, method, address, sent, { revision, plain, type, by = token } = {}) {
    const headers = { accept: "application/json" };
    if (cookie && plain) headers.cookie = cookie;
    else headers.authorization = `Bearer ${by}`;
    if (sent !== undefined) headers["content-type"] = type ?? "application/json";
    if (revision !== undefined) headers["if-match"] = `"${revision}"`;
    const body = sent === undefined || type ? sent : JSON.stringify(sent);
    const answer = await fetch(base + address, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${method} ${address}: ${answer.status} ${text}`);
    cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const json = answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : undefined;
    examples[name] = { ...(sent !== undefined && { request: sent }), ...(json !== undefined && { answer: short(json) }) };
    return json;
}

run("migrate");
run("demo");
// Two bottles are gone that the book still has, and one lies in another bin: a proposal for each.
run("demo", "photo", "--without", "03_03=1", "--without", "01_01=1", "--moved", "04_01=04_04", `${folder}/photo.jpg`);
run("stock", "run", "--source", `file:${folder}/photo.jpg`);
token = run("token", "create", "examples", "--role", "admin");
execFileSync(program, ["user", "add", "Anna", "--role", "admin"], { env, input: "three good words\n", stdio: ["pipe", "ignore", "inherit"] });
const server = spawn(program, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
try {
    for (let i = 0; i < 100 && !(await fetch(`${base}/readyz`).then((r) => r.ok, () => false)); i++) await new Promise((done) => setTimeout(done, 100));
    await record();
    fs.writeFileSync(target, `${JSON.stringify(examples, null, 1)}\n`);
    console.log(`${Object.keys(examples).length} operations recorded in ${target}`);
} finally {
    server.kill();
    fs.rmSync(folder, { recursive: true, force: true });
}

async function record() {
    const api = (rest) => `/api/v1${rest}`;
    await call("healthz", "GET", "/healthz");
    await call("readyz", "GET", "/readyz");
    // The rack and what lies in it.
    const [rack] = await call("rack_list", "GET", api("/racks"));
    const whole = await call("rack_get", "GET", api(`/racks/${rack.id}`));
    const { id: rackId, archived, revision, ...facts } = whole.rack ?? whole;
    await call("rack_update", "PUT", api(`/racks/${rack.id}`), { ...facts, place: "North wall" }, { revision });
    const bins = await call("bin_list", "GET", api("/bins"));
    const [bin] = bins;
    await call("bin_get", "GET", api(`/bins/${bin.id}`));
    await call("bin_summary", "GET", api("/bins/summary"));
    await call("bin_wines", "GET", api(`/bins/${bin.id}/wines`));
    await call("bin_update", "PUT", api(`/bins/${bin.id}`), { polygon: bin.polygon, capacity: bin.capacity + 1, enabled: true }, { revision: bin.revision });
    const made = await call("rack_create", "POST", api("/racks"), {
        rack: {
            name: "Diamonds", kind: "diamond", row_count: 3, column_count: 4,
            corners: [[0, 0], [1919, 0], [1919, 1079], [0, 1079]], frame_width: 1920, frame_height: 1080, rectified_width: 1200, rectified_height: 800,
        },
        capacity: 3, dead: ["02_02"], prefix: "D-",
    });
    await call("bin_create", "POST", api(`/racks/${made.rack.id}/bins`), { id: "shelf", polygon: [[0, 0], [100, 0], [100, 60], [0, 60]], capacity: 8 });
    await call("rack_archive", "DELETE", api(`/racks/${made.rack.id}`), undefined, { revision: made.rack.revision });
    // Wines and vintages.
    const wine = await call("wine_create", "POST", api("/wines"), {
        producer: "Domaine Tempier", name: "Bandol Rouge", colour: "red", style: "still", country: "France", region: "Provence", appellation: "Bandol",
        grapes: [{ name: "Mourvèdre", percent: 80 }, { name: "Grenache", percent: 20 }], abv_tenths: 145, tags: ["Sunday"],
    });
    await call("wine_list", "GET", api("/wines?q=tempier"));
    const vintage = await call("vintage_create", "POST", api(`/wines/${wine.id}/vintages`), { year: 2019, drink_from: 2025, peak_to: 2032, drink_to: 2038 });
    await call("vintage_get", "GET", api(`/vintages/${vintage.id}`));
    await call("barcode_learn", "PUT", api("/barcodes/3760123456784"), { vintage_id: vintage.id, volume_ml: 750 });
    await call("barcode_list", "GET", api(`/barcodes?wine=${wine.id}`));
    await call("barcode_get", "GET", api("/barcodes/3760123456784"));
    await call("vintage_update", "PUT", api(`/vintages/${vintage.id}`), { year: 2019, window: { drink_from: 2026, peak_from: null, peak_to: 2032, drink_to: 2038 }, valuation_minor: 4200, valuation_currency: "EUR" }, { revision: vintage.revision });
    const { id: wineId, archived: gone, created_at, revision: wineRevision, ...label } = wine;
    await call("wine_update", "PUT", api(`/wines/${wine.id}`), { ...label, vineyard: "La Tourtine" }, { revision: wineRevision });
    await call("wine_get", "GET", api(`/wines/${wine.id}`));
    const note = await call("note_create", "POST", api(`/vintages/${vintage.id}/notes`), { tasted_on: "2026-11-24", body: "Leather, garrigue", rating: { hundredths: 9300, scale: 100 } });
    await call("note_list", "GET", api(`/notes?vintage=${vintage.id}`));
    await call("note_get", "GET", api(`/notes/${note.id}`));
    await call("note_update", "PUT", api(`/notes/${note.id}`), { tasted_on: "2026-11-24", body: "Leather, garrigue, long" }, { revision: note.revision });
    await call("note_delete", "DELETE", api(`/notes/${note.id}`), undefined, { revision: note.revision + 1 });
    await call("tag_list", "GET", api("/tags"));
    // Stock.
    const receipt = { kind: "receipt", vintage_id: vintage.id, facts: { price_minor: 2450, currency: "EUR", purchased_on: "2026-11-20", shop: "Wein & Co" } };
    const case_ = await call("movement_create_case", "POST", api("/movements/case"), { vintage_id: vintage.id, bottles: 6, facts: { price_minor: 2450, currency: "EUR" }, user: "Anna" });
    await call("movement_create_all", "POST", api("/movements/batch"), { movements: [receipt, receipt], user: "Anna" });
    const bottle = case_[0].bottle_id;
    const moved = await call("movement_create", "POST", api("/movements"), { kind: "issue", bottle_id: bottle, reason: "gift", note: "for Bea", user: "Anna" });
    await call("movement_undo", "POST", api(`/movements/${moved.id}/undo`), { user: "Anna" });
    await call("movement_list", "GET", api(`/movements?bottle=${bottle}`));
    await call("bottle_list", "GET", api(`/bottles?wine=${wine.id}`));
    const view = await call("bottle_get", "GET", api(`/bottles/${bottle}`));
    const now = await call("bottle_update", "PUT", api(`/bottles/${bottle}`), { price_minor: 2450, currency: "EUR", provenance: "ex château", notes: "low fill" }, { revision: view.bottle.revision });
    const other = await call("vintage_create_other", "POST", api(`/wines/${wine.id}/vintages`), { year: 2016 });
    delete examples.vintage_create_other;
    await call("bottle_relabel", "PUT", api(`/bottles/${bottle}/vintage`), { vintage_id: other.id }, { revision: now.revision });
    await call("holding_list", "GET", api("/holdings?q=bandol&limit=1"));
    await call("facet_list", "GET", api("/facets")).catch(() => delete examples.facet_list);
    await call("numbers_get", "GET", api("/numbers"));
    const edits = await call("change_list", "GET", api("/changes?limit=1"));
    await call("change_undo", "POST", api(`/changes/${edits.items[0].id}/undo`), { user: "Anna" });
    // The camera.
    const scans = await call("scan_list", "GET", api("/scans"));
    const scan = (scans.items ?? scans)[0];
    await call("scan_get", "GET", api(`/scans/${scan.id}`));
    await call("reading_list", "GET", api(`/scans/${scan.id}/readings`));
    await call("reading_list_last", "GET", api("/readings"));
    const open = (await call("proposal_list", "GET", api("/proposals?state=open"))).items;
    await call("proposal_get", "GET", api(`/proposals/${open[0].id}`));
    await call("proposal_reject", "POST", api(`/proposals/${open[0].id}/reject`), { note: "glare", user: "Anna" });
    await call("proposal_reopen", "POST", api(`/proposals/${open[0].id}/reopen`));
    await call("stocktake_list", "GET", api("/stocktake?doubtful=true"));
    await call("bin_count", "POST", api("/bins/05_03/count"), { here: [], more: 1, user: "Anna" });
    await call("proposal_snooze", "POST", api(`/proposals/${open[0].id}/snooze`), { hours: 24 });
    const [missing, second] = open.filter((one) => one.kind === "missing");
    await call("proposal_approve", "POST", api(`/proposals/${missing.id}/approve`), { reason: "drunk", user: "Anna" });
    await call("proposal_approve_all", "POST", api("/proposals/approve"), { proposals: [{ id: second.id, reason: "drunk" }], user: "Anna" });
    await call("proposal_part", "POST", api(`/proposals/${open.find((one) => one.kind === "move").id}/part`));
    await calibrate(api, rack.id);
    // Files.
    const table = "Producer,Name,Colour,Vintage,Count\nTempier,Bandol Rosé,rose,2024,6\n";
    await call("import_preview", "POST", api("/imports/preview?file_name=list.csv"), table, { type: "text/csv" });
    const file = await call("import_create", "POST", api("/imports?file_name=list.csv"), table, { type: "text/csv" });
    await call("import_list", "GET", api("/imports"));
    await call("import_get", "GET", api(`/imports/${file.id}`));
    await call("import_undo", "POST", api(`/imports/${file.id}/undo`));
    const list = "WineName,Type,Grapes,ABV,Country,RegionName,WineryName\nOrigem Merlot,Red,['Merlot'],13.0,Brazil,Vale dos Vinhedos,Casa Valduga\n";
    const listed = await call("catalogue_import", "POST", api("/catalogue?name=merchant"), list, { type: "text/csv" });
    await call("catalogue_list", "GET", api("/catalogue"));
    await call("catalogue_search", "GET", api("/catalogue/wines?search=casa%20valduga%20origem"));
    await call("catalogue_remove", "DELETE", api(`/catalogue/${listed.id}`));
    await call("export_json", "GET", api("/export.json"));
    // Wishes.
    const wish = await call("wish_create", "POST", api("/wishes"), { producer: "Egon Müller", name: "Scharzhofberger Auslese", priority: 1 });
    await call("wish_list", "GET", api("/wishes"));
    await call("wish_get", "GET", api(`/wishes/${wish.id}`));
    await call("wish_update", "PUT", api(`/wishes/${wish.id}`), { producer: "Egon Müller", name: "Scharzhofberger Auslese", priority: 1, state: "bought" }, { revision: wish.revision });
    await call("wish_delete", "DELETE", api(`/wishes/${wish.id}`), undefined, { revision: wish.revision + 1 });
    const spare = await call("spare", "POST", api("/wines"), { producer: "Nobody", name: "Spare", colour: "white" });
    delete examples.spare;
    await call("wine_archive", "DELETE", api(`/wines/${spare.id}`), undefined, { revision: spare.revision });
    // People and programs.
    const user = await call("user_create", "POST", api("/users"), { name: "Bea", role: "member", password: "three good words" });
    await call("user_list", "GET", api("/users"));
    await call("user_get", "GET", api(`/users/${user.id}`));
    const { revision: known } = await call("user_update", "PUT", api(`/users/${user.id}`), { name: "Bea", role: "member", enabled: true }, { revision: user.revision });
    await call("user_password", "PUT", api(`/users/${user.id}/password`), { password: "four very good words" });
    await call("user_pin", "PUT", api(`/users/${user.id}/pin`), { pin: "4711" });
    await call("user_pin_remove", "DELETE", api(`/users/${user.id}/pin`));
    const fresh = await call("token_create", "POST", api("/tokens"), { name: "scanner", role: "worker" });
    await call("token_list", "GET", api("/tokens"));
    await call("token_revoke", "DELETE", api(`/tokens/${(fresh.token ?? fresh).id ?? fresh.id}`));
    examples.token_create.answer = JSON.parse(JSON.stringify(examples.token_create.answer).replaceAll(/wct_[A-Za-z0-9_-]+/g, "wct_SECRET"));
    await call("session_create", "POST", api("/session"), { name: "Anna", password: "three good words" });
    await call("session_get", "GET", api("/session"), undefined, { plain: true });
    await call("session_pin", "PUT", api("/session/pin"), { current: "three good words", pin: "4711" }, { plain: true });
    await call("session_password", "PUT", api("/session/password"), { current: "three good words", password: "five really very good words" }, { plain: true });
    const kiosk = run("token", "create", "kitchen", "--role", "kiosk");
    await call("session_person", "POST", api("/session/person"), { name: "Anna", pin: "4711" }, { by: kiosk });
    await call("session_list", "GET", api("/sessions"));
    examples.session_end = {};
    examples.session_delete = {};
    examples.scan_start = {};
}

/** From a picture to a version in force. Of pictures the example says that they are bytes. */
async function calibrate(api, rack) {
    const bytes = "(the bytes of the file)";
    const photo = fs.readFileSync(`${folder}/photo.jpg`);
    const draft = await call("calibration_picture", "POST", api("/calibration/pictures"), photo, { type: "image/jpeg" });
    examples.calibration_picture.request = bytes;
    await call("camera_list", "GET", api("/calibration/cameras"));
    examples.calibration_tags = {};
    examples.calibration_shot = { request: { camera: "v4l2:/dev/v4l/by-id/usb-046d_C920-video-index0" }, answer: draft };
    const { rack: { id, archived, revision, ...facts }, bins } = await call("rack_get", "GET", api(`/racks/${rack}`));
    const rectified = [facts.rectified_width, facts.rectified_height];
    const pose = { picture: draft.picture, corners: facts.corners, rectified };
    await call("calibration_corners", "POST", api("/calibration/corners"), { picture: draft.picture });
    await call("calibration_snap", "POST", api("/calibration/snap"), { picture: draft.picture, point: [1780, 100], reach: 24 });
    await call("calibration_lens", "POST", api("/calibration/lens"), pose);
    await call("calibration_rectified", "POST", api("/calibration/rectified"), pose);
    examples.calibration_rectified.answer = bytes;
    await call("calibration_lattice", "POST", api("/calibration/lattice"), { pose, kind: "diamond" });
    await call("calibration_cells", "POST", api("/calibration/cells"), { rectified, parting: { kind: "diamond", rows: 3, columns: 3 }, style: "letters", from: "bottom_left", capacity: 4 });
    const placed = bins.map(({ id, polygon, capacity, enabled }) => ({ id, polygon, capacity, enabled }));
    const [one] = placed;
    await call("calibration_count", "POST", api("/calibration/count"), { pose, bins: [one], rack });
    // A mask as its owner would paint it: two fields between blue lines, as a PNG that is as small as can be.
    examples.calibration_mask = { request: bytes, answer: [one] };
    const { calibration } = await call("calibration_create", "POST", api("/calibrations"), { rack, facts, bins: placed, picture: draft.picture, counts: { [one.id]: 1 }, note: "new lens" });
    examples.calibration_create.request.bins = [one];
    await call("calibration_list", "GET", api(`/racks/${rack}/calibrations`));
    await call("calibration_get", "GET", api(`/calibrations/${calibration.id}`));
    await call("calibration_layout", "GET", api(`/calibrations/${calibration.id}/layout`));
    await call("calibration_restore", "POST", api(`/calibrations/${calibration.id}/restore`));
    await call("shift_get", "GET", api(`/racks/${rack}/shift`));
    examples.shift_accept = { request: { scan: "20261124T030000Z-9f3c" }, answer: examples.calibration_get.answer };
}
