// Taking a bottle, taking it back, finding it and putting it away.
import assert from "node:assert/strict";
import { binWith, bottles, go, toast, until } from "../lib/act.mjs";

export default [{
    name: "a bottle is drunk with one tap and the tap is undone",
    async run({ cellar, page }) {
        const bin = await binWith(cellar, 2);
        const before = (await cellar.bins())[bin].qty;
        await go(page, `/bins/${bin}`);
        assert.equal(await bottles(page).count(), before);
        await bottles(page).first().getByRole("button", { name: /^Drunk/ }).tap();
        await toast(page).getByText("drunk").waitFor();
        await until("one row less", async () => await bottles(page).count() === before - 1);
        assert.equal((await cellar.bins())[bin].qty, before - 1);
        await toast(page).getByRole("button", { name: "Undo" }).tap();
        await until("the row is back", async () => await bottles(page).count() === before);
        assert.equal((await cellar.bins())[bin].qty, before);
    },
}, {
    name: "a bottle is moved to another bin",
    async run({ cellar, page }) {
        const bin = await binWith(cellar, 2);
        await go(page, `/bins/${bin}`);
        await bottles(page).first().getByRole("button", { name: /^Move/ }).tap();
        await toast(page).waitFor();
        await go(page, "/bottles");
        const row = page.locator(".waiting li").first();
        const target = await row.locator("select option").last().getAttribute("value");
        const before = (await cellar.bins())[target].qty;
        await row.locator("select").selectOption(target);
        await row.getByRole("button", { name: "Put" }).tap();
        await toast(page).waitFor();
        await until("it lies in the other bin", async () => (await cellar.bins())[target].qty === before + 1);
    },
}, {
    name: "the history undoes what was done",
    async run({ cellar, page }) {
        const bin = await binWith(cellar, 1);
        const before = (await cellar.bins())[bin].qty;
        await go(page, `/bins/${bin}`);
        await bottles(page).first().getByRole("button", { name: /^Gift/ }).tap();
        await toast(page).waitFor();
        await page.getByRole("link", { name: "History" }).tap();
        const line = page.locator(".history > li").first();
        await line.getByText("given away").waitFor();
        await line.getByRole("button", { name: "Undo" }).tap();
        await until("the bottle is back", async () => (await cellar.bins())[bin].qty === before);
    },
}, {
    name: "a bottle is found by its producer",
    async run({ page }) {
        await go(page, "/bottles");
        const rows = page.locator(".bottles > li");
        const all = await rows.count();
        const producer = (await rows.first().locator("strong").innerText()).split(" ").slice(0, 2).join(" ");
        await page.getByRole("searchbox").fill(producer);
        await page.getByRole("searchbox").press("Enter");
        await until("fewer rows", async () => { const n = await rows.count(); return n > 0 && n < all; });
        assert.ok((await rows.first().innerText()).includes(producer.split(" ")[0]));
    },
}];
