// Asking a server over one kept connection, and telling how long it took: from the request to the last byte of the answer.
import http from "node:http";

export class Asker {
    constructor(base, token, connections = 1) {
        this.base = base;
        this.headers = { authorization: `Bearer ${token}` };
        this.agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    }

    /** `{ ms, status, text }` of one request. */
    ask(method, path, body) {
        return new Promise((done, fail) => {
            const started = performance.now();
            const headers = { ...this.headers, accept: body || path.startsWith("/api") ? "application/json" : "text/html" };
            const data = body && JSON.stringify(body);
            if (data) Object.assign(headers, { "content-type": "application/json", "content-length": Buffer.byteLength(data) });
            const request = http.request(this.base + path, { method, headers, agent: this.agent }, (answer) => {
                const parts = [];
                answer.on("data", (part) => parts.push(part));
                answer.on("end", () => {
                    const ms = performance.now() - started;
                    const text = Buffer.concat(parts).toString();
                    if (answer.statusCode >= 400) fail(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
                    else done({ ms, status: answer.statusCode, text });
                });
                answer.on("error", fail);
            });
            request.on("error", fail);
            request.end(data);
        });
    }

    async json(path) {
        return JSON.parse((await this.ask("GET", path)).text);
    }

    end() {
        this.agent.destroy();
    }
}

/** Median, 99th percentile and worst of times in ms. */
export function spread(times) {
    const sorted = [...times].sort((a, b) => a - b);
    const at = (part) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
    return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
