// Every page there is, in one list: tests and pictures walk along it. A page of the kiosk comes alive; one of the desk is
// a document. `admin` says that the kiosk itself may not see it.

const live = (at) => ({ at, alive: true, admin: false });
const desk = (at) => ({ at, alive: false, admin: false });

/** The pages by name. Those of one thing make their address of what is known of the cellar. */
export const PAGES = {
    home: live("/"),
    rack: live("/rack"),
    "rack-photo": live("/rack?view=photo"),
    "rack-differences": live("/rack?view=differences"),
    bin: live(({ bin }) => `/bins/${bin}`),
    bottles: live("/bottles"),
    proposals: live("/proposals"),
    scans: desk("/scans"),
    archive: desk("/archive"),
    "archive-bin": desk(({ bin }) => `/archive?bin=${bin}`),
    several: desk("/several"),
    calibrate: desk("/calibrate"),
    // Once the furnished cellar has somebody with a PIN, the screen alone may not draw: these two are an admin's.
    "calibrate-rack": { at: ({ rack }) => `/calibrate/${rack}`, alive: false, admin: true },
    "calibrate-new": { at: "/calibrate/new", alive: false, admin: true },
    "calibrate-versions": desk(({ rack }) => `/calibrate/${rack}/versions`),
    "calibrate-shift": desk(({ rack }) => `/calibrate/${rack}/shift`),
    guests: desk("/guests"),
    "proposals-all": desk("/proposals/all"),
    stocktake: desk("/stocktake"),
    history: live("/history"),
    who: live("/who"),
    wine: live(({ wine }) => `/wines/${wine}`),
    scan: desk(({ scan }) => `/scans/${scan}`),
    bottle: desk(({ bottle }) => `/bottles/${bottle}`),
    label: desk("/label"),
    codes: desk("/codes"),
    "codes-unknown": desk("/codes?c=3760123456784&wanted=a"),
    "scan-code": desk("/scan-code"),
    "labels-print": desk("/labels/print"),
    catalogue: desk("/catalogue"),
    "wine-new": desk("/wines/new"),
    "wine-edit": desk(({ wine }) => `/wines/${wine}/edit`),
    "wine-receive": desk(({ wine }) => `/wines/${wine}/receive`),
    wishes: desk("/wishes"),
    numbers: desk("/numbers"),
    import: desk("/import"),
    help: desk("/help"),
    health: desk("/health"),
    device: desk("/device"),
    "sign-in": desk("/sign-in"),
    setup: desk("/setup"),
    account: { at: "/who", alive: true, admin: true },
    people: { at: "/people", alive: false, admin: true },
    tokens: { at: "/people/tokens", alive: false, admin: true },
};

/** The pages of a cellar, with their addresses. */
export async function pagesOf(cellar) {
    const bins = Object.values(await cellar.bins());
    const [{ bottle, wine_id: wine }] = (await cellar.get("/api/v1/bottles?limit=1")).items;
    const [scan] = (await cellar.get("/api/v1/scans?limit=1")).items;
    const [rack] = await cellar.get("/api/v1/racks");
    const known = { rack: rack.id, bin: (bins.find((b) => b.open_proposal) ?? bins.find((b) => b.qty > 1)).st_bin, wine, bottle: bottle.id, scan: scan.id };
    const addressed = ([name, page]) => [name, { ...page, at: typeof page.at === "function" ? page.at(known) : page.at }];
    return Object.fromEntries(Object.entries(PAGES).map(addressed));
}

const ADMIN = { name: "Anna", password: "three good words" };

/** Makes the cellar worth a look, once: a bin that differs, an admin, somebody with a PIN, a wish, a note. */
export function furnish(cellar) {
    cellar.furnished ??= fill(cellar);
    return cellar.furnished;
}

async function fill(cellar) {
    const bin = Object.values(await cellar.bins()).find((b) => b.qty > 1);
    await cellar.scanWithout({ [bin.st_bin]: 1 });
    const token = cellar.output.join("").match(/\/setup\?token=([0-9a-f]{64})/)[1];
    const made = await fetch(`${cellar.url}/setup`, { method: "POST", body: new URLSearchParams({ token, ...ADMIN }), redirect: "manual" });
    const cookie = made.headers.get("set-cookie");
    if (!cookie) throw new Error(`the first admin was not made: ${made.status} ${made.headers.get("location")}`);
    const headers = { "content-type": "application/json", cookie: cookie.split(";")[0] };
    const bert = await fetch(`${cellar.url}/api/v1/users`, { method: "POST", headers, body: JSON.stringify({ name: "Bert", role: "member", pin: "2580" }) });
    if (!bert.ok) throw new Error(`Bert: ${bert.status} ${await bert.text()}`);
    await cellar.post("/api/v1/wishes", { producer: "Egon M\u00fcller", name: "Scharzhofberger Auslese", priority: 1 });
    const [{ bottle }] = (await cellar.get("/api/v1/bottles?limit=1")).items;
    await cellar.post(`/api/v1/vintages/${bottle.vintage_id}/notes`, { tasted_on: "2026-11-24", body: "Leather, garrigue, long", rating: { hundredths: 1750, scale: 20 } });
}

/** Signs the browser in as that admin. */
export async function signIn(context, cellar) {
    const answer = await context.request.post(`${cellar.url}/api/v1/session`, { data: ADMIN });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
}

/** Opens a page of the list and waits until it is all there. */
export async function visit(page, { at, alive }) {
    const response = await page.goto(at, { waitUntil: "load" });
    if (response.status() !== 200) throw new Error(`${at}: ${response.status()}`);
    if (alive) await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
    return response;
}
