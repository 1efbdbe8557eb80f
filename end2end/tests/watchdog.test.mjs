// A page that breaks tells the server and comes back by itself; one that is old, or whose line was cut, does so too.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { go, until } from "../lib/act.mjs";
import { KIOSK } from "../lib/browser.mjs";

const alive = (page) => page.locator(".frame[data-alive]").waitFor({ state: "attached", timeout: 20000 });
const build = (page) => page.locator("html").getAttribute("data-build");

/** What the server's log tells of broken pages. */
const told = (cellar) => cellar.output.join("").split("\n").filter((line) => line.includes("a page broke"));

/** Waits until the log tells of one more. */
async function reported(cellar, before, kind) {
    const fresh = () => told(cellar).slice(before).filter((line) => line.includes(`kind="${kind}"`) || line.includes(`kind=${kind}`));
    await until(`a report of ${kind}`, () => fresh().length > 0, 20000);
    return fresh()[0];
}

/** The browser half as another build: the same app under another name, as after an upgrade. */
function upgrade(cellar) {
    const old = cellar.env.WINECELLAR_SITE;
    const site = path.join(cellar.folder, `site-${Date.now()}`);
    fs.cpSync(old, site, { recursive: true });
    const hashes = fs.readFileSync(path.join(site, "hash.txt"), "utf8");
    const [, hash] = hashes.match(/^wasm: (\S+)$/m);
    const other = [...hash].reverse().join("");
    for (const file of fs.readdirSync(path.join(site, "pkg"))) {
        if (file.includes(hash)) fs.renameSync(path.join(site, "pkg", file), path.join(site, "pkg", file.replace(hash, other)));
    }
    fs.writeFileSync(path.join(site, "hash.txt"), hashes.replace(hash, other));
    cellar.env.WINECELLAR_SITE = site;
}

export default [{
    name: "a panic is told to the server, and the page comes back",
    size: KIOSK,
    async run({ cellar, page }) {
        const before = told(cellar).length;
        // The document that comes is not the one that the app expects: it cannot take it over.
        let broken = 0;
        await page.route(`${cellar.url}/`, async (route) => {
            const response = await route.fetch();
            const body = (await response.text()).replace(/<nav [\s\S]*<\/nav>/, "<p>no places</p>");
            return ++broken === 1 ? route.fulfill({ response, body }) : route.continue();
        });
        await page.goto("/", { waitUntil: "commit" });
        const line = await reported(cellar, before, "panic");
        assert.match(line, /page="\/"/);
        assert.match(line, new RegExp(`build="${await build(page)}"`));
        await until("the page was asked for again", () => broken === 2, 10000);
        await alive(page);
        await page.getByText("ready tonight").waitFor();
        page.forgive();
    },
}, {
    name: "an app that never comes alive is told, and the page comes back",
    size: KIOSK,
    async run({ cellar, page }) {
        const before = told(cellar).length;
        await page.clock.install();
        await page.route("**/*.wasm", (route) => route.abort());
        await page.goto("/rack", { timeout: 20000 });
        await page.clock.fastForward(31000);
        await reported(cellar, before, "asleep");
        await page.unroute("**/*.wasm");
        await alive(page);
        page.forgive();
    },
}, {
    name: "a main thread that hangs is told while it hangs",
    size: KIOSK,
    async run({ cellar, page }) {
        const before = told(cellar).length;
        await go(page, "/bottles?q=tokaj");
        let over = false;
        const hung = page.evaluate(() => { for (const end = Date.now() + 12000; Date.now() < end;); }).then(() => { over = true; });
        const line = await reported(cellar, before, "hang");
        assert.ok(!over, "it was told before the page could");
        assert.match(line, /page="\/bottles\?q=tokaj"/);
        await hung;
    },
}, {
    name: "a page of an old build loads itself anew when nobody is at it, and not before",
    size: KIOSK,
    async run({ cellar, page }) {
        await page.clock.install();
        await go(page, "/bottles");
        const old = await build(page);
        await page.getByLabel("Search bottles").fill("tok");
        await cellar.stop();
        upgrade(cellar);
        await cellar.start();
        await page.locator(".offline").waitFor({ state: "hidden", timeout: 15000 });
        await page.clock.fastForward(60000);
        assert.equal(await page.getByLabel("Search bottles").inputValue(), "tok", "nobody's words are lost");
        assert.equal(await build(page), old);
        await page.getByLabel("Search bottles").fill("");
        await page.clock.fastForward(21000);
        await until("the new build is there", async () => ![old, null].includes(await build(page).catch(() => null)), 10000);
        await alive(page);
        page.forgive();
    },
}, {
    name: "the line to the server is opened again, whatever broke it",
    size: KIOSK,
    async run({ cellar, page }) {
        const banner = page.locator(".offline");
        await page.clock.install();
        // A proxy's error page instead of a stream: the browser itself would give up.
        await page.route("**/events", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "Bad gateway" }));
        await go(page, "/");
        await banner.waitFor({ state: "visible" });
        await page.unroute("**/events");
        await banner.waitFor({ state: "hidden", timeout: 15000 });
        // A line that is cut without a word: the server is there and says nothing.
        cellar.server.kill("SIGSTOP");
        try {
            await page.clock.fastForward(46000);
            await banner.waitFor({ state: "visible" });
        } finally {
            cellar.server.kill("SIGCONT");
        }
        await banner.waitFor({ state: "hidden", timeout: 15000 });
        page.forgive();
    },
}];
