// Makes what wasm-bindgen wrote smaller over the wire. Names of imports end in a hash that no compression shortens, and stand
// in the script and in the module: both get short ones. Comments and indentation of the script go.

/** The same script and module with short names of imports; throws where the two do not belong together. */
export function shortImports(script, wasm) {
    const reader = new Reader(wasm);
    const head = reader.take(8);
    const parts = [head];
    const names = new Map();
    while (reader.at < wasm.length) {
        const from = reader.at;
        const id = reader.take(1)[0];
        const body = reader.take(reader.number());
        if (id !== 2) {
            parts.push(wasm.subarray(from, reader.at));
            continue;
        }
        const section = renamed(body, names);
        parts.push(Buffer.from([2]), number(section.length), section);
    }
    for (const [long, short] of names) {
        const token = new RegExp(`(?<![\\w$])${long.replaceAll("$", "\\$")}(?![\\w$])`, "g");
        if (!token.test(script)) throw new Error(`the script has no ${long}, which the module imports`);
        script = script.replace(token, () => short);
    }
    return { script, wasm: Buffer.concat(parts) };
}

/** The script without comments of their own lines and without indentation: no text of wasm-bindgen's goes over a line's end. */
export function bare(script) {
    const odd = script.split("\n").find((line) => (line.match(/`/g) ?? []).length % 2);
    if (odd) throw new Error(`a text goes over a line's end, and would lose its blanks: ${odd}`);
    return script.replace(/^\s*\/\*\*[\s\S]*?\*\/\s*$/gm, "").replace(/^\s*\/\/.*$/gm, "").replace(/^\s+/gm, "");
}

/** The import section with new names, which are noted. Form: WebAssembly core specification 5.5.5. */
function renamed(body, names) {
    const reader = new Reader(body);
    const parts = [];
    const count = reader.number();
    parts.push(number(count));
    for (let i = 0; i < count; i += 1) {
        const module = reader.take(reader.number());
        const name = reader.take(reader.number()).toString();
        if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
        const short = Buffer.from(names.get(name));
        const from = reader.at;
        const kind = reader.take(1)[0];
        // A function is one number; what else would be imported is not expected here.
        if (kind !== 0) throw new Error(`${name} is no function: this import is not known how to read`);
        reader.number();
        parts.push(number(module.length), module, number(short.length), short, body.subarray(from, reader.at));
    }
    return Buffer.concat(parts);
}

/** Reads bytes and LEB128 numbers one after another. */
class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }
    take(length) {
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
    }
    number() {
        let [value, shift, byte] = [0, 0, 0];
        do {
            byte = this.take(1)[0];
            value += (byte & 127) * 2 ** shift;
            shift += 7;
        } while (byte & 128);
        return value;
    }
}

function number(value) {
    const bytes = [];
    do {
        bytes.push((value & 127) | (value > 127 ? 128 : 0));
        value = Math.floor(value / 128);
    } while (value);
    return Buffer.from(bytes);
}
