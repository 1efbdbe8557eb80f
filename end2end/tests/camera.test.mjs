// What the camera sees reaches an open page, and a person answers it.
import assert from "node:assert/strict";
import { binTheCameraReads, go, proposals, toast, until } from "../lib/act.mjs";

/** What is missing from the picture: it only grows, and no bin is taken twice, because a rejected difference stays away. */
const missing = {};

/** Scans the rack with one bottle more missing and waits on the open page for the proposal. */
async function difference(cellar, page) {
    const bin = await binTheCameraReads(cellar, Object.keys(missing));
    missing[bin] = 1;
    await cellar.scanWithout(missing);
    await page.locator("article.proposal", { hasText: bin }).waitFor({ timeout: 2000 });
    return bin;
}

/** What the home page tells while a scan runs, in its order. */
async function watched(page) {
    await page.evaluate(() => {
        window.told = [];
        new MutationObserver(() => {
            const words = document.querySelector("[data-scan]")?.textContent;
            if (words && window.told.at(-1) !== words) window.told.push(words);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
}

export default [{
    name: "the home page tells what the camera is doing, and stops telling",
    async run({ cellar, page }) {
        await go(page, "/");
        await page.locator(".offline").waitFor({ state: "hidden" });
        await watched(page);
        await page.getByRole("button", { name: "Scan now" }).tap();
        await page.locator("[data-scan]").waitFor({ state: "visible" });
        await page.locator("[data-scan]").waitFor({ state: "hidden", timeout: 30000 });
        const told = await page.evaluate(() => window.told);
        assert.ok(told.some((words) => /picture|counted|book/.test(words)), `told: ${told}`);
        await until("the scan is recorded", async () => (await cellar.get("/api/v1/scans")).items.length >= 2, 20000);
    },
}, {
    name: "a scan appears on the open page within two seconds, and is approved",
    async run({ cellar, page }) {
        await go(page, "/proposals");
        await page.evaluate(() => { window.sameDocument = true; });
        const bin = await difference(cellar, page);
        assert.equal(await page.evaluate(() => window.sameDocument), true, "without a reload");
        const before = (await cellar.bins())[bin].qty;
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Drunk" }).tap();
        await toast(page).waitFor();
        await until("the card goes", async () => await proposals(page).filter({ hasText: bin }).count() === 0);
        const after = (await cellar.bins())[bin];
        assert.equal(after.qty, before - 1);
        assert.equal(after.open_proposal, false);
    },
}, {
    name: "a wrong proposal is rejected and the book stays",
    async run({ cellar, page }) {
        await go(page, "/proposals");
        const bin = await difference(cellar, page);
        const before = (await cellar.bins())[bin].qty;
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Wrong" }).tap();
        await until("the card goes", async () => await proposals(page).filter({ hasText: bin }).count() === 0);
        assert.equal((await cellar.bins())[bin].qty, before);
        await page.getByText("camera was wrong").first().waitFor();
        await toast(page).getByRole("button", { name: "Undo" }).tap();
        await proposals(page).filter({ hasText: bin }).waitFor();
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Wrong" }).tap();
        const line = page.locator(".history li", { hasText: bin }).first();
        await line.getByRole("button", { name: "Undo" }).tap();
        await proposals(page).filter({ hasText: bin }).waitFor();
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Wrong" }).tap();
        await until("the card goes", async () => await proposals(page).filter({ hasText: bin }).count() === 0);
    },
}, {
    name: "a bottle that was moved waits to be put away",
    async run({ cellar, page }) {
        await go(page, "/proposals");
        const bin = await difference(cellar, page);
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Moved" }).tap();
        await until("the card goes", async () => await proposals(page).filter({ hasText: bin }).count() === 0);
        await go(page, "/bottles");
        await page.locator(".waiting li").first().waitFor();
    },
}, {
    name: "a question is put off, and stays below the others",
    async run({ cellar, page }) {
        await go(page, "/proposals");
        const bin = await difference(cellar, page);
        await proposals(page).filter({ hasText: bin }).getByRole("button", { name: "Later" }).tap();
        await proposals(page).filter({ hasText: bin }).filter({ hasText: "put off" }).waitFor();
        await go(page, "/");
        await page.getByText("Nothing waits for you").waitFor();
    },
}];
