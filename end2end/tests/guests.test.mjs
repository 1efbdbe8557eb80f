// A screen that is lent to guests shows what may be opened, and nothing else, until somebody of the house gives a PIN.
import assert from "node:assert/strict";
import { fits, keep, read } from "../lib/act.mjs";
import { KIOSK } from "../lib/browser.mjs";

/** The first admin gives somebody a PIN. */
async function somebodyHasAPin(cellar, name, pin) {
    const send = (place, fields, cookie = "") => fetch(cellar.url + place, {
        method: "POST", redirect: "manual", headers: { cookie }, body: new URLSearchParams(fields),
    });
    const token = cellar.output.join("").match(/\/setup\?token=([0-9a-f]{64})/)[1];
    const made = await send("/setup", { token, name: "Owner", password: "three good words" });
    const added = await send("/people/add", { name, role: "member", password: "", pin }, made.headers.get("set-cookie").split(";")[0]);
    assert.equal(added.headers.get("location"), "/people");
}

/** Does what leads to a page, and waits for it. */
const leads = (page, act) => Promise.all([page.waitForEvent("load"), act()]);

const folded = (page) => page.locator("details.fold").last();

export default [{
    name: "where nobody has a PIN, guest mode begins and ends by a tap",
    size: KIOSK,
    async run({ page, artifacts }) {
        await read(page, "/");
        await page.getByRole("link", { name: "Tonight’s list" }).tap();
        await page.locator(".guests .bottle").first().waitFor();
        await fits(page, "guests");
        await keep(page, artifacts, "guests-kiosk", KIOSK);
        await folded(page).locator("summary").tap();
        await leads(page, () => page.getByRole("button", { name: "Hand the screen to guests" }).tap());
        await page.goto("/bottles");
        assert.equal(new URL(page.url()).pathname, "/guests", "every other page leads back");
        await folded(page).locator("summary").tap();
        await leads(page, () => page.getByRole("button", { name: "End guest mode" }).tap());
        await page.goto("/bottles");
        assert.equal(new URL(page.url()).pathname, "/bottles");
    },
}, {
    name: "a wine that is kept private is not on the list, and prices are on none",
    size: KIOSK,
    async run({ cellar, page }) {
        await read(page, "/guests");
        const names = await page.locator(".guests strong").allInnerTexts();
        const wine = (await cellar.get("/api/v1/wines")).items.find((one) => names[0] === `${one.producer} ${one.name}`);
        const { id, archived, revision, created_at, ...facts } = wine;
        const saved = await fetch(`${cellar.url}/api/v1/wines/${wine.id}`, {
            method: "PUT",
            headers: { "content-type": "application/json", "if-match": `"${revision}"` },
            body: JSON.stringify({ ...facts, tags: [...(facts.tags ?? []), "private"] }),
        });
        assert.ok(saved.ok, await saved.text());
        await read(page, "/guests");
        assert.ok(!(await page.locator(".guests strong").allInnerTexts()).includes(names[0]));
        assert.ok(!/EUR|€/.test(await page.locator("main").innerText()));
    },
}, {
    name: "a PIN takes the screen back, a wrong one does not",
    size: KIOSK,
    async run({ cellar, page }) {
        await somebodyHasAPin(cellar, "Anna", "4711");
        await read(page, "/guests");
        await page.evaluate(() => fetch("/guests/begin", { method: "POST" }));
        const refused = await page.evaluate(() => fetch("/api/v1/bottles").then((answer) => answer.status));
        assert.equal(refused, 403, "what the page's browser asks besides is refused too");
        await page.goto("/rack");
        assert.equal(new URL(page.url()).pathname, "/guests");
        for (const [pin, place] of [["0000", "/guests"], ["4711", "/"]]) {
            await folded(page).locator("summary").tap();
            await page.locator("input[name=pin]").fill(pin);
            await page.getByRole("button", { name: "That is me" }).tap();
            await page.waitForURL((url) => url.pathname === place);
        }
        await page.goto("/bottles");
        assert.equal(new URL(page.url()).pathname, "/bottles");
        page.forgive();
    },
}];
