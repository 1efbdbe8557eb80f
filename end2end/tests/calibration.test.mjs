// From a bare picture to named bins by touch: on real photos where they are there, and on a rack that is painted here.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fits, read } from "../lib/act.mjs";
import { DESK, KIOSK, PHONE } from "../lib/browser.mjs";
import { Drawing, meanIou, quad } from "../lib/calibrate.mjs";

const GOOD = 0.9;
const PHOTOS = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../shared/photos");

/** Not in the repository: their licences are not known. */
function photo(name) {
    const file = process.env.WINECELLAR_PHOTOS ? path.join(process.env.WINECELLAR_PHOTOS, name) : path.join(PHOTOS, name);
    if (!fs.existsSync(`${file}.jpg`)) return null;
    const { width, height, bins } = JSON.parse(fs.readFileSync(`${file}.json`));
    return { file: `${file}.jpg`, size: [width, height], truth: bins.map((bin) => bin.polygon) };
}

/** A diamond rack of 3 rows and 3 columns before a wall, seen at a slant, with bottles in it; painted by the browser. */
async function paintedRack(page) {
    const size = [1280, 960], corners = [[210, 120], [1085, 165], [1060, 830], [245, 860]];
    const place = quad(corners), rows = 3, columns = 3, board = 0.035;
    const bins = [];
    for (let row = 0; row < rows; row++) for (let i = 0; i < columns - (row % 2); i++) {
        const [cx, cy, w, h] = [(i + (row % 2 ? 1 : 0.5)) / columns, (row + 1) / (rows + 1), 0.5 / columns, 1 / (rows + 1)];
        const shape = (share) => [[cx, cy - h * share], [cx + w * share, cy], [cx, cy + h * share], [cx - w * share, cy]].map(place);
        bins.push({ outline: shape(1 - board), bottles: (row + i) % 3, middle: place([cx, cy]), r: 30, low: place([cx, cy + h * 0.35]) });
    }
    const bytes = await page.evaluate(async ({ size, corners, bins }) => {
        const sheet = document.createElement("canvas");
        [sheet.width, sheet.height] = size;
        const ink = sheet.getContext("2d");
        const fill = (outline, colour) => {
            ink.beginPath();
            outline.forEach((p) => ink.lineTo(...p));
            ink.closePath();
            ink.fillStyle = colour;
            ink.fill();
        };
        ink.fillStyle = "#b9b2a6";
        ink.fillRect(0, 0, ...size);
        fill(corners, "#8a5a32");
        for (const bin of bins) {
            fill(bin.outline, "#2a1c13");
            for (let i = 0; i < bin.bottles; i++) {
                ink.beginPath();
                ink.arc(bin.low[0], bin.low[1] - i * 62, bin.r, 0, 7);
                ink.fillStyle = i ? "#5a1626" : "#1d3a22";
                ink.fill();
                ink.beginPath();
                ink.arc(bin.low[0], bin.low[1] - i * 62, bin.r * 0.55, 0, 7);
                ink.fillStyle = "#0d0f0c";
                ink.fill();
            }
        }
        const blob = await new Promise((done) => sheet.toBlob(done, "image/png"));
        return [...new Uint8Array(await blob.arrayBuffer())];
    }, { size, corners, bins });
    return { file: { name: "rack.png", mimeType: "image/png", buffer: Buffer.from(bytes) }, size, corners, truth: bins.map((bin) => bin.outline) };
}

async function begin(page, rack) {
    await read(page, "/calibrate/new");
    const drawing = new Drawing(page);
    await drawing.photo(rack.file, rack.size);
    await drawing.next();
    return drawing;
}

/** Corners by touch at the box around all bins. */
async function boxed(page, rack) {
    const drawing = await begin(page, rack);
    await drawing.part("snap").uncheck();
    const [x, y, right, low] = boundsOf(rack.truth.flat());
    await drawing.corners([[x, y], [right, y], [right, low], [x, low]]);
    await drawing.straightened();
    return { drawing, x, y, right, low };
}

