// A throwaway MariaDB with its ordinary, durable settings; gone when the bench ends.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

/** Starts a server below `folder`; gives the URL of an empty database and a way to stop it. */
export async function mariadb(folder, port) {
    const at = (name) => path.join(folder, name);
    try {
        execFileSync("mariadb-install-db", [
            "--no-defaults", "--user=root", "--auth-root-authentication-method=normal", "--skip-test-db", "--force",
            `--datadir=${at("mariadb")}`,
        ], { stdio: "pipe" });
    } catch (error) {
        throw new Error(`MariaDB cannot be set up: ${error.message}\nInstall it by: apt-get install mariadb-server`);
    }
    const server = spawn("/usr/sbin/mariadbd", [
        "--no-defaults", "--user=root", "--bind-address=127.0.0.1", "--skip-grant-tables", "--skip-name-resolve",
        `--port=${port}`, `--datadir=${at("mariadb")}`, `--socket=${at("sock")}`, `--pid-file=${at("pid")}`, `--log-error=${at("log")}`,
    ], { stdio: "ignore" });
    const stop = async () => {
        if (server.exitCode !== null) return;
        const gone = new Promise((done) => server.once("exit", done));
        server.kill("SIGTERM");
        await gone;
    };
    const client = (sql) => execFileSync("mariadb", ["--no-defaults", "-uroot", `--socket=${at("sock")}`, "-e", sql], { stdio: "pipe" });
    for (let tries = 0; ; tries++) {
        if (server.exitCode !== null || tries > 300) {
            await stop();
            throw new Error(`MariaDB does not start:\n${fs.existsSync(at("log")) ? fs.readFileSync(at("log"), "utf8") : ""}`);
        }
        if (await answers(port)) break;
        await new Promise((done) => setTimeout(done, 100));
    }
    client("CREATE DATABASE cellar");
    return { url: `mysql://root@127.0.0.1:${port}/cellar`, stop };
}

function answers(port) {
    return new Promise((done) => {
        const probe = net.connect(port, "127.0.0.1");
        probe.once("data", () => { probe.destroy(); done(true); });
        probe.once("error", () => done(false));
    });
}

/** A port on which nobody listens. */
export function freePort() {
    return new Promise((done, fail) => {
        const probe = net.createServer();
        probe.once("error", fail);
        probe.listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}
