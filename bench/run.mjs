// `make bench`: how fast the release build is with 5,000 wines and 50,000 bottles, on SQLite and on MariaDB.
//
//   node bench/run.mjs [sqlite|mariadb] [--file LIST.csv]
//
//   WINECELLAR_BIN   the program (default: ../target/release/winecellar)
//   --file           a CellarTracker List of one's own instead of the generated one
//
// Times are measured at the client of a loopback connection, so they hold the server's time and a little more. Ends with
// code 1 when a goal of ARCHITECTURE.md is missed.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Asker, spread } from "./lib/ask.mjs";
import { BINS, list, questions, wines } from "./lib/book.mjs";
import { freePort, mariadb } from "./lib/mariadb.mjs";
import { fileURLToPath } from "node:url";

const WINES = 5000;
const SEARCHES = 1000;
const VISITS = 40;
const MOVEMENTS = 200;
const GOALS = { import: 5000, search: 20, page: 20 };

const bin = path.resolve(process.env.WINECELLAR_BIN ?? path.join(path.dirname(fileURLToPath(import.meta.url)), "../target/release/winecellar"));
const args = process.argv.slice(2);
const own = args.includes("--file") ? path.resolve(args.splice(args.indexOf("--file"), 2)[1]) : null;
const engines = args.length ? args : ["sqlite", "mariadb"];
if (engines.some((engine) => !["sqlite", "mariadb"].includes(engine))) {
    console.error("usage: node bench/run.mjs [sqlite|mariadb] [--file LIST.csv]");
    process.exit(2);
}
let missed = 0;

console.log(`${bin}\n${os.cpus().length} x ${os.cpus()[0].model.trim()}, load ${os.loadavg()[0].toFixed(1)}`);
for (const engine of engines) await bench(engine);
process.exit(missed ? 1 : 0);

