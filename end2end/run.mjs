// Drives the real binary through a real browser, one user goal a test.
//
//   WINECELLAR_BIN   the program          (default: ../target/debug/winecellar)
//   WINECELLAR_SITE  the browser half     (default: `site` beside the program)
//   node run.mjs [part of a test's name]
//
// Every test file exports a list of { name, size?, javascript?, run(world) }. Each file gets a fresh cellar.
import fs from "node:fs";
import path from "node:path";
import { launch, open } from "./lib/browser.mjs";
import { Cellar } from "./lib/cellar.mjs";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const only = process.argv[2] ?? "";
const artifacts = path.join(here, "artifacts");
fs.mkdirSync(artifacts, { recursive: true });

const browser = await launch();
let passed = 0;
const failures = [];
const files = fs.readdirSync(path.join(here, "tests")).filter((f) => f.endsWith(".test.mjs")).sort();
for (const file of files) {
    const { default: tests } = await import(`./tests/${file}`);
    const wanted = tests.filter((t) => `${file}: ${t.name}`.includes(only));
    if (!wanted.length) continue;
    const cellar = new Cellar();
    try {
        await cellar.make();
        for (const test of wanted) await runOne(cellar, file, test);
    } catch (error) {
        failures.push(file);
        console.log(`FAIL  ${file}: no cellar\n      ${error.stack}\n${cellar.log()}`);
    } finally {
        await cellar.remove();
    }
}
await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length || !passed ? 1 : 0);

async function runOne(cellar, file, test) {
    const title = `${file.replace(".test.mjs", "")}: ${test.name}`;
    const started = Date.now();
    const seen = await open(browser, cellar.url, test);
    try {
        await test.run({ cellar, page: seen.page, artifacts });
        if (seen.errors.length) throw new Error(`the console said:\n        ${seen.errors.join("\n        ")}`);
        passed += 1;
        console.log(`ok    ${title} (${Date.now() - started} ms)`);
    } catch (error) {
        failures.push(title);
        console.log(`FAIL  ${title}\n      ${error.stack?.replaceAll("\n", "\n      ")}`);
        const shot = path.join(artifacts, `FAIL-${title.replace(/\W+/g, "-")}.png`);
        await seen.page.screenshot({ path: shot }).catch(() => {});
        console.log(cellar.log());
    } finally {
        await seen.context.close();
    }
}
