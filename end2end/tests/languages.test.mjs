// The app in the languages of the house: chosen by a tap, kept on the device, with no English left over.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { binWith, bottles, keep, read, toast, until } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";
import { pagesOf, visit } from "../lib/pages.mjs";

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

const choose = (cellar, page, language) =>
    page.context().addCookies([{ name: "lang", value: language, url: cellar.url }]);

async function speaks({ cellar, page, artifacts }, language, size) {
    await choose(cellar, page, language);
    const strange = english(language);
    for (const [name, one] of Object.entries(await pagesOf(cellar))) {
        if (one.admin) continue;
        await visit(page, one);
        assert.equal(await page.getAttribute("html", "lang"), language, one.at);
        assert.deepEqual((await said(page)).filter((text) => strange.has(text)), [], `${one.at} in ${language}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${one.at} in ${language} is ${wide} px wider than the screen`);
        await page.screenshot({ path: path.join(artifacts, `${name}-${language}-${size === KIOSK ? "kiosk" : "desk"}.png`) });
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
        await visit(page, (await pagesOf(cellar)).wine);
        await keep(page, artifacts, "wine-hu-kiosk", KIOSK);
    },
});
export default tests;
