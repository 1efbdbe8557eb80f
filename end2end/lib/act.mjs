// What a person does and looks for, so that the tests read like goals.
import assert from "node:assert/strict";
import path from "node:path";

/** Opens a page and waits until it has come alive. */
export async function go(page, address) {
    const response = await page.goto(address);
    assert.equal(response.status(), 200, `${address} answers`);
    await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
    return response;
}

/** Opens a page of the desk, which is a document and does not come alive. */
export async function read(page, address) {
    const response = await page.goto(address);
    assert.equal(response.status(), 200, `${address} answers`);
    return response;
}

/** Waits until `question` is answered with yes. */
export async function until(what, question, limit = 5000) {
    const end = Date.now() + limit;
    while (!(await question())) {
        if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
        await new Promise((done) => setTimeout(done, 40));
    }
}

/** The first bin that holds at least `n` bottles. */
export async function binWith(cellar, n) {
    const bins = Object.values(await cellar.bins());
    const bin = bins.find((b) => b.qty >= n && !b.open_proposal);
    assert.ok(bin, `the demo cellar has a bin with ${n} bottles`);
    return bin.st_bin;
}

/** A bin with bottles that the last scan counted as the book does, and that is none of `but`. */
export async function binTheCameraReads(cellar, but) {
    const bins = Object.values(await cellar.bins());
    const sure = bins.filter((b) => b.qty >= 2 && b.seen === b.qty && !b.open_proposal && !but.includes(b.st_bin));
    sure.sort((a, b) => b.confidence - a.confidence);
    assert.ok(sure.length, "the camera reads a bin of the demo cellar");
    return sure[0].st_bin;
}

/** The toast that tells what came of an act. */
export const toast = (page) => page.locator(".toast");

/** Rows of bottles in the bin that is open. */
export const bottles = (page) => page.locator(".split .bottles-tall > li");

/** Cards of open proposals. */
export const proposals = (page) => page.locator("article.proposal");

/** The page is not wider than its frame, and a finger hits all that can be touched in it. */
export async function fits(page, name) {
    const wide = await page.evaluate(() => document.querySelector(".page").scrollWidth - document.querySelector(".page").clientWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px wider than its frame`);
    const targets = await page.evaluate(() => [...document.querySelectorAll("main button, main summary, main select, main input:not([type=hidden]), main textarea")]
        // What is ticked is touched on its words, too.
        .map((el) => [(el.closest("label.choice") ?? el).getBoundingClientRect(), el.outerHTML.slice(0, 90)])
        .filter(([box]) => box.width && (box.width < 48 || box.height < 48))
        .map(([box, html]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`));
    assert.deepEqual(targets, [], name);
}

/** Keeps two pictures of the page: as it is seen first, and all of it. */
export async function keep(page, artifacts, name, size) {
    await page.screenshot({ path: path.join(artifacts, `${name}.png`) });
    const height = await page.evaluate(() => document.querySelector(".page").scrollHeight);
    await page.setViewportSize({ width: size.width, height: Math.min(height + 60, 6000) });
    await page.screenshot({ path: path.join(artifacts, `${name}-all.png`) });
    await page.setViewportSize(size);
}
