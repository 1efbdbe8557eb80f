// A list of wines that nobody owns comes in by the page, is searched, fills in a new wine, and goes again. The page is a document
// with forms, so it works without JavaScript too.
import assert from "node:assert/strict";
import path from "node:path";
import { read } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

const LIST = {
    name: "merchant.csv",
    mimeType: "text/csv",
    buffer: Buffer.from([
        "WineName,Type,Grapes,ABV,Country,RegionName,WineryName",
        "Pierre Levée,Red,\"['Carignan']\",13.5,France,Corbières,Mas Aubrac",
        "Steinacker,White,['Riesling'],11,Germany,Nahe,Weingut Sonnleitner",
    ].join("\n")),
};
const WRONG = { ...LIST, name: "wrong.csv", buffer: Buffer.from("Wine,Maker\nPierre Levée,Mas Aubrac\n") };

async function bringIn(page, file, name = "") {
    await read(page, "/catalogue");
    await page.getByLabel("Name of the list").fill(name);
    await page.getByLabel("File of the list").setInputFiles(file);
    await page.getByRole("button", { name: "Bring in" }).click();
}

function walk(javascript, size) {
    return async ({ cellar, page, artifacts }) => {
        await read(page, "/import");
        await page.getByRole("link", { name: "Lists" }).click();
        await page.getByRole("heading", { name: "Catalogue" }).waitFor();
        await bringIn(page, LIST);
        await page.getByText("2 wines are in: merchant.").waitFor();
        await page.getByLabel("Search the catalogue").fill("aubrak levee");
        await page.getByRole("button", { name: "Look for it" }).click();
        const found = page.locator("#from-catalogue > li").first();
        await found.getByText("Mas Aubrac Pierre Levée").waitFor();
        await page.screenshot({ path: path.join(artifacts, `catalogue-${javascript ? "kiosk" : "desk"}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the screen (${size.width})`);
        await found.getByRole("link", { name: "Fill in" }).click();
        await page.waitForURL("**/wines/new?*");
        assert.equal(await page.getByLabel("Producer").inputValue(), "Mas Aubrac");

        await bringIn(page, WRONG, "merchant");
        await page.getByText(/its first line must name the columns WineName, WineryName, Type/).waitFor();
        const lists = async () => (await cellar.get("/api/v1/catalogue")).map(({ name, wines }) => `${name} ${wines}`);
        assert.ok((await lists()).includes("merchant 2"), "what cannot be used changes nothing");

        await read(page, "/catalogue");
        const row = page.locator("#lists > li").filter({ hasText: "merchant" });
        await row.getByText("Take the list out").click();
        await page.screenshot({ path: path.join(artifacts, `catalogue-remove-${javascript ? "kiosk" : "desk"}.png`), fullPage: true });
        await row.getByRole("button", { name: "Remove it for good" }).click();
        await page.getByText("The list was taken out.").waitFor();
        assert.ok(!(await lists()).includes("merchant 2"));
    };
}

export default [
    { name: "a list of wines is brought in, used and taken out at the kiosk", size: KIOSK, run: walk(true, KIOSK) },
    { name: "the same without JavaScript at a desk", size: DESK, javascript: false, run: walk(false, DESK) },
    {
        name: "an empty list is told",
        javascript: false,
        async run({ page }) {
            await bringIn(page, { ...LIST, buffer: Buffer.alloc(0) });
            await page.getByText("No file was chosen, or it is empty.").waitFor();
        },
    },
];
