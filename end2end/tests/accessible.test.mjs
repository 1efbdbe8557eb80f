// Every page can be used by everybody: axe finds nothing serious, dark and light, on the kiosk and at a desk; on the kiosk
// text is 18 px and a target 48 px or more.
import assert from "node:assert/strict";
import { DESK, KIOSK } from "../lib/browser.mjs";
import { barriers, smallTargets, smallText } from "../lib/measure.mjs";
import { furnish, pagesOf, signIn, visit } from "../lib/pages.mjs";

const ALL_IN_VIEW = { width: KIOSK.width, height: 12000 };

/** One load of the page: sizes and themes change under it. */
async function examine(page, place) {
    await visit(page, place);
    const found = [];
    const note = (look, list) => found.push(...list.map((line) => `${look}: ${line}`));
    note("kiosk, dark", await barriers(page));
    await page.emulateMedia({ colorScheme: "light" });
    note("kiosk, light", await barriers(page, ["color-contrast"]));
    await page.setViewportSize(DESK);
    note("desk, light", await barriers(page));
    await page.emulateMedia({ colorScheme: "dark" });
    note("desk, dark", await barriers(page, ["color-contrast"]));
    await page.setViewportSize(KIOSK);
    note("text", await smallText(page, 18));
    // So tall that all of it is in view; nothing is laid out by the height but the tiles of the home page.
    await page.setViewportSize(ALL_IN_VIEW);
    note("target", await smallTargets(page, 48));
    await page.setViewportSize(KIOSK);
    return found;
}

async function walk({ cellar, page }, admin) {
    await furnish(cellar);
    const found = [];
    for (const [name, place] of Object.entries(await pagesOf(cellar))) {
        if (place.admin !== admin) continue;
        found.push(...(await examine(page, place)).map((line) => `${name}: ${line}`));
    }
    assert.ok(!found.length, `\n${found.join("\n")}`);
}

export default [{
    name: "every page of the kiosk and the desk",
    size: KIOSK,
    run: (world) => walk(world, false),
}, {
    name: "every page of an admin",
    size: KIOSK,
    async run(world) {
        await furnish(world.cellar);
        await signIn(world.page.context(), world.cellar);
        await walk(world, true);
    },
}];
