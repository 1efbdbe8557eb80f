// Barcodes are learned from a photo and named the next time; the photo stays with its wine; a scanner works on any page.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { read } from "../lib/act.mjs";
import { DESK, launch, open } from "../lib/browser.mjs";

const CODE = "3760123456784";
const PATIENCE = { timeout: 60_000 };

/** An EAN-13 as ISO/IEC 15420 draws it: its fields, dark ones as 1. */
function fields(digits) {
    const odd = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
    const first = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];
    const inverse = (bits) => [...bits].map((bit) => (bit === "0" ? "1" : "0")).join("");
    const left = [...digits.slice(1, 7)].map((digit, i) => (first[digits[0]][i] === "L" ? odd[digit] : [...inverse(odd[digit])].reverse().join("")));
    const right = [...digits.slice(7)].map((digit) => inverse(odd[digit]));
    return ["101", ...left, "01010", ...right, "101"].join("");
}

/** The same as bars of a page. */
function bars(digits) {
    const bits = fields(digits);
    const rects = [...bits].map((bit, i) => (bit === "1" ? `<rect x="${20 + i * 3}" y="20" width="3" height="150"/>` : "")).join("");
    return `<svg xmlns="http://www.w3.org/2000/svg" width="325" height="190" style="background:#fff">${rects}</svg>`;
}

/** A film of one picture, as Chromium plays it in place of a camera (YUV4MPEG2): the bars before a light wall. */
function film(digits, file) {
    const [width, height, bits] = [640, 480, fields(digits)];
    const bright = Buffer.alloc(width * height, 220);
    for (let y = 120; y < 360; y++) [...bits].forEach((bit, i) => bit === "1" && bright.fill(30, y * width + 130 + i * 4, y * width + 134 + i * 4));
    const frame = Buffer.concat([Buffer.from("FRAME\n"), bright, Buffer.alloc((width * height) / 2, 128)]);
    fs.writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}

/** A photo of a bottle's back: words, a year and the bars, a little askew as a hand holds it. */
async function photo(page, words, year) {
    const studio = await page.context().newPage();
    await studio.setViewportSize({ width: 640, height: 640 });
    await studio.setContent(`<body style="margin:0;background:#ddd"><div style="margin:60px;transform:rotate(4deg);text-align:center;font:28px serif">
        <p>${words}</p><p>${year}</p>${bars(CODE)}</div></body>`);
    const buffer = await studio.screenshot({ type: "png" });
    await studio.close();
    return { name: "label.png", mimeType: "image/png", buffer };
}

/** Types as a scanner does: all keys at once, then Enter, or whatever it is set to. */
const scan = (page, text, last = "Enter") =>
    page.evaluate(([text, last]) => {
        const press = (key) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        [...text].forEach(press);
        press(last);
    }, [text, last]);

