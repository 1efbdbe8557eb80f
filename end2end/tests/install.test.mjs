// A phone can install it, and no page asks anything of another host.
import assert from "node:assert/strict";
import { PHONE } from "../lib/browser.mjs";
import { furnish, pagesOf, signIn, visit } from "../lib/pages.mjs";

export default [{
    name: "a browser finds nothing that keeps it from being installed",
    size: PHONE,
    async run({ cellar, page }) {
        await page.goto("/");
        const browser = await page.context().newCDPSession(page);
        const { url, errors, data } = await browser.send("Page.getAppManifest");
        assert.deepEqual([new URL(url).pathname, errors], ["/manifest.webmanifest", []]);
        const manifest = JSON.parse(data);
        for (const size of ["192x192", "512x512"]) {
            for (const purpose of [undefined, "maskable"]) {
                const icon = manifest.icons.find((one) => one.sizes === size && one.purpose === purpose);
                assert.ok(icon, `an icon ${size} ${purpose ?? ""}`);
                const png = Buffer.from(await (await fetch(cellar.url + icon.src)).arrayBuffer());
                assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, size, icon.src);
            }
        }
        for (const { url } of manifest.shortcuts) assert.equal((await fetch(cellar.url + url)).status, 200, url);
        const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
        // A browser whose profile is thrown away installs nothing at all.
        assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== "in-incognito"), []);
    },
}, {
    name: "every page asks this host alone",
    size: PHONE,
    async run({ cellar, page }) {
        await furnish(cellar);
        const hosts = new Set();
        page.on("request", (request) => hosts.add(new URL(request.url()).host));
        const pages = Object.values(await pagesOf(cellar));
        for (const place of pages.filter((one) => !one.admin)) await visit(page, place);
        await signIn(page.context(), cellar);
        for (const place of pages.filter((one) => one.admin)) await visit(page, place);
        hosts.delete("");
        assert.deepEqual([...hosts], [new URL(cellar.url).host]);
    },
}];
