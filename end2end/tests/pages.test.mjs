// Every page, on the kiosk, at a desk and on a phone: it answers, comes alive, says nothing in the console, and fits the screen.
import assert from "node:assert/strict";
import path from "node:path";
import { DESK, KIOSK, PHONE } from "../lib/browser.mjs";
import { PAGES, furnish, pagesOf, signIn, visit as open } from "../lib/pages.mjs";

async function visit({ cellar, page, artifacts }, name, suffix) {
    await furnish(cellar);
    if (PAGES[name].admin) await signIn(page.context(), cellar);
    await open(page, (await pagesOf(cellar))[name]);
    await page.screenshot({ path: path.join(artifacts, `${name}-${suffix}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the screen`);
    const [inside, widest] = await page.locator(".page").evaluate((el) => {
        const right = el.getBoundingClientRect().left + el.clientWidth;
        const out = [...el.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > right + 0.5);
        return [el.scrollWidth - el.clientWidth, out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
    });
    assert.ok(inside <= 0, `${name} is ${inside} px wider than its frame: ${widest.join(" | ")}`);
    const shell = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    assert.ok(shell <= 0, `the frame of ${name} scrolls by ${shell} px`);
}

const tests = [];
for (const name of Object.keys(PAGES)) {
    tests.push({ name: `${name} on the kiosk`, size: KIOSK, run: (world) => visit(world, name, "kiosk") });
    tests.push({ name: `${name} on a desk`, size: DESK, run: (world) => visit(world, name, "desk") });
    tests.push({ name: `${name} on a phone`, size: PHONE, run: (world) => visit(world, name, "phone") });
}
tests.push({ name: "home in daylight", size: KIOSK, scheme: "light", run: (world) => visit(world, "home", "light") });
tests.push({
    name: "an address that leads nowhere is a 404",
    async run({ page }) {
        const response = await page.goto("/no/such/page");
        assert.equal(response.status(), 404);
        page.forgive();
    },
});
export default tests;
