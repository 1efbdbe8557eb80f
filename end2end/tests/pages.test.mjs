// Every page, at both sizes: it answers, comes alive, says nothing in the console, and fits the screen.
import assert from "node:assert/strict";
import path from "node:path";
import { go, read } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";

const PAGES = {
    home: "/",
    rack: "/rack",
    "rack-photo": "/rack?view=photo",
    "rack-differences": "/rack?view=differences",
    bin: "bin",
    bottles: "/bottles",
    proposals: "/proposals",
    scan: "scan",
    history: "/history",
    who: "/who",
};

/** Pages of the desk are documents: they do not come alive. */
const DOCUMENTS = {
    scans: "/scans", archive: "/archive", numbers: "/numbers", import: "/import", help: "/help", "sign-in": "/sign-in", wishes: "/wishes", "wine-new": "/wines/new",
};

/** Pages of one thing need its name. */
async function address(cellar, place) {
    if (place === "bin") return `/bins/${(Object.values(await cellar.bins()).find((b) => b.qty > 1)).st_bin}`;
    return place;
}

async function visit({ cellar, page, artifacts }, name, place, suffix) {
    if (place === "scan") {
        await read(page, "/scans");
        await page.locator(".history a").first().click();
        await page.locator(".facts").waitFor();
    } else if (name in DOCUMENTS) {
        await read(page, place);
    } else {
        await go(page, await address(cellar, place));
    }
    await page.waitForLoadState("load");
    await page.screenshot({ path: path.join(artifacts, `${name}-${suffix}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the screen`);
    const shell = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    assert.ok(shell <= 0, `the frame of ${name} scrolls by ${shell} px`);
}

const tests = [{
    name: "prepare a difference",
    async run({ cellar }) {
        const bin = Object.values(await cellar.bins()).find((b) => b.qty > 1);
        await cellar.scanWithout({ [bin.st_bin]: 1 });
    },
}];
for (const [name, place] of Object.entries({ ...PAGES, ...DOCUMENTS })) {
    tests.push({ name: `${name} on the kiosk`, size: KIOSK, run: (world) => visit(world, name, place, "kiosk") });
    tests.push({ name: `${name} on a desk`, size: DESK, run: (world) => visit(world, name, place, "desk") });
}
tests.push({ name: "home in daylight", size: KIOSK, scheme: "light", run: (world) => visit(world, "home", "/", "light") });
tests.push({ name: "home on a phone", size: { width: 390, height: 844 }, run: (world) => visit(world, "home", "/", "phone") });
tests.push({
    name: "touch targets are large enough",
    async run({ cellar, page }) {
        for (const place of ["/", "bin", "/proposals", "/bottles"]) {
            await go(page, await address(cellar, place));
            const small = await page.evaluate(() => [...document.querySelectorAll("button, .nav a, select, input[type=search], .choice")]
                .map((el) => [el.getBoundingClientRect(), el.outerHTML.slice(0, 90)])
                .filter(([box]) => box.width && (box.width < 48 || box.height < 48))
                .map(([box, html]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`));
            assert.deepEqual(small, [], place);
        }
    },
});
tests.push({
    name: "an address that leads nowhere is a 404",
    async run({ page }) {
        const response = await page.goto("/no/such/page");
        assert.equal(response.status(), 404);
        page.forgive();
    },
});
export default tests;
