// The app in the languages of the house: chosen by a tap, kept on the device, with no English left over.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { binWith, bottles, go, keep, read, toast, until } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

const TABLES = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../app/texts");

/** A language's texts by name, each in its first form. */
function texts(language) {
    const lines = fs.readFileSync(path.join(TABLES, `${language}.txt`), "utf8").split("\n");
    return new Map(lines.filter((line) => line.includes(" = ")).map((line) => {
        const at = line.indexOf(" = ");
        return [line.slice(0, at), line.slice(at + 3).split(" | ")[0]];
    }));
}

/** What a page says: its texts, and the names that are only heard. */
const said = (page) => page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (!["SCRIPT", "STYLE"].includes(walk.currentNode.parentElement.tagName)) found.push(walk.currentNode.data.trim());
    }
    for (const el of document.querySelectorAll("[aria-label], [placeholder], [alt]")) {
        found.push(el.getAttribute("aria-label") ?? el.getAttribute("placeholder") ?? el.getAttribute("alt"));
    }
    return found.filter(Boolean);
});

/** English texts of more than one word that this language says otherwise: whoever meets one sees a hole. */
function english(language) {
    const [known, here] = [texts("en"), texts(language)];
    return new Set([...known].filter(([name, text]) => text.includes(" ") && !text.includes("{") && here.get(name) !== text).map(([, text]) => text));
}

const ALIVE = ["/", "/rack", "bin", "/bottles", "/proposals", "/history", "/who", "wine"];
const DOCUMENTS = ["/scans", "/archive", "/several", "/guests", "/device", "/numbers", "/import", "/help", "/wishes", "/wines/new", "edit", "receive", "bottle", "/sign-in"];

async function address(cellar, place) {
    if (place === "bin") return `/bins/${await binWith(cellar, 2)}`;
    const bottle = (await (await fetch(`${cellar.url}/api/v1/bottles?limit=1`)).json()).items[0];
    if (place === "bottle") return `/bottles/${bottle.bottle.id}`;
    const wine = (await (await fetch(`${cellar.url}/api/v1/wines?limit=1`)).json()).items[0].id;
    return { wine: `/wines/${wine}`, edit: `/wines/${wine}/edit`, receive: `/wines/${wine}/receive` }[place] ?? place;
}

const choose = (cellar, page, language) =>
    page.context().addCookies([{ name: "lang", value: language, url: cellar.url }]);

async function speaks({ cellar, page, artifacts }, language, size) {
    await choose(cellar, page, language);
    const strange = english(language);
    for (const place of [...ALIVE, ...DOCUMENTS]) {
        const at = await address(cellar, place);
        await (ALIVE.includes(place) ? go : read)(page, at);
        assert.equal(await page.getAttribute("html", "lang"), language, at);
        assert.deepEqual((await said(page)).filter((text) => strange.has(text)), [], `${at} in ${language}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${at} in ${language} is ${wide} px wider than the screen`);
        const name = `${place.replaceAll("/", "") || "home"}-${language}-${size === KIOSK ? "kiosk" : "desk"}`;
        await page.screenshot({ path: path.join(artifacts, `${name}.png`) });
    }
}

const tests = [{
    name: "a tap chooses, and the toast speaks it too",
    async run({ cellar, page }) {
        await read(page, "/device");
        await page.getByRole("button", { name: "Deutsch" }).tap();
        await page.locator("html[lang=de] h1").waitFor();
        const words = texts("de");
        const bin = await binWith(cellar, 2);
        await page.goto(`/bins/${bin}`);
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        const here = await bottles(page).count();
        await bottles(page).first().getByRole("button", { name: new RegExp(`^${words.get("drunk_title")}`) }).tap();
        await toast(page).getByText(words.get("drunk")).waitFor();
        await toast(page).getByRole("button", { name: words.get("undo") }).tap();
        await toast(page).getByText(words.get("undone").replace("{title}: ", "")).waitFor();
        await until("the bottle lies there again", async () => (await bottles(page).count()) === here);
    },
}];
for (const language of ["hu", "de", "fr"]) {
    tests.push({ name: `no page falls back into English: ${language} on the kiosk`, size: KIOSK, run: (world) => speaks(world, language, KIOSK) });
}
tests.push({ name: "no page falls back into English: hu on a desk", size: DESK, run: (world) => speaks(world, "hu", DESK) });
tests.push({
    name: "letters of another language fit the wine's page",
    async run({ cellar, page, artifacts }) {
        await choose(cellar, page, "hu");
        await go(page, await address(cellar, "wine"));
        await keep(page, artifacts, "wine-hu-kiosk", KIOSK);
    },
});
export default tests;