export default [
    {
        name: "a barcode is learned with its bottle, names the wine the next time, and the photo is kept until it is removed",
        size: DESK,
        javascript: false,
        async run({ cellar, page, artifacts }) {
            const wine = (await cellar.get("/api/v1/wines?limit=5")).items.at(-1);
            await read(page, "/label");
            const take = async (words, year) => {
                await page.getByLabel("Front label").setInputFiles(await photo(page, words, year));
                await page.getByRole("button", { name: "Read a label" }).click();
                await page.waitForURL("**/label?read=*", PATIENCE);
            };
            await take(`${wine.producer}<br>${wine.name}`, "2017");
            await page.getByText(`Barcode ${CODE}`).waitFor();
            const best = page.locator(".history > li").first();
            await best.getByRole("link", { name: "Receive" }).click();
            await page.waitForURL("**/receive?*");
            assert.equal(await page.getByLabel("Barcode").inputValue(), CODE);
            await page.getByLabel("Into").selectOption({ index: 1 });
            await page.getByRole("button", { name: "Receive" }).click();
            await page.waitForURL(`**/wines/${wine.id}*`);
            const shown = page.getByRole("img", { name: "Label of the 2017" });
            await shown.waitFor();
            assert.ok(await shown.evaluate((image) => image.complete && image.naturalWidth > 300), "the photo is there");
            await page.getByText(CODE).waitFor();
            await page.screenshot({ path: path.join(artifacts, "wine-kept.png"), fullPage: true });
            // The next bottle shows no word of its wine: the bars suffice, and the year is the one on the label.
            await read(page, "/label");
            await take("", "2018");
            const first = page.locator(".history > li").first();
            assert.match(await first.innerText(), new RegExp(`${wine.producer}.*2018.*by its barcode`));
            await read(page, `/wines/${wine.id}`);
            await page.getByText("Remove the photo").click();
            await page.getByRole("button", { name: "Remove it for good" }).click();
            await page.waitForURL(`**/wines/${wine.id}`);
            assert.equal(await page.getByRole("img", { name: "Label of the 2017" }).count(), 0);
            await page.getByRole("button", { name: `Forget barcode ${CODE}` }).click();
            await page.waitForURL(`**/wines/${wine.id}`);
            assert.deepEqual(await cellar.get("/api/v1/barcodes"), []);
        },
    },
    {
        name: "a scanner leads to bins and bottles from any page, and a person who types does not",
        async run({ cellar, page }) {
            const [bin] = Object.values(await cellar.bins());
            const [{ bottle }] = (await cellar.get("/api/v1/bottles?limit=1")).items;
            await page.goto("/");
            await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
            await scan(page, `http://another.name:8000/bins/${bin.st_bin}`);
            await page.waitForURL(`**/bins/${bin.st_bin}`);
            await scan(page, `https://evil.example/bottles/${bottle.id}`);
            await page.waitForURL(`**/bottles/${bottle.id}`);
            await scan(page, `/bins/${bin.st_bin}`, "Tab");
            await page.waitForURL(`**/bins/${bin.st_bin}`);
            await scan(page, `/bottles/${bottle.id}`);
            await page.waitForURL(`**/bottles/${bottle.id}`);
            // What a scanner types into a form stays there.
            await page.getByLabel("Bought at").focus();
            await scan(page, "https://evil.example/phish");
            assert.match(page.url(), /\/bottles\//);
            // Nor does its Enter send the form, before a person has chosen bin and year.
            const [{ id }] = (await cellar.get("/api/v1/wines?limit=1")).items;
            await read(page, `/wines/${id}/receive`);
            await page.getByLabel("Barcode").focus();
            await page.keyboard.type(CODE);
            await page.keyboard.press("Enter");
            assert.equal(await page.getByLabel("Barcode").inputValue(), CODE);
            assert.match(page.url(), /\/receive$/);
            await read(page, "/bottles");
            await page.getByRole("searchbox").first().focus();
            await scan(page, CODE);
            await page.waitForURL(`**/codes?c=${CODE}`);
            await page.getByText("has this code").waitFor();
            // A person's pauses are longer.
            await read(page, "/history");
            await page.locator("body").press("1");
            await page.keyboard.type("12345678", { delay: 80 });
            await page.keyboard.press("Enter");
            assert.match(page.url(), /\/history$/);
            // Nothing leads out of the house.
            await scan(page, "https://evil.example/");
            await page.waitForURL("**/codes?c=https*");
            assert.equal(new URL(page.url()).origin, new URL(cellar.url).origin);
        },
    },
    {
        name: "the screen's camera reads a code and leads on",
        async run({ cellar }) {
            const folder = fs.mkdtempSync(path.join(os.tmpdir(), "winecellar-film-"));
            const file = path.join(folder, "bars.y4m");
            film(CODE, file);
            const filming = await launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${file}`]);
            try {
                const { page, errors } = await open(filming, cellar.url, { size: DESK });
                // What the server says is not the camera's fault.
                let status = 500;
                await page.route("**/scan-code/frame", (route) => (status ? route.fulfill({ status, body: "" }) : route.continue()));
                await page.goto("/scan-code");
                await page.getByRole("status").filter({ hasText: /camera works, but the server cannot look/ }).waitFor(PATIENCE);
                status = 403;
                await page.getByRole("status").filter({ hasText: /camera works, but nobody is signed in/ }).waitFor(PATIENCE);
                status = 0;
                await page.goto("/scan-code");
                await page.waitForURL(`**/codes?c=${CODE}`, PATIENCE);
                errors.splice(0, errors.length, ...errors.filter((error) => !/status of (500|403)/.test(error)));
                assert.deepEqual(errors, []);
            } finally {
                await filming.close();
                fs.rmSync(folder, { recursive: true });
            }
        },
    },
    {
        name: "a screen without a camera is told so, and where to go instead",
        async run({ page }) {
            await page.goto("/scan-code");
            await page.getByRole("status").filter({ hasText: /no camera|refused/ }).waitFor();
            await page.getByRole("link", { name: "Type a code" }).click();
            await page.waitForURL("**/codes");
        },
    },
];
