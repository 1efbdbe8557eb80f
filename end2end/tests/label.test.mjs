// A photo of a label becomes a bottle in a bin. The label is one of our own, laid out as a page and photographed by the browser.
import assert from "node:assert/strict";
import path from "node:path";
import { read } from "../lib/act.mjs";
import { DESK } from "../lib/browser.mjs";

const label = (producer, name, year) => `<body style="margin:0;background:#222"><div style="margin:60px 70px;height:500px;
    background:#f6f1e4;color:#222;text-align:center;font-family:serif;padding-top:40px">
    <div style="font-size:34px">${producer}</div><div style="font-size:30px;margin-top:60px">${name}</div>
    <div style="font-size:34px;margin-top:50px">${year}</div><div style="font-size:18px;margin-top:120px">750 ml &nbsp; 13,5 % vol</div></div></body>`;

/** A photo of a label. */
async function photo(page, ...words) {
    const studio = await page.context().newPage();
    await studio.setViewportSize({ width: 480, height: 640 });
    await studio.setContent(label(...words));
    const buffer = await studio.screenshot({ type: "png" });
    await studio.close();
    return { name: "label.png", mimeType: "image/png", buffer };
}

/** Reading takes seconds on a busy machine. */
const PATIENCE = { timeout: 60_000 };

export default [
    {
        name: "a photo of a wine that is known becomes a bottle in a bin, without JavaScript",
        size: DESK,
        javascript: false,
        async run({ cellar, page, artifacts }) {
            const [wine] = (await cellar.get("/api/v1/wines?limit=1")).items;
            const of = async () => (await cellar.get(`/api/v1/bottles?wine=${wine.id}&status=in_cellar`)).items;
            const before = (await of()).length;
            const shot = await photo(page, wine.producer, wine.name, "2016");
            await read(page, "/label");
            await page.getByLabel("Front label").setInputFiles(shot);
            await page.getByRole("button", { name: "Read a label" }).click();
            await page.waitForURL("**/label?read=*", PATIENCE);
            await page.screenshot({ path: path.join(artifacts, "label-read-desk.png"), fullPage: true });
            const best = page.locator(".history > li").first();
            assert.match(await best.innerText(), new RegExp(`${wine.producer}.*2016`), "the wine and its year come first");
            await best.getByRole("link", { name: "Receive" }).click();
            await page.waitForURL("**/receive?*");
            await page.getByLabel("Into").selectOption({ index: 1 });
            await page.getByRole("button", { name: "Receive" }).click();
            await page.waitForURL(`**/wines/${wine.id}*`);
            const after = await of();
            assert.equal(after.length, before + 1);
            assert.ok(after.some((view) => view.year === 2016 && view.bottle.bin), "the bottle is in a bin");
        },
    },
    {
        name: "the shutter is enough, and a label of an unknown wine fills the form",
        async run({ page, artifacts }) {
            const shot = await photo(page, "WEINGUT BRANDTNER", "Riesling Spätlese<br>Rheingau", "2019");
            await read(page, "/label");
            await page.screenshot({ path: path.join(artifacts, "label-kiosk.png") });
            await page.getByLabel("Front label").setInputFiles(shot);
            await page.waitForURL("**/label?read=*", PATIENCE);
            await page.screenshot({ path: path.join(artifacts, "label-read-kiosk.png"), fullPage: true });
            await page.getByRole("link", { name: "Enter as a new wine" }).click();
            await page.waitForURL("**/wines/new?*");
            assert.match(await page.getByLabel("Producer").inputValue(), /brandtner/i);
            assert.equal(await page.getByLabel("Country").inputValue(), "Germany");
            assert.equal(await page.getByLabel("Region", { exact: true }).inputValue(), "Rheingau");
        },
    },
    {
        name: "a label of a wine of the catalogue is entered as that in one tap",
        async run({ page, artifacts }) {
            const shot = await photo(page, "Casa Valduga", "Origem Merlot", "2018");
            await read(page, "/label");
            await page.getByLabel("Front label").setInputFiles(shot);
            await page.waitForURL("**/label?read=*", PATIENCE);
            await page.screenshot({ path: path.join(artifacts, "label-catalogue-kiosk.png"), fullPage: true });
            const listed = page.locator("#from-catalogue > li").first();
            assert.match(await listed.innerText(), /Casa Valduga Origem Merlot.*Brazil.*X-Wines/s);
            await listed.getByRole("link", { name: "Fill in" }).click();
            await page.waitForURL("**/wines/new?*");
            assert.equal(await page.getByLabel("Producer").inputValue(), "Casa Valduga");
            assert.equal(await page.getByLabel("Region", { exact: true }).inputValue(), "Vale dos Vinhedos");
            assert.equal(await page.getByLabel("Grapes").inputValue(), "Merlot");
            assert.equal(await page.getByLabel("Vintage").first().inputValue(), "2018", "the label's own year");
            await page.screenshot({ path: path.join(artifacts, "new-from-catalogue-kiosk.png"), fullPage: true });
            await page.setViewportSize({ width: 1280, height: 800 });
            await read(page, "/wines/new?find=valduga");
            await page.screenshot({ path: path.join(artifacts, "catalogue-search-desk.png") });
            assert.ok((await page.locator("#from-catalogue > li").count()) >= 1);
        },
    },
    {
        name: "what is no picture is told",
        javascript: false,
        async run({ page }) {
            await read(page, "/label");
            await page.getByLabel("Front label").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
            await page.getByRole("button", { name: "Read a label" }).click();
            await page.waitForURL("**/label?why=*", PATIENCE);
            await page.getByText(/no JPEG, PNG or WebP/).waitFor();
        },
    },
];
