// Somebody drinks one bottle and books its neighbour: the next scan asks, and one tap sets both right.
import assert from "node:assert/strict";
import path from "node:path";
import { DESK, KIOSK } from "../lib/browser.mjs";

/** What the photo lacks of the demo rack by now. */
const missing = {};

/** Empties the bin, lays two bottles of different wines into it, each seen before the next comes, and books the lower as drunk
 * where the upper has left. Gives [the one that left, the one that was booked]. */
async function mistake(cellar, bin) {
    const lying = () => cellar.get(`/api/v1/bottles?bin=${bin}&status=in_cellar`).then((list) => list.items);
    const before = await lying();
    for (const { bottle } of before) await cellar.post("/api/v1/movements", { kind: "issue", bottle_id: bottle.id, reason: "gift" });
    const many = before.length;
    const others = await cellar.get("/api/v1/bottles?status=in_cellar");
    const vintages = [...new Set(others.items.map(({ bottle }) => bottle.vintage_id))].slice(0, 2);
    const scan = (left) => cellar.scanWithout(Object.assign(missing, { [bin]: many - left }));
    await scan(0);
    const laid = [];
    for (const vintage of vintages) {
        const { bottle_id } = await cellar.post("/api/v1/movements", { kind: "receipt", vintage_id: vintage, bin });
        laid.push(bottle_id);
        await scan(laid.length);
    }
    assert.deepEqual(await cellar.get("/api/v1/proposals?state=open").then((list) => list.items ?? list), [], "all is as it should be");
    await cellar.post("/api/v1/movements", { kind: "issue", bottle_id: laid[0], reason: "drunk" });
    await scan(1);
    return [laid[1], laid[0]];
}

async function status(cellar, id) {
    const { bottle } = await cellar.get(`/api/v1/bottles/${id}`);
    return [bottle.status, bottle.bin];
}

async function setRight({ cellar, page, artifacts }, bin, name) {
    const [gone, stayed] = await mistake(cellar, bin);
    assert.deepEqual([await status(cellar, gone), await status(cellar, stayed)], [["in_cellar", bin], ["gone", null]]);
    await page.goto("/proposals");
    const card = page.getByRole("article", { name: `Another bottle lies in ${bin} than the book says` });
    await card.getByText(/ has gone, .* lies there/).waitFor();
    assert.equal(await card.getByRole("button", { name: "Not one" }).count(), 0);
    await page.screenshot({ path: path.join(artifacts, `mistaken-${name}.png`) });
    await card.getByRole("button", { name: "Yes" }).click();
    await card.waitFor({ state: "detached" });
    assert.deepEqual([await status(cellar, gone), await status(cellar, stayed)], [["gone", null], ["in_cellar", bin]]);
}

/** Somebody drinks the uppermost bottle of a bin and lays one from another bin in its place. What became of the one is asked, what came
 * then; the other bin asks for itself. */
async function replaced({ cellar, page, artifacts }, bin, other, name) {
    const photo = path.join(cellar.folder, "replaced.jpg");
    const without = Object.entries({ ...missing, [bin]: 1 }).flatMap(([id, n]) => ["--without", `${id}=${n}`]);
    await cellar.command("demo", "photo", ...without, "--moved", `${other}=${bin}`, photo);
    await cellar.command("stock", "run", "--source", `file:${photo}`, "--json");
    const lying = (at) => cellar.get(`/api/v1/bottles?bin=${at}&status=in_cellar`).then((list) => list.items.length);
    const [here, there] = [await lying(bin), await lying(other)];
    await page.goto("/proposals/all");
    await page.getByText(/^Another bottle lies in [^\u21c4]*: drunk$/).waitFor();
    await page.screenshot({ path: path.join(artifacts, `replaced-all-${name}.png`) });
    await page.goto("/proposals");
    const card = page.getByRole("article", { name: `Another bottle lies in ${bin} than the book says` });
    await card.getByText("Which one is gone?").waitFor();
    await page.screenshot({ path: path.join(artifacts, `replaced-${name}.png`) });
    await card.getByRole("button", { name: "Drunk" }).click();
    await card.waitFor({ state: "detached" });
    const next = page.getByRole("article", { name: `1 bottle more in ${bin}` });
    await next.waitFor();
    const from = page.getByRole("article", { name: `1 bottle missing from ${other}` });
    await from.getByRole("button", { name: "Moved" }).click();
    await from.waitFor({ state: "detached" });
    await next.getByText("Which one came?").waitFor();
    await page.screenshot({ path: path.join(artifacts, `replaced-then-${name}.png`) });
    await next.getByRole("button", { name: "Arrived" }).click();
    await next.waitFor({ state: "detached" });
    assert.deepEqual([await lying(bin), await lying(other)], [here, there - 1]);
}

export default [
    { name: "one tap at the kiosk sets both bottles right", size: KIOSK, run: (world) => setRight(world, "01_02", "kiosk") },
    { name: "and a click at a desk, without JavaScript", size: DESK, javascript: false, run: (world) => setRight(world, "03_03", "desk") },
    { name: "a bottle in the place of one that was drunk is asked about in two questions", size: KIOSK, run: (world) => replaced(world, "03_02", "01_04", "kiosk") },
];
