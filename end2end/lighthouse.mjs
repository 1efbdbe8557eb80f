// What Lighthouse says of home, rack and a bin: performance and accessibility, as a desk and as a phone. The release build.
// Each page is measured three times and the run in the middle counts, as one run hangs on what else the machine does just then.
// Ends with code 1 where a score is below 95.
//
//   WINECELLAR_BIN, WINECELLAR_SITE    as for run.mjs
//   node lighthouse.mjs [FOLDER]       with a folder the whole reports are kept there, as HTML
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch, tools } from "./lib/browser.mjs";
import { Cellar } from "./lib/cellar.mjs";

const folder = process.argv[2];
const LEAST = 95;
const RUNS = 3;
const named = (part) => import(pathToFileURL(createRequire(path.join(tools, "npm/node_modules/")).resolve(part)));
const { default: lighthouse, desktopConfig } = await named("lighthouse");
const AS = { desk: desktopConfig, phone: undefined };
const FIGURES = { "first-contentful-paint": "first paint", "largest-contentful-paint": "largest paint", "total-blocking-time": "blocked", interactive: "interactive" };

const cellar = new Cellar();
const port = await freePort();
const browser = await launch([`--remote-debugging-port=${port}`]);
let low = 0;
try {
    await cellar.make();
    const bin = Object.values(await cellar.bins()).find((one) => one.qty > 1).st_bin;
    console.log(`| page | as | performance | accessibility | ${Object.values(FIGURES).join(" | ")} |`);
    console.log(`|---|---|---|---|${"---|".repeat(Object.keys(FIGURES).length)}`);
    for (const [name, at] of Object.entries({ home: "/", rack: "/rack", bin: `/bins/${bin}` })) {
        for (const [as, config] of Object.entries(AS)) await judge(name, at, as, config);
    }
} finally {
    await browser.close();
    await cellar.remove();
}
process.exit(low ? 1 : 0);

async function judge(name, at, as, config) {
    const flags = { port, output: "html", logLevel: "error", onlyCategories: ["performance", "accessibility"] };
    const runs = [];
    while (runs.length < RUNS) runs.push(await lighthouse(cellar.url + at, flags, config));
    runs.sort((a, b) => a.lhr.categories.performance.score - b.lhr.categories.performance.score);
    const { lhr, report } = runs[(RUNS - 1) / 2];
    const score = (part) => Math.round(lhr.categories[part].score * 100);
    const scores = [score("performance"), score("accessibility")];
    if (scores.some((one) => one < LEAST)) low += 1;
    const figures = Object.keys(FIGURES).map((id) => `${Math.round(lhr.audits[id].numericValue)} ms`);
    console.log(`| ${name} | ${as} | ${scores.join(" | ")} | ${figures.join(" | ")} |`);
    for (const audit of Object.values(lhr.audits)) {
        if (lhr.categories.accessibility.auditRefs.some((ref) => ref.id === audit.id && ref.weight) && audit.score === 0) console.log(`  ${audit.id}: ${audit.title}`);
    }
    if (!folder) return;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `${name}-${as}.html`), report);
}

function freePort() {
    return new Promise((done) => {
        const probe = net.createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}
