// A wine's page: looked at, changed, tasted, entered by the case, with the race for an edit lost in peace.
import assert from "node:assert/strict";
import { fits, go, keep, read, toast, until } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

/** A wine of the demo cellar with bottles. */
async function someWine(cellar) {
    const { items } = await cellar.get("/api/v1/bottles?limit=1");
    return items[0].wine_id;
}

const wineOf = (cellar, id) => cellar.get(`/api/v1/wines/${id}`).then((detail) => detail.wine);

export default [{
    name: "a note is written, changed and removed, and each is undone",
    async run({ cellar, page }) {
        const wine = await someWine(cellar);
        await go(page, `/wines/${wine}`);
        await page.getByText("Write a tasting note").first().tap();
        const form = page.locator("form").filter({ has: page.locator("[name='form[body]']") }).first();
        await form.locator("[name='form[points]']").fill("17,5");
        await form.locator("[name='form[scale]']").selectOption("20");
        await form.locator("[name='form[body]']").fill("Plums & smoke");
        await form.getByRole("button", { name: "Save the note" }).tap();
        await page.locator(".note-body").getByText("Plums & smoke").waitFor();
        await page.locator(".note .chip").getByText("17.5 of 20").waitFor();
        await toast(page).getByRole("button", { name: "Undo" }).tap();
        await until("the note is gone", async () => await page.locator(".note").count() === 0);
    },
}, {
    name: "the label is changed and the change is undone from the history",
    async run({ cellar, page }) {
        const wine = await someWine(cellar);
        const before = (await wineOf(cellar, wine)).region;
        await read(page, `/wines/${wine}/edit`);
        await page.getByLabel("Region", { exact: true }).fill("Somewhere else");
        await page.getByRole("button", { name: "Save the label" }).tap();
        await page.waitForURL(new RegExp(`/wines/${wine}$`));
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        assert.equal((await wineOf(cellar, wine)).region, "Somewhere else");
        await page.locator(".history > li").first().getByText("changed region").waitFor();
        await page.locator(".history > li").first().getByRole("button", { name: "Undo" }).tap();
        await until("the region is back", async () => (await wineOf(cellar, wine)).region === before);
    },
}, {
    name: "who loses a race for an edit is told and keeps what was typed",
    async run({ cellar, page }) {
        const wine = await someWine(cellar);
        await read(page, `/wines/${wine}/edit`);
        await page.getByLabel("Region", { exact: true }).fill("Mine");
        const detail = await wineOf(cellar, wine);
        const { id, archived, revision, created_at, ...facts } = detail;
        const theirs = await fetch(`${cellar.url}/api/v1/wines/${wine}`, {
            method: "PUT",
            headers: { "content-type": "application/json", "if-match": `"${revision}"` },
            body: JSON.stringify({ ...facts, country: "Theirs" }),
        });
        assert.equal(theirs.status, 200);
        await page.getByRole("button", { name: "Save the label" }).tap();
        await page.locator(".notice").getByText("changed country").waitFor();
        assert.equal(await page.getByLabel("Region", { exact: true }).inputValue(), "Mine");
        await until("the form knows the new revision", async () =>
            await page.locator("[name=revision]").first().inputValue() === String(revision + 1));
        await page.getByRole("button", { name: "Save the label" }).tap();
        await until("saved with open eyes", async () => (await wineOf(cellar, wine)).region === "Mine");
    },
}, {
    name: "a case of a new wine fills bins and is taken back in one go",
    javascript: false,
    async run({ cellar, page }) {
        const before = await cellar.bins();
        const bin = Object.values(before).find((b) => b.qty < b.capacity).st_bin;
        const count = async () => Object.values(await cellar.bins()).reduce((sum, b) => sum + b.qty, 0);
        const filled = await count();
        await page.goto("/wines/new");
        await page.getByLabel("Producer").fill("Domaine Neuf");
        await page.getByRole("textbox", { name: "Bottles" }).fill("3");
        await page.getByLabel("Into").selectOption(bin);
        await page.getByLabel("Price of one").fill("12,50");
        await page.getByLabel("Currency").fill("eur");
        await page.getByRole("button", { name: "Enter" }).click();
        // The wine has no name: what was typed is still there.
        await page.locator(".notice").getByText("name: must not be empty").waitFor();
        assert.equal(await page.getByLabel("Producer").inputValue(), "Domaine Neuf");
        assert.equal(await page.getByRole("textbox", { name: "Bottles" }).inputValue(), "3");
        await page.getByLabel("Wine", { exact: true }).fill("Premier");
        await page.getByLabel("Vintage (empty: NV)").fill("2022");
        await page.getByRole("button", { name: "Enter" }).click();
        await page.getByRole("heading", { name: "Domaine Neuf Premier" }).waitFor();
        assert.ok((await page.locator("main").innerText()).includes("3 bottles here"));
        assert.ok((await page.locator("main").innerText()).includes("12.50\u00a0EUR"));
        assert.ok(await count() > filled);
        await page.getByRole("button", { name: "Undo" }).first().click();
        await page.waitForLoadState("load");
        assert.equal(await count(), filled);
    },
}, {
    name: "the figures behind a plot read without JavaScript",
    javascript: false,
    async run({ page }) {
        await page.goto("/numbers");
        await page.getByRole("img", { name: /Bottles over time/ }).waitFor();
        await page.getByText("The figures").first().click();
        assert.ok((await page.locator("details[open] table").innerText()).includes("2026"));
        assert.ok(await page.locator("#forgotten li a").count() > 0);
    },
}, ...[["kiosk", KIOSK], ["desk", DESK]].map(([suffix, size]) => ({
    name: `letters of the plots are readable on the ${suffix}`,
    size,
    async run({ cellar, page, artifacts }) {
        const wine = await someWine(cellar);
        const places = { numbers: "/numbers", wine: `/wines/${wine}`, "wine-edit": `/wines/${wine}/edit`, "wine-receive": `/wines/${wine}/receive`, "wine-new": "/wines/new" };
        for (const [name, place] of Object.entries(places)) {
            // All but the wine are pages of the desk.
            await (name === "wine" ? go : read)(page, place);
            await page.locator("main h2").first().waitFor();
            await keep(page, artifacts, `${name}-${suffix}`, size);
            await fits(page, name);
            const small = await page.evaluate(() => [...document.querySelectorAll(".chart text")]
                .map((text) => [text.getBoundingClientRect().height, text.textContent])
                .filter(([height]) => height && height < 14));
            assert.deepEqual(small, [], name);
        }
    },
}))];
