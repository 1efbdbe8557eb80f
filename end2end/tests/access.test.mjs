// The first admin, a PIN at the kiosk, and whose name a movement carries.
import assert from "node:assert/strict";
import path from "node:path";
import { binWith, bottles, go, read, toast, until } from "../lib/act.mjs";
import { DESK } from "../lib/browser.mjs";

const PASSWORD = "three good words";
const OTHER = "four other good words";

export default [{
    name: "the link of the log makes an admin, who gives somebody a PIN",
    size: DESK,
    async run({ cellar, page, artifacts }) {
        const link = cellar.output.join("").match(/\/setup\?token=[0-9a-f]{64}/)[0];
        await read(page, link);
        await page.getByLabel("Your name").fill("Anna");
        await page.getByLabel(/^Password/).fill(PASSWORD);
        await page.screenshot({ path: path.join(artifacts, "setup-desk.png") });
        await page.getByRole("button", { name: "Make me admin" }).click();
        await page.waitForURL("**/people");
        const form = page.locator("form[action='/people/add']");
        await form.getByLabel("Name").fill("Bert");
        await form.getByLabel(/^PIN/).fill("2580");
        await form.getByRole("button", { name: "Add" }).click();
        await page.getByText("PIN only").waitFor();
        const tokens = page.locator("form[action='/people/tokens']");
        await tokens.getByLabel("What for").fill("scanner");
        await tokens.getByRole("button", { name: "Make a token" }).click();
        const token = await page.locator("code.secret").innerText();
        assert.match(token, /^wct_[0-9a-f]{64}$/);
        await page.screenshot({ path: path.join(artifacts, "people-desk.png"), fullPage: true });
        const answer = await fetch(`${cellar.url}/api/v1/wines`, { headers: { authorization: `Bearer ${token}` } });
        assert.equal(answer.status, 403, "a scanner sees no wines");
        await read(page, "/people");
        assert.equal(await page.locator("code.secret").count(), 0, "it is shown once");
        // What was done to people is told to an admin, and taken back.
        await go(page, "/history");
        const line = page.locator(".history li", { hasText: "person entered" }).filter({ hasText: "Bert" });
        await line.getByRole("button", { name: "Undo" }).click();
        await toast(page).getByText("Bert: undone").waitFor();
        assert.ok(!(await page.goto("/people").then((r) => r.text())).includes("Bert"));
        await go(page, "/history");
        await page.locator(".history li", { hasText: "person removed" }).getByRole("button", { name: "Undo" }).click();
        await toast(page).getByText("Bert: undone").waitFor();
        await read(page, "/people");
        await page.locator("li", { hasText: "Bert" }).getByText("Change").click();
        const bert = page.locator("li", { hasText: "Bert" }).locator("form[action='/people/pin']");
        await bert.getByLabel(/^New PIN/).fill("2580");
        await bert.getByRole("button", { name: "Set PIN" }).click();
        await page.getByText("PIN only").waitFor();
        // One's own password needs no admin.
        await go(page, "/who");
        await page.getByText("Change my password").click();
        const own = page.locator("form[action='/who/password']");
        await own.getByLabel("Present password").fill("not this one");
        await own.getByLabel(/^New password/).fill(OTHER);
        await own.getByRole("button", { name: "Change" }).click();
        await page.getByText("That is not your present password.").waitFor();
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        await page.getByText("Change my password").click();
        await own.getByLabel("Present password").fill(PASSWORD);
        await own.getByLabel(/^New password/).fill(OTHER);
        await page.screenshot({ path: path.join(artifacts, "own-password-desk.png") });
        await own.getByRole("button", { name: "Change" }).click();
        await page.getByText("Your password is changed.").waitFor();
        await page.locator(".frame[data-alive]").waitFor({ state: "attached" });
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.waitForURL(`${cellar.url}/`);
        await read(page, "/sign-in?next=/people");
        await page.getByLabel("Name").fill("anna");
        await page.getByLabel("Password").fill(OTHER);
        await page.screenshot({ path: path.join(artifacts, "sign-in-desk.png") });
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.waitForURL("**/people");
    },
}, {
    name: "a PIN at the kiosk puts the person's name on a movement",
    async run({ cellar, page, artifacts }) {
        await go(page, "/");
        await page.getByRole("link", { name: "Who?" }).tap();
        await page.getByRole("button", { name: "That is me" }).waitFor();
        for (const key of await page.locator(".keys button, .choice").all()) {
            const box = await key.boundingBox();
            assert.ok(box.width >= 48 && box.height >= 48, "keys for a thumb");
        }
        await page.screenshot({ path: path.join(artifacts, "who-kiosk.png") });
        for (const digit of "2580") await page.getByRole("button", { name: digit, exact: true }).tap();
        await page.getByRole("button", { name: "That is me" }).tap();
        await page.waitForURL(`${cellar.url}/`);
        await page.getByRole("button", { name: "Bert: sign out" }).waitFor();
        await page.screenshot({ path: path.join(artifacts, "named-kiosk.png") });
        const bin = await binWith(cellar, 1);
        await go(page, `/bins/${bin}`);
        await bottles(page).first().getByRole("button", { name: /^Drunk/ }).tap();
        await toast(page).getByText("drunk").waitFor();
        const [movement] = (await cellar.get("/api/v1/movements")).items;
        assert.deepEqual([movement.actor, movement.source], ["Bert", "kiosk"]);
        await page.getByRole("button", { name: "Bert: sign out" }).tap();
        await until("the screen is nobody's again", async () => await page.getByRole("link", { name: "Who?" }).count() === 1);
    },
}];