async function bench(engine) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "winecellar-bench-"));
    let database, server;
    try {
        database = engine === "mariadb" ? await mariadb(folder, await freePort()) : { url: `sqlite:${path.join(folder, "cellar.db")}`, stop() {} };
        const port = await freePort();
        const env = {
            ...process.env, DATABASE_URL: database.url, WINECELLAR_DATA_DIR: path.join(folder, "data"),
            WINECELLAR_ADDR: `127.0.0.1:${port}`, RUST_LOG: "warn",
        };
        const run = async (...words) => (await promisify(execFile)(bin, words, { env, maxBuffer: 1 << 28 })).stdout;
        console.log(`\n${engine}`);
        await run("migrate");
        const token = (await run("token", "create", "bench", "--role", "admin")).trim();
        server = await serve(env, port);
        const asker = new Asker(`http://127.0.0.1:${port}`, token);

        const all = wines(WINES);
        const file = own ?? path.join(folder, "list.csv");
        if (!own) {
            fs.writeFileSync(file, list(all));
            await asker.ask("POST", "/api/v1/racks", {
                rack: {
                    name: "Cellar", kind: "grid", row_count: BINS.rows, column_count: BINS.columns,
                    corners: [[0, 0], [1600, 0], [1600, 1200], [0, 1200]],
                    frame_width: 1600, frame_height: 1200, rectified_width: 1600, rectified_height: 1200,
                },
                capacity: BINS.capacity,
            });
        }
        const started = performance.now();
        await run("import", file);
        const took = performance.now() - started;
        const book = await asker.json("/api/v1/holdings?limit=1");
        tell(`import: ${book.holdings} holdings, ${book.bottles} bottles`, { p50: took }, GOALS.import);

        server.kill("SIGTERM");
        await new Promise((done) => server.once("exit", done));
        asker.end();
        server = await serve(env, port);
        await measure(new Asker(`http://127.0.0.1:${port}`, token), new Asker(`http://127.0.0.1:${port}`, token, 8), all, server.pid);
    } finally {
        server?.kill("SIGKILL");
        await database?.stop();
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

async function measure(asker, crowd, all, pid) {
    const ask = async (path) => (await asker.ask("GET", path)).ms;
    tell("first search after a start", { p50: await ask("/api/v1/holdings?q=margaux") });
    const searches = questions(all, SEARCHES).map((query) => `/api/v1/holdings?${query}`);
    for (const query of searches.slice(0, 50)) await ask(query);
    tell(`search with facets, ${SEARCHES} questions`, spread(await each(searches, ask)), GOALS.search, "p99");

    const [wine] = (await asker.json("/api/v1/wines?limit=1")).items;
    const [bottle] = (await asker.json("/api/v1/bottles?status=in_cellar&limit=1")).items;
    const pages = ["/", "/rack", "/bottles", "/bottles?q=nebiolo&colour=red", `/wines/${wine.id}`, "/proposals", "/scans", "/history", "/numbers", "/wishes", "/import", "/help"];
    if (bottle.bottle.bin) pages.splice(2, 0, `/bins/${bottle.bottle.bin}`);
    for (const page of pages) {
        await ask(page);
        tell(`page ${page.replace(wine.id, "…")}`, spread(await each(Array(VISITS).fill(page), ask)), GOALS.page);
    }

    const ids = (await asker.json(`/api/v1/bottles?status=in_cellar&limit=200`)).items.map((item) => item.bottle.id);
    const drink = (id) => ({ kind: "issue", bottle_id: id, reason: "drunk" });
    const movements = [], after = [], numbers = [], home = [];
    for (const id of ids.slice(0, MOVEMENTS)) {
        const answer = await asker.ask("POST", "/api/v1/movements", drink(id));
        movements.push(answer.ms);
        if (movements.length % 5) continue;
        after.push(await ask("/api/v1/holdings?q=riesling"));
        home.push(await ask("/"));
        numbers.push(await ask("/numbers"));
    }
    tell(`movement, ${movements.length} one after the other`, spread(movements));
    tell("search right after a movement", spread(after), GOALS.search, "p99");
    tell("page / right after a movement", spread(home), GOALS.page);
    tell("page /numbers right after a movement", spread(numbers), GOALS.page);
    const next = (await asker.json(`/api/v1/bottles?status=in_cellar&limit=200`)).items.map((item) => item.bottle.id);
    const started = performance.now();
    await Promise.all(next.map((id) => crowd.ask("POST", "/api/v1/movements", drink(id))));
    const seconds = (performance.now() - started) / 1000;
    console.log(`  ${"movements by 8 clients at once".padEnd(52)}${(next.length / seconds).toFixed(0).padStart(7)} a second`);
    const busy = memory(pid);
    await new Promise((done) => setTimeout(done, 25_000));
    console.log(`  ${"server memory (RSS; of it the files it runs from)".padEnd(52)}${busy} MB, half a minute later ${memory(pid)} MB`);
    asker.end();
    crowd.end();
}

async function each(list, ask) {
    const times = [];
    for (const one of list) times.push(await ask(one));
    return times;
}

/** One line; with a goal in ms, which `which` of the times must keep. */
function tell(what, times, goal, which = "p50") {
    const ms = (t) => (t === undefined ? "" : t.toFixed(1)).padStart(9);
    const ok = goal === undefined || times[which] < goal;
    missed += ok ? 0 : 1;
    const verdict = goal === undefined ? "" : `   ${ok ? "ok" : "MISSED"}: ${which === "p50" ? "median" : which} < ${goal}`;
    const words = times.p99 === undefined ? `${ms(times.p50)} ms` : `${ms(times.p50)} ms   p99${ms(times.p99)}   worst${ms(times.max)}`;
    console.log(`  ${what.padEnd(50)}${words}${verdict}`);
}

async function serve(env, port) {
    const server = spawn(bin, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
    for (let tries = 0; tries < 200; tries++) {
        if (server.exitCode !== null) break;
        if (await fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.ok, () => false)) return server;
        await new Promise((done) => setTimeout(done, 50));
    }
    server.kill("SIGKILL");
    throw new Error("the server does not answer /readyz");
}

// How many pages of the program's file are counted is the kernel's choice: it maps neighbours too, and may drop them all.
function memory(pid) {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    const of = (field) => Math.round(status.match(new RegExp(`${field}:\\s+(\\d+)`))[1] / 1024);
    return `${of("VmRSS")} (${of("RssFile")})`;
}
