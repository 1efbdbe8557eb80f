// The server goes away and comes back: the page says so and recovers by itself.
import { go } from "../lib/act.mjs";

export default [{
    name: "a killed server is told, and a restarted one is found again",
    async run({ cellar, page }) {
        await go(page, "/");
        await page.locator(".offline").waitFor({ state: "hidden" });
        await cellar.stop("SIGKILL");
        await page.locator(".offline").waitFor({ state: "visible" });
        await cellar.start();
        await page.locator(".offline").waitFor({ state: "hidden", timeout: 15000 });
        await page.getByText("ready tonight").waitFor();
        page.forgive();
    },
}];
