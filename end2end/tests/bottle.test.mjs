// One bottle: what is known of it is written down, a bottle nobody has named gets its name, a case comes in, and the
// history tells each.
import assert from "node:assert/strict";
import path from "node:path";
import { fits, go, keep, read } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

const first = async (cellar, query = "") => (await cellar.get(`/api/v1/bottles?limit=1&status=in_cellar${query}`)).items[0];
const bottle = (cellar, id) => cellar.get(`/api/v1/bottles/${id}`);

const writeDown = (size, suffix) => async ({ cellar, page, artifacts }) => {
    const { bottle: { id }, wine_id: wine } = await first(cellar);
    await go(page, `/wines/${wine}`);
    await page.locator(`.bottle a[href='/bottles/${id}']`).first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByLabel("Price", { exact: true }).fill("24,50");
    await page.getByLabel("Provenance").fill("ex château");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    // A price needs its currency: what was typed is still there.
    await page.locator(".notice").getByText("currency: ").waitFor();
    assert.equal(await page.getByLabel("Provenance").inputValue(), "ex château");
    await page.getByLabel("Currency").fill("eur");
    await page.getByLabel("Bought on").fill("2026-11-20");
    await page.getByLabel("Notes on this bottle").fill("low fill\nstained label");
    await page.getByLabel("Size").fill("Magnum");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator(".history > li").first().getByText("changed").waitFor();
    const { bottle: now } = await bottle(cellar, id);
    assert.deepEqual([now.price_minor, now.currency, now.purchased_on, now.volume_ml, now.notes],
        [2450, "EUR", "2026-11-20", 1500, "low fill\nstained label"]);
    await fits(page, `bottle-${suffix}`);
    await keep(page, artifacts, `bottle-${suffix}`, size);
    await go(page, `/wines/${wine}`);
    await page.getByText("Magnum (1.5 l) \u00b7 24.50\u00a0EUR \u00b7 2026-11-20").waitFor();
    await page.getByRole("link", { name: "All of it" }).click();
    await page.locator(".history > li").first().getByRole("button", { name: "Undo" }).click();
    await page.locator(".toast").getByText("undone").waitFor();
    assert.equal((await bottle(cellar, id)).bottle.volume_ml, 750);
    await page.screenshot({ path: path.join(artifacts, `history-of-a-wine-${suffix}.png`) });
};

export default [
    { name: "price, day, size and notes are written down at the kiosk, and taken back", size: KIOSK, run: writeDown(KIOSK, "kiosk") },
    { name: "and at a desk", size: DESK, run: writeDown(DESK, "desk") },
    {
        name: "a bottle too many is received, and named later",
        size: KIOSK,
        async run({ cellar, page, artifacts }) {
            // As the camera's "one more" books it when no bottle waits.
            const wine = (await cellar.post("/api/v1/wines", { producer: "Unknown", name: "wine", colour: "red" })).id;
            const vintage = (await cellar.post(`/api/v1/wines/${wine}/vintages`, {})).id;
            const { bottle_id: id } = await cellar.post("/api/v1/movements", { kind: "receipt", vintage_id: vintage });
            const known = await first(cellar);
            await read(page, `/bottles/${id}`);
            await page.getByLabel("Look for a wine").fill("no such wine");
            await page.getByRole("button", { name: "Look for it" }).click();
            await page.getByText("No wine has all these words").waitFor();
            await page.getByLabel("Look for a wine").fill(known.producer);
            await page.getByRole("button", { name: "Look for it" }).click();
            const row = page.locator(".bottles > li").filter({ hasText: known.name }).first();
            await row.getByRole("textbox").fill("20x7");
            await row.getByRole("button", { name: "This one" }).click();
            await page.locator(".notice").getByText("year: `20x7` is no whole number").waitFor();
            await fits(page, "bottle-unknown-kiosk");
            await keep(page, artifacts, "bottle-unknown-kiosk", KIOSK);
            await page.getByLabel("Look for a wine").fill(known.producer);
            await page.getByRole("button", { name: "Look for it" }).click();
            await row.getByRole("textbox").fill("2017");
            await row.getByRole("button", { name: "This one" }).click();
            await page.getByRole("heading", { name: `${known.producer} ${known.name} 2017` }).waitFor();
            assert.equal((await bottle(cellar, id)).year, 2017);
            // Taken back, and entered as a wine that nobody knew yet.
            await page.locator(".history > li").first().getByRole("button", { name: "Undo" }).click();
            await page.getByRole("heading", { name: "Unknown wine NV" }).waitFor();
            await page.getByRole("link", { name: "Enter a new wine for it" }).click();
            await page.getByText("The bottle that you came from").waitFor();
            await page.getByLabel("Producer").fill("Gaia");
            await page.getByLabel("Wine", { exact: true }).fill("Thalassitis");
            await page.getByLabel("Colour").selectOption("white");
            await page.getByRole("button", { name: "Enter" }).click();
            await page.getByRole("heading", { name: "Gaia Thalassitis NV" }).waitFor();
            assert.equal((await bottle(cellar, id)).producer, "Gaia");
        },
    },
    {
        name: "a case of a known wine comes in and is told as one line of the history",
        size: KIOSK,
        async run({ cellar, page, artifacts }) {
            const { wine_id: wine } = await first(cellar);
            const bin = Object.values(await cellar.bins()).find((b) => b.qty < b.capacity).st_bin;
            await go(page, `/wines/${wine}`);
            await page.getByRole("link", { name: "Bottles come in" }).click();
            await page.getByRole("textbox", { name: "Bottles" }).fill("6");
            await page.getByLabel("Into").selectOption(bin);
            await page.getByLabel("Bought on").fill("2026-11-21");
            await page.getByLabel("Size").fill("a big one");
            await page.getByRole("button", { name: "Receive" }).click();
            await page.locator(".notice").getByText("size: ").waitFor();
            assert.equal(await page.getByRole("textbox", { name: "Bottles" }).inputValue(), "6");
            await fits(page, "receive-kiosk");
            await keep(page, artifacts, "receive-kiosk", KIOSK);
            await page.getByLabel("Size").fill("37.5 cl");
            await page.getByRole("button", { name: "Receive" }).click();
            await page.waitForURL(`**/wines/${wine}`);
            await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
            await go(page, "/history");
            const line = page.locator(".history > li").first();
            await line.getByText("and 5 more").waitFor();
            await page.screenshot({ path: path.join(artifacts, "history-case-kiosk.png") });
            await line.getByRole("button", { name: "Undo all 6" }).tap();
            await page.locator(".toast").getByText("undone").waitFor();
            const here = await cellar.get(`/api/v1/bottles?wine=${wine}&status=in_cellar&limit=200`);
            assert.ok(here.items.every((item) => item.bottle.volume_ml !== 375), "all six went back");
        },
    },
];
