// The screen beside the rack, by touch alone: its keyboard, its own settings, and what it shows when nobody is there.
import assert from "node:assert/strict";
import path from "node:path";
import { binWith, go, read, until } from "../lib/act.mjs";
import { DESK, KIOSK } from "../lib/browser.mjs";
import { pagesOf, visit } from "../lib/pages.mjs";

const key = (page, name) => page.locator(`.keyboard [data-key="${name}"]`);

/** Types on the keyboard of the screen, a tap for each letter. */
async function type(page, text) {
    for (const letter of text) await key(page, letter).tap();
}

/** A finger that stays on a key until more letters come up. */
async function hold(page, name) {
    const box = await key(page, name).boundingBox();
    const finger = await page.context().newCDPSession(page);
    const at = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at });
    await page.locator(".keyboard-more").waitFor();
    await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** The field is in view and the keyboard does not lie on it. */
async function inView(page, field) {
    const [box, board] = [await field.boundingBox(), await page.locator(".keyboard").boundingBox()];
    assert.ok(box.y >= 0 && box.y + box.height <= board.y, `the field ends at ${box.y + box.height}, the keyboard begins at ${board.y}`);
}

export default [{
    name: "a wine is found by touch alone, with its accent",
    size: KIOSK,
    async run({ page, artifacts }) {
        await go(page, "/bottles");
        const field = page.getByLabel("Search bottles");
        await page.evaluate(() => {
            window.typed = [];
            document.addEventListener("input", (event) => window.typed.push([event.inputType, event.isTrusted]));
        });
        assert.equal(await page.locator(".keyboard").count(), 0, "there is none before a field is touched");
        await field.tap();
        await page.locator(".keyboard").waitFor();
        await inView(page, field);
        for (const one of await page.locator(".key").all()) {
            const box = await one.boundingBox();
            assert.ok(box.width >= 48 && box.height >= 48, `${await one.innerText()} is ${box.width}x${box.height}`);
        }
        await type(page, "k");
        await hold(page, "e");
        await page.screenshot({ path: path.join(artifacts, "keyboard-kiosk.png") });
        await page.locator(".keyboard-more [data-key='\u00e9']").tap();
        await type(page, "kx");
        await key(page, "Backspace").tap();
        await type(page, "fr");
        assert.equal(await field.inputValue(), "k\u00e9kfr");
        assert.ok((await page.evaluate(() => window.typed)).every(([kind, trusted]) => trusted && /^(insertText|deleteContent)/.test(kind)), "the browser's own events");
        await key(page, "Enter").tap();
        await page.waitForURL(/q=k%C3%A9kfr/);
        await page.locator(".bottle", { hasText: "K\u00e9kfrankos" }).first().waitFor();
        await page.locator(".keyboard").waitFor({ state: "hidden" });
    },
}, {
    name: "the keyboard types into documents of the desk too, in the middle of a word and no more than fits",
    size: KIOSK,
    async run({ page, artifacts }) {
        await read(page, "/wines/new");
        const field = page.getByLabel("Appellation", { exact: true });
        await field.tap();
        await inView(page, field);
        await key(page, "Shift").tap();
        await type(page, "Bandl");
        await field.evaluate((el) => el.setSelectionRange(4, 4));
        await type(page, "o");
        assert.equal(await field.inputValue(), "Bandol");
        await page.screenshot({ path: path.join(artifacts, "keyboard-document-kiosk.png") });
        await field.evaluate((el) => { el.maxLength = 7; el.setSelectionRange(6, 6); });
        await key(page, "Signs").tap();
        await type(page, "!?");
        assert.equal(await field.inputValue(), "Bandol!");
        await key(page, "Close").tap();
        await page.locator(".keyboard").waitFor({ state: "hidden" });
        // A last field is above the keyboard as well.
        const last = page.locator("input[type=text]").last();
        await last.tap();
        await inView(page, last);
        await page.locator("h1").tap();
        await page.locator(".keyboard").waitFor({ state: "hidden" });
    },
}, {
    name: "letters come by the language of the page",
    size: KIOSK,
    async run({ page }) {
        await read(page, "/wishes");
        for (const [lang, first, own] of [["hu", "q", "\u0151\u00fa\u00e9\u00e1\u0171\u00ed\u00f6\u00fc\u00f3"], ["de", "q", "\u00fc\u00f6\u00e4\u00df"], ["fr", "a", "\u00e9\u00e8\u00e7\u00e0"]]) {
            await page.evaluate((lang) => { document.documentElement.lang = lang; }, lang);
            await page.locator("h1").tap();
            await page.locator("input[type=text]").first().tap();
            assert.equal(await page.locator(".keyboard-row:nth-child(2) .key").first().innerText(), first, lang);
            for (const letter of own) await key(page, letter).waitFor();
            const narrow = await page.locator(".key").evaluateAll((keys) => keys.filter((el) => el.getBoundingClientRect().width < 48).map((el) => el.textContent));
            assert.deepEqual(narrow, [], lang);
        }
    },
}, {
    name: "whoever has keys and a mouse is left alone",
    size: DESK,
    async run({ page }) {
        await go(page, "/bottles");
        await page.getByLabel("Search bottles").click();
        await page.keyboard.type("tok");
        assert.equal(await page.locator(".keyboard").count(), 0);
    },
}, {
    name: "a screen has its own size and colours, also without JavaScript",
    size: KIOSK,
    javascript: false,
    async run({ cellar, page, artifacts }) {
        await read(page, "/");
        await page.getByRole("link", { name: "This screen" }).tap();
        await page.getByLabel("Size of everything").selectOption("120");
        await page.getByLabel("Colours").selectOption("light");
        await page.getByRole("button", { name: "Save" }).tap();
        await page.getByText("Kept on this screen.").waitFor();
        await page.screenshot({ path: path.join(artifacts, "device-kiosk.png") });
        const bin = await binWith(cellar, 1);
        for (const place of ["/", `/bins/${bin}`, "/help"]) {
            // The document itself says so: there is no first paint that is otherwise.
            const html = await (await page.goto(place)).text();
            assert.match(html.slice(0, 400), /data-scale="120"/, place);
            const title = await page.locator("h1").first().evaluate((el) => [getComputedStyle(document.documentElement).fontSize, getComputedStyle(el).color]);
            assert.deepEqual(title, ["21.6px", "rgb(42, 26, 31)"], place);
        }
        assert.equal(await page.getByLabel("Colours").count(), 0);
        await read(page, "/device");
        assert.equal(await page.getByLabel("Colours").inputValue(), "light");
    },
}, {
    name: "no page is wider than the kiosk at any size that a screen can be set to",
    size: KIOSK,
    async run({ cellar, page }) {
        const pages = Object.entries(await pagesOf(cellar)).filter(([, place]) => !place.admin);
        for (const scale of [60, 140]) {
            await page.context().addCookies([{ name: "device", value: `scale:${scale}`, url: cellar.url }]);
            for (const [name, place] of pages) {
                await visit(page, place);
                const wide = await page.locator(".page").evaluate((el) => el.scrollWidth - el.clientWidth);
                assert.ok(wide <= 0, `${name} at ${scale} % is ${wide} px wider than its frame`);
            }
        }
    },
}, {
    name: "an idle screen shows the rack and the time, and a touch wakes it and does nothing else",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const bin = await binWith(cellar, 2);
        await cellar.scanWithout({ [bin]: 1 });
        await page.clock.install();
        await go(page, "/");
        const idle = page.locator(".idle");
        await page.clock.fastForward(4 * 60000);
        assert.equal(await idle.count(), 0);
        await page.clock.fastForward(70000);
        await idle.locator(".plan-svg").waitFor();
        assert.match(await idle.locator("time").innerText(), /^\d\d[:.]\d\d/);
        const words = await idle.innerText();
        assert.match(words, /needs a look/);
        assert.match(words, /ready tonight/);
        await page.screenshot({ path: path.join(artifacts, "idle-kiosk.png") });
        // What happens in the cellar shows here too.
        const [proposal] = (await cellar.get("/api/v1/proposals?state=open")).items;
        await cellar.post(`/api/v1/proposals/${proposal.id}/reject`, { note: "glare" });
        await page.clock.fastForward(3000);
        await until("the difference is gone", async () => !/needs a look/.test(await idle.innerText()), 15000);
        const rack = await page.locator(".nav a[href='/rack']").boundingBox();
        const at = [rack.x + rack.width / 2, rack.y + rack.height / 2];
        await page.touchscreen.tap(...at);
        await idle.waitFor({ state: "detached" });
        await page.clock.fastForward(2000);
        assert.equal(new URL(page.url()).pathname, "/", "the touch pressed nothing beneath");
        await page.touchscreen.tap(...at);
        await page.waitForURL("**/rack");
    },
}];
