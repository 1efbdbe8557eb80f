// Makes the browser half out of the compiled wasm: bindings, optimisation, one stylesheet, hashed names, .br and .gz.
// Usage: node site.mjs WASM OUT [--light]    --light: for tests; no wasm-opt, quick compression
// OUT/pkg/winecellar.<hash>.{js,wasm,css}, OUT/hash.txt (read by the server), and the files of style/assets at OUT/.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { fileURLToPath } from "node:url";
import { bare, shortImports } from "./slim.mjs";

const [wasm, out, light] = [process.argv[2], process.argv[3], process.argv.includes("--light")];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
// Its own folder until it is whole: two builds at once must not mix.
const work = `${out}.${process.pid}.new`;
const pkg = path.join(work, "pkg");
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(pkg, { recursive: true });

execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", pkg, "--out-name", "winecellar", wasm], { stdio: "inherit" });
const bound = path.join(pkg, "winecellar_bg.wasm");
// Not -Oz: it makes the file an eighth smaller and its brotli form larger.
const features = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
if (!light) execFileSync("wasm-opt", ["-O2", ...features.map((feature) => `--enable-${feature}`), bound, "-o", bound], { stdio: "inherit" });

// In the script and in the module.
const bindings = path.join(pkg, "winecellar.js");
const short = shortImports(bare(fs.readFileSync(bindings, "utf8")), fs.readFileSync(bound));
fs.writeFileSync(bindings, short.script);
fs.writeFileSync(bound, short.wasm);

// The imports of main.css are put in its place, so that the browser asks once.
const inline = (file) => fs.readFileSync(file, "utf8")
    .replace(/@import\s+(?:url\()?["']([^"']+)["']\)?\s*;/g, (_, name) => inline(path.join(path.dirname(file), name)));
const css = inline(path.join(root, "style/main.css")).replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*([{};])\s*/g, "$1").replaceAll(";}", "}");

// A name that changes with the content may be kept by browsers for ever.
const hash = (data) => createHash("sha256").update(data).digest("base64url").replace(/[-_]/g, "x").slice(0, 16);
const place = (name, ext, data) => {
    const digest = hash(data);
    fs.writeFileSync(path.join(pkg, `${name}.${digest}.${ext}`), data);
    return digest;
};
const hashes = { css: place("winecellar", "css", css), wasm: hash(fs.readFileSync(bound)) };
fs.renameSync(bound, path.join(pkg, `winecellar.${hashes.wasm}.wasm`));
hashes.js = place("winecellar", "js", fs.readFileSync(bindings));
fs.rmSync(bindings);
const assets = path.join(root, "style/assets");
if (fs.existsSync(assets)) fs.cpSync(assets, work, { recursive: true });
fs.writeFileSync(path.join(work, "hash.txt"), Object.entries(hashes).map(([k, v]) => `${k}: ${v}\n`).join(""));

const quality = light ? 4 : 11;
for (const entry of fs.readdirSync(work, { recursive: true })) {
    const file = path.join(work, entry);
    if (!/\.(js|wasm|css|svg|webmanifest|json|html)$/.test(file)) continue;
    const data = fs.readFileSync(file);
    fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality, [zlib.constants.BROTLI_PARAM_LGWIN]: 24, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length } }));
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(data, { level: light ? 4 : 9 }));
}
fs.rmSync(out, { recursive: true, force: true });
fs.renameSync(work, out);
const sizes = fs.readdirSync(path.join(out, "pkg")).filter((f) => f.endsWith(".br")).map((f) => [f, fs.statSync(path.join(out, "pkg", f)).size]);
for (const [f, size] of sizes) console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${f}`);
console.log(`${(sizes.reduce((sum, [, size]) => sum + size, 0) / 1024).toFixed(1).padStart(8)} KiB  app over the wire (brotli)`);
