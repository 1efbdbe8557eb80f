// What a person does and looks for, so that the tests read like goals.
import assert from "node:assert/strict";

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
