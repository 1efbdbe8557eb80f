// Without JavaScript the pages still read, and the forms still act.
import assert from "node:assert/strict";
import { binWith } from "../lib/act.mjs";

export default [{
    name: "every page reads without JavaScript",
    javascript: false,
    async run({ cellar, page }) {
        const bin = await binWith(cellar, 1);
        const expected = {
            "/": "ready tonight",
            "/rack": "by the book",
            [`/bins/${bin}`]: "What happened here",
            "/bottles": "Bottles",
            "/proposals": "Review",
            "/scans": "Scans",
            "/history": "History",
            "/who": "Who is here?",
            "/wines/new": "New wine",
            "/wishes": "Wishes",
            "/proposals/all": "Review at one go",
            "/stocktake": "Stocktake",
            "/numbers": "Bottles over time",
            "/import": "Bring in a file",
            "/help": "Taking a bottle",
            "/sign-in": "Password",
        };
        for (const [address, words] of Object.entries(expected)) {
            await page.goto(address);
            const text = await page.locator("main").innerText();
            assert.ok(text.includes(words), `${address} says "${words}": ${text.slice(0, 200)}`);
            assert.ok(!text.includes("One moment"), `${address} is complete`);
        }
    },
}, {
    name: "a bottle is taken without JavaScript",
    javascript: false,
    async run({ cellar, page }) {
        const bin = await binWith(cellar, 1);
        const before = (await cellar.bins())[bin].qty;
        // The redirect after an act leaves a bare `?` behind.
        const back = (url) => url.pathname === `/bins/${bin}`;
        await page.goto(`/bins/${bin}`);
        await page.getByRole("button", { name: /^Drunk/ }).first().click();
        await page.waitForURL(back);
        assert.equal((await cellar.bins())[bin].qty, before - 1);
        await page.getByRole("button", { name: "Undo" }).first().click();
        await page.waitForURL(back);
        assert.equal((await cellar.bins())[bin].qty, before);
    },
}];
