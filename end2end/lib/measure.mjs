// What a person needs from a page, measured in it: contrast, names and roles by axe; how large text and targets are.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { tools } from "./browser.mjs";

const axe = fs.readFileSync(createRequire(path.join(tools, "npm/node_modules/")).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds serious or critical, a line each. With `rules` it looks for these alone. */
export async function barriers(page, rules) {
    if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe);
    const found = await page.evaluate((rules) => window.axe.run(document, {
        resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }),
    }), rules);
    return found.violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 140)} ${node.any.map((why) => why.message).join("; ")}`));
}

/** Text below `least` CSS pixels, as it is drawn: what is scaled with a drawing counts as it is seen. */
export function smallText(page, least) {
    return page.evaluate((least) => {
        const found = new Set();
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const el = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || ["SCRIPT", "STYLE", "TITLE", "desc"].includes(el.tagName) || el.closest("svg title, svg desc, .hidden, .skip")) continue;
            if (!el.checkVisibility()) continue;
            const scale = el.closest("svg") ? el.getScreenCTM().a : 1;
            const size = parseFloat(getComputedStyle(el).fontSize) * scale;
            if (size < least - 0.05) found.add(`${size.toFixed(1)} px: ${walk.currentNode.data.trim().slice(0, 40)} <${el.tagName} class="${el.getAttribute("class") ?? ""}">`);
        }
        for (const el of document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea")) {
            const size = parseFloat(getComputedStyle(el).fontSize);
            if (el.checkVisibility() && size < least - 0.05) found.add(`${size.toFixed(1)} px: ${el.outerHTML.slice(0, 60)}`);
        }
        return [...found];
    }, least);
}

/**
 * What a finger must hit and is smaller than `least`. Not its box counts but where it is hit: the middle and half of
 * `least` above, below and beside it. A link within a sentence is exempt, as WCAG has it. All of the page must be in view.
 */
export function smallTargets(page, least) {
    return page.evaluate((least) => {
        const found = [];
        const reach = least / 2 - 1;
        const inSentence = (el) => el.tagName === "A" && getComputedStyle(el).display === "inline"
            && [...el.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
            if (!el.checkVisibility() || el.closest(".hidden, .skip") || inSentence(el)) continue;
            // A box to tick is hit through its label.
            const target = (["radio", "checkbox"].includes(el.type) && el.closest("label")) || el;
            const box = target.getBoundingClientRect();
            if (box.right <= 0 || box.width * box.height === 0) continue;
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            const hits = ([dx, dy]) => target.contains(document.elementFromPoint(x + dx, y + dy)) || document.elementFromPoint(x + dx, y + dy)?.closest("a, button, label") === target;
            const fits = box.width >= least - 0.5 && box.height >= least - 0.5;
            // A cell of the rack is hit within its outline, which is no rectangle.
            const cell = target.closest(".cell");
            if (!(fits && (cell || hits([0, 0]))) && ![[0, 0], [0, -reach], [0, reach], [-reach, 0], [reach, 0]].every(hits)) {
                found.push(`${Math.round(box.width)}x${Math.round(box.height)} ${target.outerHTML.slice(0, 110)}`);
            }
        }
        return found;
    }, least);
}
