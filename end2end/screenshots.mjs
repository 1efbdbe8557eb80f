// Pictures of every page at four sizes, dark and light, and a sheet to look at them all.
//
//   WINECELLAR_BIN, WINECELLAR_SITE    as for run.mjs
//   node screenshots.mjs FOLDER [--lang en,hu] [--only part of a page's name]
//
// A page that is longer than the screen is kept twice: as it is seen first, and all of it (`-all`).
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { DESK, KIOSK, PHONE, WIDE, launch, open } from "./lib/browser.mjs";
import { Cellar } from "./lib/cellar.mjs";
import { furnish, pagesOf, signIn, visit } from "./lib/pages.mjs";

const { values: options, positionals: [folder] } = parseArgs({
    allowPositionals: true, options: { lang: { type: "string", default: "en" }, only: { type: "string", default: "" } },
});
if (!folder) {
    console.error("usage: node screenshots.mjs FOLDER [--lang en,hu] [--only part of a page's name]");
    process.exit(2);
}
const SIZES = { kiosk: KIOSK, wide: WIDE, phone: PHONE, desk: DESK };
const SCHEMES = ["dark", "light"];
/** Taller pictures show nothing more that a person wants to see. */
const TALLEST = 4000;

fs.mkdirSync(folder, { recursive: true });
const cellar = new Cellar();
const browser = await launch();
const kept = [];
try {
    await cellar.make();
    await furnish(cellar);
    const pages = Object.entries(await pagesOf(cellar)).filter(([name]) => name.includes(options.only));
    if (!pages.length) throw new Error(`no page is named like "${options.only}"`);
    for (const lang of options.lang.split(",")) {
        for (const [sizeName, size] of Object.entries(SIZES)) {
            for (const scheme of SCHEMES) await walk(pages, { lang, sizeName, size, scheme });
        }
    }
} finally {
    await browser.close();
    await cellar.remove();
}
fs.writeFileSync(path.join(folder, "index.html"), sheet(kept));
console.log(`${kept.length} pictures in ${folder}; open ${path.join(folder, "index.html")}`);

/** All pages in one look: as the kiosk's or the desk's visitor sees them, then as an admin. */
async function walk(pages, look) {
    for (const admin of [false, true]) {
        const { context, page } = await open(browser, cellar.url, look);
        await context.addCookies([{ name: "lang", value: look.lang, url: cellar.url }]);
        if (admin) await signIn(context, cellar);
        for (const [name, place] of pages.filter(([, place]) => place.admin === admin)) {
            await visit(page, place);
            await keep(page, name, look);
        }
        await context.close();
    }
}

async function keep(page, name, { lang, sizeName, size, scheme }) {
    const take = async (suffix) => {
        const file = `${lang}-${name}-${sizeName}-${scheme}${suffix}.png`;
        await page.screenshot({ path: path.join(folder, file) });
        kept.push({ name, file, look: `${sizeName} ${size.width}\u00d7${size.height}`, scheme, lang });
    };
    await take("");
    const hidden = await page.locator(".page").evaluate((el) => el.scrollHeight - el.clientHeight);
    if (hidden <= 0) return;
    await page.setViewportSize({ width: size.width, height: Math.min(size.height + hidden, TALLEST) });
    await take("-all");
    await page.setViewportSize(size);
}

/** The sheet: a row for each page, its pictures side by side, each a link to the whole. */
function sheet(pictures) {
    const names = [...new Set(pictures.map((one) => one.name))];
    const figure = ({ file, look, scheme, lang }) =>
        `<figure><a href="${file}"><img src="${file}" loading="lazy" alt=""></a><figcaption>${look}, ${scheme}, ${lang}</figcaption></figure>`;
    const row = (name) => `<h2 id="${name}">${name}</h2><div>${pictures.filter((one) => one.name === name).map(figure).join("")}</div>`;
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>winecellar: every page</title>
<style>body{font:16px sans-serif;margin:1rem;background:#888}div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}figure{margin:0}img{height:15rem;max-width:30rem;object-fit:cover;object-position:top}</style>
<h1>Every page</h1>
${names.map(row).join("\n")}
`;
}
