// The server goes away and comes back: the page says so and recovers by itself, and what was tapped meanwhile is done
// once, neither lost nor doubled.
import assert from "node:assert/strict";
import path from "node:path";
import { go, toast, until } from "../lib/act.mjs";
import { KIOSK } from "../lib/browser.mjs";

/** A new wine with so many bottles, waiting to be put away. */
async function caseOf(cellar, name, bottles) {
    const wine = await cellar.post("/api/v1/wines", { producer: "Outage", name, colour: "red" });
    const vintage = await cellar.post(`/api/v1/wines/${wine.id}/vintages`, { year: 2020 });
    await cellar.post("/api/v1/movements/case", { vintage_id: vintage.id, bottles });
    return wine.id;
}

const issued = async (cellar, wine) =>
    (await cellar.get(`/api/v1/movements?wine=${wine}&limit=200`)).items.filter((line) => line.kind === "issue");

export default [{
    name: "a killed server is told, and a restarted one is found again",
    async run({ cellar, page }) {
        await go(page, "/");
        await page.locator(".offline").waitFor({ state: "hidden" });
        await cellar.stop("SIGKILL");
        await page.locator(".offline").waitFor({ state: "visible" });
        await page.getByText("ready tonight").waitFor();
        // What was not read before is not answered with what was.
        await page.getByRole("link", { name: "Bottles", exact: true }).tap();
        await page.getByText("Not just now").waitFor();
        await page.getByRole("link", { name: "Home" }).tap();
        await cellar.start();
        await page.locator(".offline").waitFor({ state: "hidden", timeout: 15000 });
        await page.getByText("ready tonight").waitFor();
        page.forgive();
    },
}, {
    name: "a page that has just been made reads nothing twice, and is told what changes",
    async run({ cellar, page }) {
        const asked = [];
        page.on("request", (request) => { if (request.url().includes("/_fn/get_home")) asked.push(request.url()); });
        await page.addInitScript(() => addEventListener("winecellar-live", (event) => { window.told = (window.told ?? "") + event.detail[0]; }));
        // The server looks at the book twice a second: what was done just before may be news to it after the page was made.
        await until("the page is not read again", async () => {
            asked.length = 0;
            await go(page, "/");
            await until("the line is open", () => page.evaluate(() => window.told?.startsWith("u")));
            await page.evaluate(() => new Promise((done) => setTimeout(done)));
            return asked.length === 0;
        });
        await caseOf(cellar, "Fresh", 1);
        await until("the change is read", () => asked.length > 0);
    },
}, {
    name: "ten acts around a killed server are exactly ten movements",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const wine = await caseOf(cellar, "Ten", 10);
        await go(page, `/wines/${wine}`);
        const drunk = (but = "[data-waiting]") => page.locator(`.bottle:not(${but})`).getByRole("button", { name: /^Drunk/ });
        await until("ten bottles are shown", async () => await drunk().count() === 10);
        for (let n = 1; n <= 3; n++) {
            await drunk().first().tap();
            await until(`${n} are gone`, async () => (await drunk().count()) === 10 - n);
        }
        await cellar.stop("SIGKILL");
        for (let n = 1; n <= 5; n++) {
            const left = await drunk().count();
            await drunk().first().tap();
            await toast(page).getByText(`(${n} waiting)`).waitFor();
            assert.equal(await drunk().count(), left - 1, "the bottle is marked and the page still read");
        }
        await page.locator(".offline").getByText("5 waiting").waitFor();
        await page.screenshot({ path: path.join(artifacts, "outage-waiting-kiosk.png") });
        // What is done must not come back for a moment, when it has been sent and is not yet told anew.
        await page.evaluate(() => {
            window.most = document.querySelectorAll(".bottle:not([data-waiting], [data-sent])").length;
            window.seen = window.most;
            new MutationObserver(() => {
                window.seen = Math.max(window.seen, document.querySelectorAll(".bottle:not([data-waiting], [data-sent])").length);
            }).observe(document.body, { attributes: true, childList: true, subtree: true });
        });
        await cellar.start();
        // While the queue is being sent two more are tapped: they keep their place behind.
        for (let n = 9; n <= 10; n++) await drunk("[data-waiting], [data-sent]").first().tap();
        await until("all ten are told", async () => await drunk().count() === 0, 20000);
        await page.locator(".offline").waitFor({ state: "hidden", timeout: 15000 });
        assert.equal(await page.evaluate(() => window.seen - window.most), 0, "no bottle that was drunk comes back, not even for a moment");
        const lines = await issued(cellar, wine);
        assert.equal(lines.length, 10);
        assert.equal(new Set(lines.map((line) => line.bottle_id)).size, 10, "ten bottles, each once");
        page.forgive();
    },
}, {
    name: "a tap is seen before the server answers, and what is refused comes back with the reason",
    size: KIOSK,
    async run({ cellar, page }) {
        const wine = await caseOf(cellar, "Hope", 3);
        await go(page, `/wines/${wine}`);
        const [sent, rows] = [page.locator(".bottle[data-sent]"), page.locator(".bottle")];
        await until("three bottles are shown", async () => (await rows.count()) === 3);
        let answer;
        const held = new Promise((let_go) => { answer = let_go; });
        await page.route("**/_fn/take_bottle", async (route) => {
            await held;
            await route.continue();
        });
        await rows.first().getByRole("button", { name: /^Drunk/ }).tap();
        await sent.waitFor();
        assert.equal(await toast(page).count(), 0, "the server has said nothing yet");
        // Somebody else takes it meanwhile: the answer is no.
        const gone = await rows.first().locator("input[name=bottle]").first().inputValue();
        await cellar.post("/api/v1/movements", { kind: "issue", bottle_id: gone, reason: "gift" });
        answer();
        await toast(page).getByText("has left").or(toast(page).getByText("has changed")).waitFor();
        await until("nothing looks as if it were done", async () => (await sent.count()) === 0 && (await rows.count()) === 2);
        await page.unroute("**/_fn/take_bottle");
        await rows.first().getByRole("button", { name: /^Drunk/ }).tap();
        await until("one is left, as it was", async () => (await sent.count()) === 0 && (await rows.count()) === 1);
        assert.equal((await issued(cellar, wine)).length, 2);
        page.forgive();
    },
}, {
    name: "what waits outlives the page, and an answer that got lost is not done again",
    size: KIOSK,
    async run({ cellar, page }) {
        const wine = await caseOf(cellar, "Two", 2);
        await go(page, `/wines/${wine}`);
        // The act arrives and its answer does not.
        let cut = true;
        await page.route("**/_fn/take_bottle", async (route) => {
            if (!cut) return route.continue();
            cut = false;
            await route.fetch();
            return route.abort();
        });
        await page.getByRole("button", { name: /^Drunk/ }).first().tap();
        await toast(page).getByText("(1 waiting)").waitFor();
        // It did arrive: the page closes, another opens, and sends it again.
        await page.reload();
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        await toast(page).getByText("drunk").waitFor({ timeout: 15000 });
        await page.locator(".offline").waitFor({ state: "hidden" });
        assert.equal((await issued(cellar, wine)).length, 1);
        page.forgive();
    },
}, {
    name: "an act that waited and is refused says why",
    size: KIOSK,
    async run({ cellar, page }) {
        const wine = await caseOf(cellar, "One", 1);
        await go(page, `/wines/${wine}`);
        const [{ bottle }] = (await cellar.get(`/api/v1/bottles?wine=${wine}`)).items;
        await page.route("**/_fn/take_bottle", (route) => route.abort());
        await page.getByRole("button", { name: /^Gift/ }).first().tap();
        await toast(page).getByText("(1 waiting)").waitFor();
        // Somebody else was faster meanwhile.
        await cellar.post("/api/v1/movements", { kind: "issue", bottle_id: bottle.id, reason: "drunk", user: "Bea" });
        await page.unroute("**/_fn/take_bottle");
        await page.locator(".toast-failed").getByText(/drunk by Bea/).waitFor({ timeout: 15000 });
        await page.locator(".offline").waitFor({ state: "hidden" });
        assert.equal((await issued(cellar, wine)).length, 1);
        page.forgive();
    },
}];
