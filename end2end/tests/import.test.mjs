// Another program's cellar comes in by the page: chosen, looked at, taken over, taken back. The page is a document with
// forms, so the same walk is made with and without JavaScript.
import assert from "node:assert/strict";
import path from "node:path";
import { go, read } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

const LIST = {
    name: "list.csv",
    mimeType: "text/csv",
    buffer: Buffer.from([
        "iWine,WineBarcode,Quantity,Pending,Location,Bin,Size,Price,Currency,Vintage,Wine,Country,Region,Producer,Type,MasterVarietal",
        "1,W1,3,0,Cellar,,750ml,20.50,EUR,2015,Clos Élise,France,Loire,Domaine Vasseur,White,Chenin Blanc",
        "2,W2,1,0,Cellar,,1500ml,80,EUR,1001,Grande Année,France,Champagne,Maison Roussel,White - Sparkling,Chardonnay",
        "3,W3,many,0,Cellar,,750ml,10,EUR,2019,Broken Line,Italy,Toscana,Tenuta Moretti,Red,Sangiovese",
    ].join("\n")),
};
const PLAIN = {
    name: "regal.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("Haus;Was;Wann;Wieviel\nWeingut Brandt;Sonnenhang;2020;2\n"),
};

const bottles = async (cellar) => (await cellar.get("/api/v1/holdings?limit=1&facets=0")).bottles;

/** Chooses a file and gives the page with its preview. */
async function look(page, file) {
    await read(page, "/import");
    await page.getByLabel("File to import").setInputFiles(file);
    await page.getByRole("button", { name: "Show what will happen" }).click();
    await page.waitForURL("**/import?upload=*");
}

function walk(javascript, size) {
    return async ({ cellar, page, artifacts }) => {
        const before = await bottles(cellar);
        await look(page, LIST);
        const main = page.locator("main");
        assert.match(await main.innerText(), /4 new bottles/);
        assert.match(await main.innerText(), /the quantity .many. is no number/, "the bad line is told with its reason");
        assert.equal(await bottles(cellar), before, "a preview changes nothing");
        await page.screenshot({ path: path.join(artifacts, `import-preview-${javascript ? "kiosk" : "desk"}.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the preview is ${wide} px wider than the screen (${size.width})`);
        await page.getByRole("button", { name: "Import", exact: true }).click();
        await page.getByRole("heading", { name: "Imported: list.csv" }).waitFor();
        assert.equal(await bottles(cellar), before + 4);
        await page.screenshot({ path: path.join(artifacts, `import-report-${javascript ? "kiosk" : "desk"}.png`) });

        await look(page, LIST);
        assert.match(await main.innerText(), /0 new bottles.*4 known already/s, "the same file again brings nothing");
        await page.getByRole("button", { name: "Import (nothing will change)" }).waitFor();
        if (javascript) {
            // The history tells it in one line, and takes it back from there.
            await go(page, "/history");
            const line = page.locator(".history > li").filter({ hasText: "list.csv" });
            await line.getByText("imported: 4 bottles").waitFor();
            await page.screenshot({ path: path.join(artifacts, "history-import-kiosk.png") });
            await line.getByRole("button", { name: "Undo" }).tap();
            await page.locator(".toast").getByText("undone").waitFor();
        } else {
            await read(page, "/import");
            await page.getByRole("link", { name: "Report" }).first().click();
            await page.getByRole("button", { name: "Undo" }).click();
            await page.getByRole("heading", { name: "Taken back: list.csv" }).waitFor();
        }
        assert.equal(await bottles(cellar), before);
        assert.equal((await cellar.get("/api/v1/holdings?q=vasseur")).bottles, 0);
    };
}

export default [
    { name: "a file is looked at, brought in and taken back at the kiosk", size: KIOSK, run: walk(true, KIOSK) },
    { name: "the same without JavaScript at a desk", size: DESK, javascript: false, run: walk(false, DESK) },
    {
        name: "columns of a plain table are named by hand",
        size: DESK,
        async run({ cellar, page, artifacts }) {
            await look(page, PLAIN);
            await page.getByLabel("Haus").selectOption("producer");
            await page.getByLabel("Was", { exact: true }).selectOption("name");
            await page.getByLabel("Wann").selectOption("year");
            await page.getByLabel("Wieviel").selectOption("count");
            await page.getByRole("button", { name: "Show again" }).click();
            await page.getByText(/: 2 new bottles/).waitFor();
            await page.screenshot({ path: path.join(artifacts, "import-mapping-desk.png"), fullPage: true });
            await page.getByRole("button", { name: "Import", exact: true }).click();
            await page.getByRole("heading", { name: "Imported: regal.csv" }).waitFor();
            assert.equal((await cellar.get("/api/v1/holdings?q=sonnenhang")).bottles, 2);
        },
    },
    {
        name: "an empty choice is told",
        javascript: false,
        async run({ page }) {
            await read(page, "/import");
            await page.getByLabel("File to import").setInputFiles({ name: "empty.csv", mimeType: "text/csv", buffer: Buffer.alloc(0) });
            await page.getByRole("button", { name: "Show what will happen" }).click();
            await page.getByText("No file was chosen, or it is empty.").waitFor();
        },
    },
];
