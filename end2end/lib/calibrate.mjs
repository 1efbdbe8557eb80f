// A person who calibrates by touch: taps and drags on the picture, and how well what came of it lies over the truth.
import assert from "node:assert/strict";

/** A lattice of four corners: from shares of the unit square to places. */
export function quad([a, b, c, d]) {
    const [dx1, dx2, sx] = [b[0] - c[0], d[0] - c[0], a[0] - b[0] + c[0] - d[0]];
    const [dy1, dy2, sy] = [b[1] - c[1], d[1] - c[1], a[1] - b[1] + c[1] - d[1]];
    const det = dx1 * dy2 - dx2 * dy1;
    const g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det;
    return ([u, v]) => {
        const w = g * u + h * v + 1;
        return [0, 1].map((k) => ((b[k] - a[k] + g * b[k]) * u + (d[k] - a[k] + h * d[k]) * v + a[k]) / w);
    };
}

/** The way back, by Newton's method with differences: small and exact enough for a test. */
export function unquad(corners) {
    const place = quad(corners);
    return (p) => {
        let [u, v] = [0.5, 0.5];
        for (let i = 0; i < 40; i++) {
            const at = place([u, v]), e = 1e-6;
            const du = place([u + e, v]).map((x, k) => (x - at[k]) / e), dv = place([u, v + e]).map((x, k) => (x - at[k]) / e);
            const [x, y] = [p[0] - at[0], p[1] - at[1]], det = du[0] * dv[1] - du[1] * dv[0];
            u += (x * dv[1] - y * dv[0]) / det;
            v += (y * du[0] - x * du[1]) / det;
        }
        return [u, v];
    };
}

const area = (outline) => Math.abs(outline.reduce((sum, p, i) => {
    const q = outline[(i + 1) % outline.length];
    return sum + (p[0] * q[1] - q[0] * p[1]) / 2;
}, 0));

/** What two outlines have in common, counted on a fine raster: whatever shape they have. */
export function iou(a, b) {
    const inside = (outline, [x, y]) => outline.reduce((odd, p, i) => {
        const q = outline[(i + 1) % outline.length];
        return p[1] > y !== q[1] > y && x < ((q[0] - p[0]) * (y - p[1])) / (q[1] - p[1]) + p[0] ? !odd : odd;
    }, false);
    const all = [...a, ...b], low = [0, 1].map((k) => Math.min(...all.map((p) => p[k]))), high = [0, 1].map((k) => Math.max(...all.map((p) => p[k])));
    let both = 0, either = 0;
    for (let i = 0; i < 160; i++) for (let j = 0; j < 160; j++) {
        const p = [low[0] + ((i + 0.5) / 160) * (high[0] - low[0]), low[1] + ((j + 0.5) / 160) * (high[1] - low[1])];
        const [m, n] = [inside(a, p), inside(b, p)];
        both += m && n;
        either += m || n;
    }
    return both / either;
}

/** Mean over the true outlines of the best overlap; true ones are in pixels of the picture, bins in those of the straightened one. */
export function meanIou(truth, { facts, bins }) {
    const back = unquad(facts.corners), size = [facts.rectified_width, facts.rectified_height];
    const best = truth.map((outline) => {
        const here = outline.map((p) => back(p).map((share, k) => share * size[k]));
        return Math.max(...bins.filter((bin) => bin.enabled).map((bin) => (area(bin.polygon) ? iou(here, bin.polygon) : 0)));
    });
    return { mean: best.reduce((a, b) => a + b, 0) / best.length, best: best.map((v) => Math.round(v * 1000) / 1000) };
}

/** The page under one's finger. */
export class Drawing {
    constructor(page) {
        this.page = page;
        this.canvas = page.locator("[data-is=canvas]");
    }

    part(is) {
        return this.page.locator(`[data-is="${is}"]`);
    }

    /** A photo from this device. */
    async photo(file, size) {
        this.size = size;
        await this.part("upload").setInputFiles(file);
        await this.page.locator("[data-is=next]:not([disabled])").waitFor({ timeout: 20000 });
    }

    /** Where a place of the picture that is shown lies on the screen. */
    async at(p) {
        const box = await this.canvas.boundingBox();
        const scale = Math.min((box.width - 24) / this.size[0], (box.height - 24) / this.size[1]);
        return [box.x + (box.width - this.size[0] * scale) / 2 + p[0] * scale, box.y + (box.height - this.size[1] * scale) / 2 + p[1] * scale];
    }

    async tap(p) {
        await this.page.touchscreen.tap(...(await this.at(p)));
    }

    /** A finger that is put down, moved and lifted. */
    async drag(from, to) {
        const client = await this.page.context().newCDPSession(this.page);
        const [a, b] = [await this.at(from), await this.at(to)];
        const send = (type, point) => client.send("Input.dispatchTouchEvent", { type, touchPoints: point ? [{ x: point[0], y: point[1] }] : [] });
        await send("touchStart", a);
        for (let i = 1; i <= 6; i++) await send("touchMove", a.map((v, k) => v + ((b[k] - v) * i) / 6));
        await send("touchEnd");
        await client.detach();
    }

    async next() {
        await this.part("next").tap();
    }

    /** The server has answered all that was asked. */
    async quiet() {
        await this.page.locator("#calibrate:not([aria-busy])").waitFor({ timeout: 30000 });
    }

    /** Four taps, and on to the straightened picture, whose size is known from then on. */
    async corners(corners) {
        for (const [i, corner] of corners.entries()) {
            // A person taps again where nothing happened: a tap that stops a list from scrolling is no tap.
            const asked = this.page.getByText(["top right.", "bottom right.", "bottom left.", "Drag the corners"][i]);
            for (let tries = 0; tries < 4 && !(await asked.isVisible()); tries++) {
                await this.tap(corner);
                await asked.waitFor({ timeout: 1500 }).catch(() => {});
            }
            await this.quiet();
        }
        await this.page.getByText("Drag the corners until they fit").waitFor();
    }

    async straightened() {
        const answered = this.page.waitForResponse((r) => r.url().endsWith("/calibration/rectified"), { timeout: 30000 });
        await this.next();
        this.size = JSON.parse((await answered).request().postData()).rectified;
        await this.part("kind").waitFor();
        await this.quiet();
    }

    async parting(kind, rows, columns) {
        await this.part("kind").selectOption(kind);
        await this.quiet();
        for (const [name, wanted] of [["rows", rows], ["columns", columns]]) {
            for (let i = 0; i < 40; i++) {
                const is = Number(await this.part(name).inputValue());
                if (is === wanted) break;
                await this.page.locator(`[data-is=${is < wanted ? "more" : "less"}][value=${name}]`).tap();
                await this.quiet();
            }
            assert.equal(Number(await this.part(name).inputValue()), wanted, name);
        }
    }

    /** Saves, and gives the version that is in force then. */
    async save(cellar, name, shot) {
        await this.next();
        await this.page.getByText("Counted:").waitFor({ timeout: 60000 });
        if (shot) await this.page.screenshot({ path: shot });
        await this.part("rack-name").fill(name);
        await this.part("keep-it").tap();
        const led = this.page.waitForURL("**/versions?done=*", { timeout: 20000 });
        await led.catch(async (error) => {
            throw new Error(`not saved: ${await this.part("said").innerText().catch(() => error)}`);
        });
        const rack = new URL(this.page.url()).pathname.split("/")[2];
        return (await cellar.get(`/api/v1/racks/${rack}/calibrations`))[0];
    }
}