function judge(what, truth, version, artifacts) {
    const { mean, best } = meanIou(truth, version);
    fs.appendFileSync(path.join(artifacts, "calibration-iou.txt"), `${what}: mean IoU ${mean.toFixed(3)}, each ${best.join(" ")}\n`);
    assert.ok(mean >= GOOD, `${what}: mean IoU ${mean.toFixed(3)}: ${best}`);
}

export default [{
    name: "a painted diamond rack, with what the program proposes, at the kiosk",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        await read(page, "/calibrate");
        await page.screenshot({ path: `${artifacts}/calibrate-list-kiosk.png` });
        const rack = await paintedRack(page);
        await page.getByRole("link", { name: "New rack" }).tap();
        await page.waitForURL("**/calibrate/new");
        const drawing = new Drawing(page);
        await fits(page, "calibrate camera");
        await drawing.photo(rack.file, rack.size);
        await page.screenshot({ path: `${artifacts}/calibrate-1-picture.png` });
        await drawing.next();
        await drawing.part("find-corners").tap();
        await page.getByText("Found. Drag what is not right.").waitFor({ timeout: 20000 });
        await page.screenshot({ path: `${artifacts}/calibrate-2-corners.png` });
        await fits(page, "calibrate corners");
        await drawing.straightened();
        await page.getByText("of the boards are seen").waitFor();
        await page.screenshot({ path: `${artifacts}/calibrate-3-bins.png` });
        await fits(page, "calibrate bins");
        assert.equal(await drawing.part("kind").inputValue(), "diamond");
        const version = await drawing.save(cellar, "Painted", `${artifacts}/calibrate-4-check.png`);
        judge("painted diamonds, proposed", rack.truth, version, artifacts);
        await page.screenshot({ path: `${artifacts}/calibrate-5-versions.png` });
        assert.deepEqual([version.number, version.origin, version.has_picture], [1, "drawn", true]);
    },
}, {
    name: "a photo of a cabinet: shelves whose lines are dragged, and one shelf out of use",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const rack = photo("cabinet_front");
        if (!rack) return;
        const { drawing, x, y, right, low } = await boxed(page, rack);
        await drawing.parting("cabinet", 7, 1);
        await drawing.part("board").fill("5");
        await drawing.quiet();
        // Between the second and the third shelf there is a display.
        const tops = [rack.truth[0], rack.truth[1], null, ...rack.truth.slice(2)];
        const edge = (outline, last) => (last ? Math.max : Math.min)(...outline.map((p) => p[1]));
        for (let i = 1; i < tops.length; i++) {
            const above = tops[i - 1] ? edge(tops[i - 1], true) : edge(tops[i], false), below = tops[i] ? edge(tops[i], false) : above;
            await dragLine(drawing, i / 7, ((above + below) / 2 - y) / (low - y));
        }
        await outOfUse(drawing, [0.5, (edge(rack.truth[1], true) + edge(rack.truth[2], false)) / 2 - y].map((v, k) => (k ? v / (low - y) : v)));
        await page.screenshot({ path: `${artifacts}/calibrate-cabinet.png` });
        judge("cabinet_front, shelves by touch", rack.truth, await drawing.save(cellar, "Cabinet"), artifacts);
    },
}, {
    name: "a photo of diamonds: a lattice that is dragged into place, and what does not fit it drawn by hand",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const rack = photo("diamond_desk");
        if (!rack) return;
        const { drawing, x, y, right, low } = await boxed(page, rack);
        await drawing.parting("diamond", 4, 3);
        await drawing.part("board").fill("0");
        await drawing.quiet();
        // The heights at which the diamonds' corners meet, as a person sees them.
        const levels = [45.5, 110, 181, 248];
        for (const [i, level] of levels.entries()) await dragLine(drawing, (i + 1) / 5, (level - y) / (low - y));
        for (const share of [1 / 6, 5 / 6]) await outOfUse(drawing, [share, (44 - y) / (low - y)]);
        // Those at the rim are crooked: they are drawn by hand in place of the lattice's.
        const share = (p) => [(p[0] - x) / (right - x), (p[1] - y) / (low - y)].map((v, k) => v * drawing.size[k]);
        const crooked = [0, 3, 5, 7].map((i) => rack.truth[i]);
        for (const outline of crooked) {
            await drawing.tap(share([0, 1].map((k) => outline.reduce((sum, p) => sum + p[k], 0) / outline.length)));
            await drawing.part("remove").tap();
        }
        await drawOutlines(drawing, crooked, share);
        await page.screenshot({ path: `${artifacts}/calibrate-diamonds.png` });
        judge("diamond_desk, lattice and four outlines by touch", rack.truth, await drawing.save(cellar, "Diamonds"), artifacts);
    },
}, {
    name: "a photo of odd pockets: outlines that are drawn freely, on a phone",
    size: PHONE,
    async run({ cellar, page, artifacts }) {
        const rack = photo("pockets_empty");
        if (!rack) return;
        await freely(page, cellar, artifacts, rack, "pockets_empty");
    },
}, {
    name: "a photo of an X: its four triangles",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const rack = photo("xbin_right_top");
        if (!rack) return;
        const drawing = await begin(page, rack);
        await drawing.part("snap").uncheck();
        await drawing.corners([[10, 82], [492, 24], [498, 496], [14, 472]]);
        await drawing.straightened();
        await drawing.parting("x", 1, 1);
        await drawing.part("board").fill("2");
        await drawing.quiet();
        await page.screenshot({ path: `${artifacts}/calibrate-x.png` });
        judge("xbin_right_top, X by touch", rack.truth, await drawing.save(cellar, "X"), artifacts);
    },
}, {
    name: "at a desk: keys alone, undo, files out and in, and back to the version before",
    size: DESK,
    async run({ cellar, page, artifacts }) {
        const rack = await (await read(page, "/calibrate"), paintedRack(page));
        await page.getByRole("link", { name: "Calibrate" }).last().click();
        await page.waitForURL("**/calibrate/*");
        const drawing = new Drawing(page);
        await drawing.photo(rack.file, rack.size);
        await drawing.part("next").click();
        await drawing.canvas.focus();
        await page.keyboard.press("n");
        await page.keyboard.press("Shift+ArrowRight");
        await drawing.part("clear-corners").click();
        await drawing.canvas.focus();
        for (let i = 0; i < 4; i++) await page.keyboard.press("n");
        await page.getByText("Drag the corners until they fit").waitFor();
        await page.keyboard.press("Control+z");
        await page.getByText("Tap the rack\u2019s corner: bottom left.").waitFor();
        await page.keyboard.press("Control+y");
        await page.getByText("Drag the corners until they fit").waitFor();
        await drawing.part("next").click();
        await drawing.part("kind").waitFor();
        await drawing.quiet();
        const before = await drawing.part("number").innerText();
        await page.locator("summary").getByText("Files").click();
        const download = page.waitForEvent("download");
        await drawing.part("save-cells").click();
        const cells = JSON.parse(fs.readFileSync(await (await download).path()));
        assert.equal(`Bins: ${cells.cells.length}`, before);
        const painted = page.waitForEvent("download");
        await drawing.part("save-mask").click();
        const mask = await (await painted).path();
        await drawing.part("load").setInputFiles({ name: "blue.png", mimeType: "image/png", buffer: fs.readFileSync(mask) });
        await drawing.quiet();
        await page.screenshot({ path: `${artifacts}/calibrate-blue-desk.png` });
        const blue = Number((await drawing.part("number").innerText()).replace(/\D/g, ""));
        assert.ok(Math.abs(blue - cells.cells.length) <= 1, `${blue} bins from the blue lines of ${cells.cells.length}`);
        await drawing.part("undo").click();
        await page.getByText(before, { exact: true }).first().waitFor();
        await drawing.part("next").click();
        await page.getByText("Counted:").waitFor({ timeout: 60000 });
        const saved = page.waitForResponse((r) => r.url().endsWith("/api/v1/calibrations"));
        await drawing.part("keep-it").click();
        assert.equal((await saved).status(), 201);
        await page.waitForURL("**/versions?done=*");
        await page.getByRole("button", { name: "Go back to this one" }).first().click();
        await page.getByText(/Version \d+ is in force/).waitFor();
        await page.screenshot({ path: `${artifacts}/calibrate-versions-desk.png` });
        const rackId = new URL(page.url()).pathname.split("/")[2];
        assert.equal((await cellar.get(`/api/v1/racks/${rackId}/calibrations`))[0].origin, "restored");
    },
}, {
    name: "a camera by its address: live, sharp, and kept with the calibration",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        await read(page, "/calibrate/new");
        const rack = await paintedRack(page);
        const camera = http.createServer((_, answer) => answer.writeHead(200, { "content-type": "image/png" }).end(rack.file.buffer));
        await new Promise((done) => camera.listen(0, "127.0.0.1", done));
        try {
            const address = `http://127.0.0.1:${camera.address().port}/snap.png`;
            const drawing = new Drawing(page);
            drawing.size = rack.size;
            await drawing.part("camera").selectOption("address");
            await drawing.part("address").fill("cmd:id");
            await drawing.part("shoot").tap();
            await page.getByText("a command is not taken from a page").waitFor();
            page.forgive();
            await drawing.part("address").fill(address);
            await drawing.part("live").tap();
            await page.locator("[data-is=live][aria-pressed=true]").waitFor();
            await page.locator("[data-is=next]:not([disabled])").waitFor({ timeout: 20000 });
            await page.getByText(/^\d+ %$/).waitFor();
            await page.screenshot({ path: `${artifacts}/calibrate-live-kiosk.png` });
            await drawing.next();
            await drawing.part("find-corners").tap();
            await page.getByText("Found. Drag what is not right.").waitFor({ timeout: 20000 });
            await drawing.straightened();
            const version = await drawing.save(cellar, "Live");
            assert.equal(version.camera, address);
            assert.ok(Object.values(version.counts).some((n) => n > 0), JSON.stringify(version.counts));
            await page.getByText("Seen in the rack, not in the book").waitFor();
            await page.screenshot({ path: `${artifacts}/calibrate-by-eye-kiosk.png` });
        } finally {
            camera.close();
        }
    },
}, {
    name: "a camera that was pushed by 20 pixels and turned by 2 degrees: both pictures, and one tap",
    size: KIOSK,
    async run({ cellar, page, artifacts }) {
        const [rack] = await cellar.get("/api/v1/racks");
        await read(page, "/calibrate");
        const straight = path.join(cellar.folder, "straight.jpg"), pushed = path.join(cellar.folder, "pushed.jpg");
        await cellar.command("demo", "photo", straight);
        const url = `data:image/jpeg;base64,${fs.readFileSync(straight).toString("base64")}`;
        const by = [16, 12], turn = (2 * Math.PI) / 180;
        const size = [1920, 1080];
        const bytes = await page.evaluate(async ({ url, by, turn }) => {
            const image = new Image();
            image.src = url;
            await image.decode();
            const sheet = document.createElement("canvas");
            [sheet.width, sheet.height] = [image.width, image.height];
            const ink = sheet.getContext("2d");
            ink.fillStyle = "#77716a";
            ink.fillRect(0, 0, sheet.width, sheet.height);
            ink.translate(sheet.width / 2 + by[0], sheet.height / 2 + by[1]);
            ink.rotate(turn);
            ink.drawImage(image, -image.width / 2, -image.height / 2);
            const blob = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.95));
            return [...new Uint8Array(await blob.arrayBuffer())];
        }, { url, by, turn });
        fs.writeFileSync(pushed, Buffer.from(bytes));
        await cellar.command("stock", "run", "--source", `file:${pushed}`, "--rack", rack.id);
        const shift = await cellar.get(`/api/v1/racks/${rack.id}/shift`);
        assert.equal(shift.state, "moved", JSON.stringify(shift));
        const pushedTo = ([x, y]) => {
            const [dx, dy] = [x - size[0] / 2, y - size[1] / 2];
            return [size[0] / 2 + by[0] + Math.cos(turn) * dx - Math.sin(turn) * dy, size[1] / 2 + by[1] + Math.sin(turn) * dx + Math.cos(turn) * dy];
        };
        const off = shift.before.map((p, i) => Math.hypot(...pushedTo(p).map((v, k) => v - shift.now[i][k])));
        fs.appendFileSync(path.join(artifacts, "calibration-iou.txt"), `pushed by 20 px and 2 degrees: corners off by ${off.map((v) => v.toFixed(2)).join(" ")} px\n`);
        assert.ok(Math.max(...off) < 2, `off by ${off}`);
        await read(page, `/calibrate/${rack.id}/shift`);
        await page.getByText("The camera has moved by").waitFor({ timeout: 20000 });
        await page.screenshot({ path: `${artifacts}/calibrate-shift-kiosk.png` });
        await page.getByRole("button", { name: "Take the new corners" }).tap();
        await page.getByText(/Version \d+ is in force/).waitFor({ timeout: 20000 });
        assert.equal((await cellar.get(`/api/v1/racks/${rack.id}/shift`)).state, "still");
    },
}];

