// The icons of an installed app, drawn from style/assets/favicon.svg by a browser. Run it when the drawing changes; the
// pictures are committed, because nobody should need a browser to build.
//
//   WINECELLAR_TOOLS=… node scripts/icons.mjs
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../end2end/lib/browser.mjs";

const assets = path.join(path.dirname(fileURLToPath(import.meta.url)), "../style/assets");
const svg = fs.readFileSync(path.join(assets, "favicon.svg"), "utf8");
/** The ground of the drawing itself. */
const ground = svg.match(/<rect[^>]*fill="(#[0-9a-f]{6})"/)[1];
/** A system cuts a maskable icon to any shape: what matters lies in the middle 80 %, and the ground goes to the edge. */
const ICONS = [
    { name: "icon-192.png", size: 192 }, { name: "icon-512.png", size: 512 },
    { name: "icon-maskable-192.png", size: 192, masked: true }, { name: "icon-maskable-512.png", size: 512, masked: true },
    { name: "apple-touch-icon.png", size: 180, masked: true },
];

const browser = await launch();
const page = await browser.newPage();
for (const { name, size, masked } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    const inner = masked ? size * 0.84 : size;
    await page.setContent(`<style>html{background:${masked ? ground : "transparent"}}body{margin:0;display:grid;place-items:center;height:100vh}svg{width:${inner}px;height:${inner}px}</style>${svg}`);
    await page.screenshot({ path: path.join(assets, name), omitBackground: !masked });
    console.log(`${name} ${fs.statSync(path.join(assets, name)).size} bytes`);
}
await browser.close();
