// Runs a command with an empty MariaDB of its own as DATABASE_URL: node mariadb.mjs FOLDER COMMAND... (FOLDER: for the database's files)
import { spawn } from "node:child_process";
import { freePort, mariadb } from "../../bench/lib/mariadb.mjs";

const [folder, command, ...args] = process.argv.slice(2);
const database = await mariadb(folder, await freePort());
try {
    process.exitCode = await new Promise((done, fail) => {
        const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, DATABASE_URL: database.url } });
        child.once("error", fail);
        child.once("exit", (code) => done(code ?? 1));
    });
} finally {
    await database.stop();
}
