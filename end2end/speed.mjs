// How soon a page is seen, comes alive and answers a finger (to the next frame, as the browser's Event Timing has it; and until what
// was asked for is there, which the server has a part in): the release build, on this machine, at full speed and slowed
// down four times. Prints medians and the worst of all rounds; ends with code 1 where a goal is missed at the speed it is for.
//
//   WINECELLAR_BIN, WINECELLAR_SITE    as for run.mjs
//   node speed.mjs [ROUNDS]            default 9
import { KIOSK, launch, open } from "./lib/browser.mjs";
import { Cellar } from "./lib/cellar.mjs";

const rounds = Number(process.argv[2] ?? 9);
if (!(rounds >= 1)) {
    console.error("usage: node speed.mjs [ROUNDS]");
    process.exit(2);
}
const GOALS = { "first paint": { most: 200, at: 1 }, interactive: { most: 1000, at: 4 }, "tap is answered": { most: 100, at: 4 } };

const cellar = new Cellar();
const browser = await launch();
let missed = 0;
try {
    await cellar.make();
    const bin = Object.values(await cellar.bins()).find((one) => one.qty > 1).st_bin;
    for (const slower of [1, 4]) {
        for (const at of ["/", "/rack", `/bins/${bin}`]) {
            await tell(`${at} at 1/${slower} of the speed`, slower, ["first paint", "interactive"], () => load(at, slower));
        }
        const taps = await tapsAt(slower);
        await tell(`a finger at 1/${slower} of the speed`, slower, ["tap is answered", "place is there", "bottle is gone"], taps);
    }
} finally {
    await browser.close();
    await cellar.remove();
}
process.exit(missed ? 1 : 0);

/** Runs the rounds and prints what came of them. */
async function tell(title, slower, names, round) {
    const lists = Object.fromEntries(names.map((name) => [name, []]));
    for (let n = 0; n < rounds; n++) {
        const found = await round();
        for (const name of names) lists[name].push(found[name]);
    }
    for (const name of names) {
        const sorted = lists[name].sort((a, b) => a - b);
        const median = sorted[Math.floor(sorted.length / 2)];
        const goal = GOALS[name]?.at === slower ? GOALS[name].most : undefined;
        if (goal !== undefined && median >= goal) missed += 1;
        console.log(`${title.padEnd(34)} ${name.padEnd(16)} median ${median.toFixed(0).padStart(5)} ms, worst ${sorted.at(-1).toFixed(0).padStart(5)} ms${goal ? ` (goal ${goal})` : ""}`);
    }
}

async function slowed(slower) {
    const { context, page } = await open(browser, cellar.url, { size: KIOSK });
    context.setDefaultTimeout(30000);
    const inside = await context.newCDPSession(page);
    await inside.send("Emulation.setCPUThrottlingRate", { rate: slower });
    return { context, page };
}

/** A page that this browser has never seen: nothing of it is in a cache. */
async function load(at, slower) {
    const { context, page } = await slowed(slower);
    await page.addInitScript(() => {
        new MutationObserver((_, watch) => {
            if (!document.querySelector("[data-alive]")) return;
            window.aliveAt = performance.now();
            watch.disconnect();
        }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-alive"] });
    });
    await page.goto(at);
    await page.waitForFunction(() => window.aliveAt && performance.getEntriesByName("first-contentful-paint").length);
    const found = await page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, window.aliveAt]);
    await context.close();
    return { "first paint": found[0], interactive: found[1] };
}

/** From the finger that lifts to the frame that shows what it did. Each round taps a place and takes a bottle. */
async function tapsAt(slower) {
    const { page } = await slowed(slower);
    return async () => {
        const bin = Object.values(await cellar.bins()).find((one) => one.qty > 1).st_bin;
        await page.goto(`/bins/${bin}`);
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        const place = await tap(page, ".nav a[href='/bottles']", ".search-wide");
        await page.goto(`/bins/${bin}`);
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        const drunk = await tap(page, ".bottles-tall button:has(use[href$='#glass'])", ".toast");
        return { "tap is answered": Math.max(place.answered, drunk.answered), "place is there": place.done, "bottle is gone": drunk.done };
    };
}

/** Taps it and waits, in the page, for the first frame in which the other is there. */
async function tap(page, target, shown) {
    await page.evaluate((shown) => {
        window.answered = 0;
        new PerformanceObserver((list) => {
            for (const one of list.getEntries()) if (/^(pointer|click)/.test(one.name)) window.answered = Math.max(window.answered, one.duration);
        }).observe({ type: "event", durationThreshold: 16 });
        window.done = new Promise((done) => {
            addEventListener("pointerup", (event) => {
                const look = () => (document.querySelector(shown) ? requestAnimationFrame(() => done(performance.now() - event.timeStamp)) : requestAnimationFrame(look));
                look();
            }, { once: true, capture: true });
        });
    }, shown);
    await page.locator(target).first().tap();
    const done = await page.evaluate(() => window.done);
    // The browser tells of events when it has time; two frames later it has. What is below 16 ms it never tells.
    const answered = await page.evaluate(() => new Promise((told) => requestIdleCallback(() => requestAnimationFrame(() => requestIdleCallback(() => told(window.answered || 16))))));
    return { answered, done };
}
