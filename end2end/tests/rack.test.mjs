// Looking at the rack from near: by two fingers, by keys, by a mouse; a bin is still one tap away.
import assert from "node:assert/strict";
import path from "node:path";
import { go, until } from "../lib/act.mjs";
import { DESK, KIOSK, PHONE } from "../lib/browser.mjs";

/** The part of the drawing that is seen: x, y, width, height. */
const seen = (page) => page.locator(".plan-svg").first().evaluate((svg) => svg.getAttribute("viewBox").split(" ").map(Number));
const middle = async (locator) => {
    const box = await locator.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Fingers that go along ways, each of points. They rest before they leave: a throw would have to be stopped by a tap of its own. */
async function touch(page, ways) {
    const hand = await page.context().newCDPSession(page);
    const steps = 8;
    const at = (step) => ways.map(([from, to], id) => ({ x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps, id }));
    const began = Date.now() / 1000;
    const send = (type, step, after) => hand.send("Input.dispatchTouchEvent", { type, touchPoints: step === null ? [] : at(step), timestamp: began + after });
    await send("touchStart", 0, 0);
    for (let step = 1; step <= steps; step += 1) await send("touchMove", step, step * 0.02);
    await send("touchMove", steps, 0.6);
    await send("touchEnd", null, 0.61);
}

const pinch = (page, { x, y }, from, to) => touch(page, [[{ x: x - from, y }, { x: x - to, y }], [{ x: x + from, y }, { x: x + to, y }]]);
const drag = (page, { x, y }, [dx, dy]) => touch(page, [[{ x, y }, { x: x + dx, y: y + dy }]]);

async function byTouch({ cellar, page, artifacts }) {
    await go(page, "/rack?view=photo");
    const whole = await seen(page);
    const svg = page.locator(".plan-svg").first();
    const at = await middle(svg);
    await pinch(page, at, 40, 120);
    const near = await seen(page);
    assert.ok(Math.abs(near[2] - whole[2] / 3) < whole[2] * 0.05, `fingers three times as far apart show a third: ${near[2]} of ${whole[2]}`);
    assert.equal(new URL(page.url()).pathname, "/rack", "two fingers open no bin");
    await page.screenshot({ path: path.join(artifacts, `rack-near-${page.viewportSize().width}.png`) });

    await drag(page, at, [-60, -30]);
    const moved = await seen(page);
    assert.ok(moved[0] > near[0] && moved[1] > near[1] && Math.abs(moved[2] - near[2]) < 0.01, `the drawing goes with the finger: ${near} ${moved}`);
    assert.equal(new URL(page.url()).pathname, "/rack", "a finger that has moved the rack opens no bin");

    // The cellar changes, and nothing jumps.
    const { bottle } = (await cellar.get("/api/v1/bottles?limit=100")).items.find((one) => one.bottle.bin);
    const count = page.locator(`.cell a[href="/bins/${bottle.bin}"]`);
    const before = await count.getAttribute("aria-label");
    await cellar.post("/api/v1/movements", { kind: "move", bottle_id: bottle.id, bin: null });
    await until("the drawing tells it", async () => (await count.getAttribute("aria-label")) !== before);
    assert.deepEqual(await seen(page), moved);

    const bin = await page.evaluate(([x, y]) => document.elementFromPoint(x, y).closest(".cell a")?.getAttribute("href"), [at.x, at.y]);
    if (bin) {
        await page.touchscreen.tap(at.x, at.y);
        await page.waitForURL(`**${bin}`);
        await page.goBack();
    }
    await pinch(page, await middle(svg), 150, 10);
    assert.deepEqual(await seen(page), whole, "pinched together it is whole again");
}

export default [
    { name: "two fingers come nearer, one looks around, a tap opens the bin", size: KIOSK, run: byTouch },
    { name: "the same on a phone", size: PHONE, run: byTouch },
    {
        name: "keys and a mouse come nearer too",
        size: DESK,
        async run({ page }) {
            await go(page, "/rack");
            const whole = await seen(page);
            const [farther, nearer] = [page.getByRole("button", { name: "See more of it" }), page.getByRole("button", { name: "Come nearer" })];
            assert.ok(await farther.isDisabled());
            for (let n = 0; n < 2; n += 1) await nearer.click();
            assert.ok((await seen(page))[2] < whole[2] / 2);
            // Whoever walks by key sees the bin that is meant.
            await page.locator(".cell a").first().focus();
            const box = await page.locator(".cell a").first().boundingBox();
            const frame = await page.locator(".plan-svg").first().boundingBox();
            assert.ok(box.x + box.width / 2 >= frame.x && box.y + box.height / 2 >= frame.y, `the first bin came into view: ${JSON.stringify([box, frame])} ${await seen(page)}`);
            while (await farther.isEnabled()) await farther.click();
            assert.deepEqual(await seen(page), whole);
            const at = await middle(page.locator(".plan-svg").first());
            await page.mouse.move(at.x, at.y);
            await page.keyboard.down("Control");
            await page.mouse.wheel(0, -240);
            await page.keyboard.up("Control");
            await until("the wheel comes nearer", async () => (await seen(page))[2] < whole[2] / 2);
        },
    },
];
