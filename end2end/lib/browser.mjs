// The browser, and a page that remembers every complaint of its console.
import { createRequire } from "node:module";
import path from "node:path";

/** Where set-up has put what npm brings. */
export const tools = process.env.WINECELLAR_TOOLS ?? path.join(process.env.XDG_CACHE_HOME ?? `${process.env.HOME}/.cache`, "winecellar/tools");
const { chromium } = createRequire(path.join(tools, "npm/node_modules/"))("playwright-core");

/** The kiosk, a larger one, a phone and a desk. */
export const KIOSK = { width: 800, height: 480 };
export const WIDE = { width: 1024, height: 600 };
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

export function launch(more = []) {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", ...more,
        ],
    });
}

/** A fresh page for one test. */
export async function open(browser, baseURL, { size = KIOSK, javascript = true, scheme = "dark" }) {
    const context = await browser.newContext({
        baseURL,
        viewport: size,
        hasTouch: size !== DESK,
        javaScriptEnabled: javascript,
        colorScheme: scheme,
        reducedMotion: "reduce",
    });
    context.setDefaultTimeout(8000);
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
    });
    // Nothing of a cellar leaves its house: a request to another host fails whatever test makes it.
    page.on("request", (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith("http") && host !== new URL(baseURL).host) errors.push(`a request to another host: ${request.url()}`);
    });
    // A test that expects complaints (a server that is killed) takes them away with this.
    page.forgive = () => errors.splice(0);
    return { context, page, errors };
}