const boundsOf = (points) => [...[0, 1].map((k) => Math.min(...points.map((p) => p[k]))), ...[0, 1].map((k) => Math.max(...points.map((p) => p[k])))];

/** Drags a line that runs across, by its left end, from one share of the height to another. */
async function dragLine(drawing, from, to) {
    const at = (share) => [0, share * drawing.size[1]];
    await drawing.drag(at(from), at(to));
    await drawing.quiet();
}

/** Takes the bin at a place out of use, and goes back to the lines. */
async function outOfUse(drawing, share) {
    await drawing.page.locator("[data-is=tool][value=bins]").tap();
    await drawing.tap(share.map((v, k) => v * drawing.size[k]));
    await drawing.part("bin-off").tap();
    await drawing.tap(share.map((v, k) => v * drawing.size[k]));
}

/** Outlines tapped corner by corner. */
async function drawOutlines(drawing, outlines, place) {
    await drawing.page.locator("[data-is=tool][value=free]").tap();
    for (const outline of outlines) {
        for (const p of outline) await drawing.tap(place(p));
        await drawing.part("close-free").tap();
    }
}

/** A rack whose outlines are all drawn freely. */
async function freely(page, cellar, artifacts, rack, name) {
    const drawing = await begin(page, rack);
    await drawing.part("snap").uncheck();
    const [x, y, right, low] = boundsOf(rack.truth.flat()), slack = 20;
    const corners = [[x - slack, y - slack], [right + slack, y - slack], [right + slack, low + slack], [x - slack, low + slack]];
    await drawing.corners(corners);
    await drawing.straightened();
    await drawing.part("kind").selectOption("free");
    // What was proposed is not what is wanted.
    for (let i = 0; i < 60 && (await drawing.part("number").innerText()) !== "Bins: 0"; i++) {
        await page.locator("[data-is=tool][value=bins]").tap();
        await drawing.canvas.focus();
        await page.keyboard.press("n");
        await drawing.part("remove").tap();
    }
    const share = (p) => [(p[0] - corners[0][0]) / (right - x + 2 * slack), (p[1] - corners[0][1]) / (low - y + 2 * slack)];
    await drawOutlines(drawing, rack.truth, (p) => share(p).map((v, k) => v * drawing.size[k]));
    await page.screenshot({ path: `${artifacts}/calibrate-free-phone.png` });
    await fits(page, "calibrate free");
    judge(`${name}, drawn freely on a phone`, rack.truth, await drawing.save(cellar, "Pockets"), artifacts);
}
