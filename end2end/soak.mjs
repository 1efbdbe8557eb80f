// A kiosk that stays open while the cellar lives: 2,000 movements over the API, each told to the page by the line of live
// events. Prints how the memory grew; ends with code 1 when it grew by 5 MB or the console complained.
//
//   WINECELLAR_BIN, WINECELLAR_SITE    as for run.mjs
//   node soak.mjs [MINUTES]            default 30
//
// In the first and the last third somebody goes from page to page by touch; in the second nobody does, so that the screen
// dims and follows the cellar in that state.
import { KIOSK, launch, open } from "./lib/browser.mjs";
import { Cellar } from "./lib/cellar.mjs";
import { visit } from "./lib/pages.mjs";

const minutes = Number(process.argv[2] ?? 30);
if (!(minutes > 0)) {
    console.error("usage: node soak.mjs [MINUTES]");
    process.exit(2);
}
const MOVEMENTS = 2000;
/** What the app and the browser fill once (compiled code, caches of pages) is there after so many. */
const WARM = 100;
const MOST_MB = 5;
const PLACES = ["/rack", "/bottles", "/history", "/proposals", "/"];
const mb = (bytes) => (bytes / 1e6).toFixed(2);

const cellar = new Cellar();
const browser = await launch();
let failed;
try {
    await cellar.make();
    failed = await soak();
} finally {
    await browser.close();
    await cellar.remove();
}
process.exit(failed ? 1 : 0);

async function soak() {
    const { context, page, errors } = await open(browser, cellar.url, { size: KIOSK });
    // What is measured here is memory: a machine that is busy besides may be slow.
    context.setDefaultTimeout(60000);
    const inside = await context.newCDPSession(page);
    await page.addInitScript(() => {
        window.told = 0;
        // The app's own memory counts as none of the script heap.
        for (const name of ["instantiateStreaming", "instantiate"]) {
            const real = WebAssembly[name];
            WebAssembly[name] = async (...given) => {
                const made = await real(...given);
                window.wasm = (made.instance ?? made).exports.memory;
                return made;
            };
        }
        addEventListener("winecellar-live", (event) => { if (event.detail === "change") window.told += 1; });
    });
    await visit(page, { at: "/", alive: true });
    const [{ bottle }] = (await cellar.get("/api/v1/bottles?limit=1")).items;
    const free = Object.values(await cellar.bins()).filter((bin) => bin.qty < bin.capacity && bin.st_bin !== bottle.bin);
    const bins = free.slice(0, 4).map((bin) => bin.st_bin);
    const every = (minutes * 60000) / MOVEMENTS;
    const started = Date.now();
    let first, moved = 0, idle = false;
    for (; moved < MOVEMENTS; moved++) {
        if (moved === WARM) first = await measure(page, inside);
        const third = Math.floor((moved * 3) / MOVEMENTS);
        if (third !== 1 && moved % 50 === 49) await wander(page, PLACES[(moved - 49) / 50 % PLACES.length]);
        if (third === 1) idle ||= await page.locator(".idle").count() > 0;
        await move(bottle, bins, moved);
        if (moved % 200 === 0) console.log(`${((Date.now() - started) / 60000).toFixed(1)} min: ${moved} movements, ${errors.length} complaints`);
        await new Promise((done) => setTimeout(done, Math.max(0, started + (moved + 1) * every - Date.now())));
    }
    await home(page);
    const last = await measure(page, inside);
    return report({ first, last, errors, idle, told: await page.evaluate(() => window.told), took: Date.now() - started });
}

/** The same bottle goes round: moved on, and every fourth time taken and put back by an undo. */
async function move(bottle, bins, n) {
    if (n % 4 !== 3) return cellar.post("/api/v1/movements", { kind: "move", bottle_id: bottle.id, bin: bins[n % bins.length], user: "soak" });
    const taken = await cellar.post("/api/v1/movements", { kind: "issue", bottle_id: bottle.id, reason: "drunk", user: "soak" });
    return cellar.post(`/api/v1/movements/${taken.id}/undo`, { user: "soak" });
}

/** A finger on one of the five places; the first touch only wakes a screen that is dim. */
async function wander(page, place) {
    const idle = page.locator(".idle");
    if (await idle.count()) {
        await page.touchscreen.tap(400, 240);
        await idle.waitFor({ state: "detached" });
    }
    await page.locator(`.nav a[href="${place}"]`).tap();
    await page.waitForURL(`**${place}`);
}

async function home(page) {
    await wander(page, "/");
    await page.locator(".tonight").waitFor();
}

/** What is held after everything that can go has gone. The page must be the same one for both measures. */
async function measure(page, inside) {
    await home(page);
    for (let round = 0; round < 3; round++) await inside.send("HeapProfiler.collectGarbage");
    const { usedSize } = await inside.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() => window.wasm.buffer.byteLength);
    const { nodes, jsEventListeners } = await inside.send("Memory.getDOMCounters");
    return { heap: usedSize, wasm, nodes, listeners: jsEventListeners };
}

function report({ first, last, errors, idle, told, took }) {
    const grew = (last.heap + last.wasm) - (first.heap + first.wasm);
    console.log(`${MOVEMENTS} movements in ${(took / 60000).toFixed(1)} min; the page was told ${told} times${idle ? " and was dim for a while" : ""}`);
    console.log(`script heap after collection   ${mb(first.heap)} MB after ${WARM}, ${mb(last.heap)} MB at the end`);
    console.log(`the app's memory (wasm)        ${mb(first.wasm)} MB, ${mb(last.wasm)} MB`);
    console.log(`nodes ${first.nodes}, ${last.nodes}; listeners ${first.listeners}, ${last.listeners}`);
    console.log(`growth                         ${mb(grew)} MB (goal: less than ${MOST_MB})`);
    console.log(`complaints of the console      ${errors.length}`);
    for (const error of errors.slice(0, 10)) console.log(`  ${error}`);
    return grew >= MOST_MB * 1e6 || errors.length > 0;
}
