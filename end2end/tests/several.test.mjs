// Several bottles at once, the pictures over time, and the way from a name to the place in the rack.
import assert from "node:assert/strict";
import { binTheCameraReads, binWith, fits, go, keep, read } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

/** Takes two bottles out of a bin; they wait to be put away. */
async function twoWait(cellar) {
    const bin = await binWith(cellar, 3);
    const bottles = (await cellar.get(`/api/v1/bottles?bin=${bin}&limit=2`)).items;
    const movements = bottles.map((bottle) => ({ kind: "move", bottle_id: bottle.bottle.id, bin: null }));
    for (const movement of movements) await cellar.post("/api/v1/movements", movement);
    return bin;
}

const qty = async (cellar) => Object.fromEntries(Object.values(await cellar.bins()).map((bin) => [bin.st_bin, bin.qty]));

export default [{
    name: "two bottles are put into a bin that glows, and taken back, at the kiosk",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        await twoWait(cellar);
        await go(page, "/bottles");
        await page.locator(".waiting").getByRole("link", { name: "Several at once" }).tap();
        await page.locator(".several-plan").waitFor();
        assert.equal(await page.locator(".several-list :checked").count(), 2, "they are ticked already");
        await fits(page, "several");
        await keep(page, artifacts, "several-kiosk", KIOSK);
        const before = await qty(cellar);
        const free = Object.values(await cellar.bins()).find((bin) => bin.capacity - bin.qty >= 2).st_bin;
        await page.locator(`.several-plan button[value="put:${free}"]`).tap();
        await page.locator(".several-done").getByText("2 bottles booked").waitFor();
        assert.equal((await qty(cellar))[free], before[free] + 2);
        await page.locator(".several-done").getByRole("button", { name: "Undo" }).tap();
        await page.locator(".several-list :checked").first().waitFor();
        assert.deepEqual(await qty(cellar), before);
    },
}, {
    name: "three bottles of a producer are given away at a desk, as one line of the history",
    size: DESK,
    async run({ cellar, page, artifacts }) {
        const bottle = (await cellar.get("/api/v1/bottles?limit=1")).items[0];
        const word = bottle.producer.split(" ").at(-1);
        await read(page, `/several?q=${encodeURIComponent(word)}`);
        const boxes = page.locator(".several-list [type=checkbox]");
        const all = await boxes.count();
        assert.ok(all >= 3, `${all} bottles of ${word}`);
        for (let i = 0; i < 3; i++) await boxes.nth(i).check();
        await page.screenshot({ path: `${artifacts}/several-desk.png` });
        await page.getByRole("button", { name: "Gift" }).click();
        await page.getByText("3 bottles booked").waitFor();
        assert.equal(await boxes.count(), all - 3);
        await go(page, "/history");
        await page.locator(".history > li").first().getByText("and 2 more").waitFor();
    },
}, {
    name: "nothing ticked is told, also without JavaScript",
    size: DESK,
    javascript: false,
    async run({ page }) {
        await page.goto("/several?q=a");
        await page.getByRole("button", { name: "Drunk" }).click();
        await page.getByText("No bottle is ticked.").waitFor();
    },
}, {
    name: "a full bin takes what it has room for, and a bin without room nothing",
    size: DESK,
    async run({ cellar, page }) {
        const bins = Object.values(await cellar.bins());
        const full = bins.find((bin) => bin.qty >= bin.capacity);
        await read(page, "/several");
        if (full) assert.ok(await page.locator(`.several-plan button[value="put:${full.st_bin}"]`).isDisabled());
        const one = bins.filter((bin) => bin.qty < bin.capacity).sort((a, b) => (a.capacity - a.qty) - (b.capacity - b.qty))[0];
        const room = one.capacity - one.qty;
        const boxes = page.locator(".several-list label").filter({ hasNotText: one.st_bin }).locator("[type=checkbox]");
        for (let i = 0; i <= room; i++) await boxes.nth(i).check();
        await page.locator(`.several-plan button[value="put:${one.st_bin}"]`).click();
        await page.getByText(room === 1 ? "1 bottle booked" : `${room} bottles booked`).waitFor();
        assert.equal((await cellar.bins())[one.st_bin].qty, one.capacity);
    },
}, {
    name: "a wine that was found pulses in the rack",
    size: KIOSK,
    async run({ page, artifacts }) {
        await go(page, "/bottles");
        const row = page.locator(".bottles > li").filter({ has: page.locator(".bin-tag") }).first();
        const bin = (await row.locator(".bin-tag").first().innerText()).split("\u00d7")[0].trim();
        await row.getByRole("link", { name: "In the rack" }).tap();
        await page.locator(".cell-found").first().waitFor();
        const names = await page.locator(".cell-found .cell-name").allTextContents();
        assert.ok(names.map((name) => name.trim()).includes(bin), `${bin} is among ${names}`);
        await page.screenshot({ path: `${artifacts}/rack-found-kiosk.png` });
    },
}, {
    name: "when did this bottle leave? the two pictures and what the book says",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const bin = await binTheCameraReads(cellar, []);
        const here = (await cellar.bins())[bin].qty;
        await cellar.scanWithout({ [bin]: 1 });
        await go(page, `/bins/${bin}`);
        await page.getByRole("link", { name: "Over time" }).tap();
        const change = page.locator(".seen-change").first();
        await change.getByText(`${here} bottle`).waitFor();
        await change.getByText(`${here - 1} bottle`).waitFor();
        await change.getByText("Nobody has written anything down.").waitFor();
        for (const image of await change.locator("img").all()) {
            assert.ok(await image.evaluate((img) => img.decode().then(() => img.naturalWidth > 20)), "both pictures are there");
        }
        await keep(page, artifacts, "archive-bin-kiosk", KIOSK);
        // The slider goes back in time.
        const last = await page.locator(".archive figcaption").innerText();
        await page.locator(".slide input[type=range]").fill("0");
        assert.notEqual(await page.locator(".archive figcaption").innerText(), last);
        await page.getByRole("link", { name: "Earlier" }).tap();
        await page.locator(".archive img").waitFor();
    },
}];
