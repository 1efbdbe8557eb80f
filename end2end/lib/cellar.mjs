// A cellar of its own for a test file: database, pictures and server in a temporary folder.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";

const bin = path.resolve(process.env.WINECELLAR_BIN ?? path.join(path.dirname(fileURLToPath(import.meta.url)), "../../target/debug/winecellar"));
const site = path.resolve(process.env.WINECELLAR_SITE ?? path.join(path.dirname(bin), "site"));

export class Cellar {
    /** Makes the demo cellar and serves it. */
    async make() {
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "winecellar-e2e-"));
        this.port = await freePort();
        this.url = `http://127.0.0.1:${this.port}`;
        this.output = [];
        this.env = {
            ...process.env,
            DATABASE_URL: `sqlite:${path.join(this.folder, "cellar.db")}`,
            WINECELLAR_DATA_DIR: path.join(this.folder, "data"),
            WINECELLAR_ADDR: `127.0.0.1:${this.port}`,
            WINECELLAR_SITE: site,
        };
        await this.command("migrate");
        await this.command("demo");
        await this.start();
    }

    /** Runs the program once and gives what it printed. An exit code that only tells the outcome is no failure here. */
    async command(...args) {
        const run = promisify(execFile)(bin, args, { env: this.env, cwd: this.folder, maxBuffer: 1 << 26 });
        const { stdout, stderr } = await run.catch((error) => {
            if (args[0] === "stock" && typeof error.code === "number") return error;
            throw new Error(`winecellar ${args.join(" ")} failed (${error.code}):\n${error.stdout}\n${error.stderr}`);
        });
        this.output.push(`$ winecellar ${args.join(" ")}\n${stdout}${stderr}`);
        return stdout;
    }

    async start() {
        this.server = spawn(bin, ["serve"], { env: this.env, cwd: this.folder });
        const keep = (data) => this.output.push(String(data));
        this.server.stdout.on("data", keep);
        this.server.stderr.on("data", keep);
        for (let tries = 0; tries < 150; tries++) {
            if (this.server.exitCode !== null) break;
            if (await fetch(this.url).then((r) => r.ok, () => false)) return;
            await new Promise((done) => setTimeout(done, 100));
        }
        throw new Error("the server does not answer");
    }

    async stop(signal = "SIGTERM") {
        if (!this.server || this.server.exitCode !== null || this.server.signalCode) return;
        const gone = new Promise((done) => this.server.once("exit", done));
        this.server.kill(signal);
        await gone;
    }

    /** What the REST API says. */
    async get(route) {
        const response = await fetch(this.url + route);
        if (!response.ok) throw new Error(`GET ${route}: ${response.status}`);
        return response.json();
    }

    /** Asks the REST API to do something. */
    async post(route, body) {
        const headers = { "content-type": "application/json" };
        const response = await fetch(this.url + route, { method: "POST", headers, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`POST ${route}: ${response.status} ${await response.text()}`);
        return response.json();
    }

    /** Bins with what book and camera say: `{ "03_03": { qty, … } }`. */
    async bins() {
        const list = await this.get("/api/v1/bins/summary");
        return Object.fromEntries(list.map((bin) => [bin.st_bin, bin]));
    }

    /** A scan of the demo rack in which bottles are missing: `without({ "03_03": 1 })`. */
    async scanWithout(missing) {
        const photo = path.join(this.folder, "photo.jpg");
        const args = Object.entries(missing).flatMap(([id, n]) => ["--without", `${id}=${n}`]);
        await this.command("demo", "photo", ...args, photo);
        return this.command("stock", "run", "--source", `file:${photo}`, "--json");
    }

    log() {
        return this.output.join("").split("\n").slice(-12).map((line) => `      | ${line}`).join("\n");
    }

    async remove() {
        await this.stop();
        if (this.folder) fs.rmSync(this.folder, { recursive: true, force: true });
    }
}

function freePort() {
    return new Promise((done, fail) => {
        const probe = net.createServer();
        probe.once("error", fail);
        probe.listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}
