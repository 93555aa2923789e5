import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inBrowser } from "../../tools/packed/site.ts";
import { makeServer } from "./serve.ts";

test("the server renders a prediction, React hydrates it, and the browser predicts the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "server-"));
  const server = await makeServer(folder, 3);
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}/`;
    const html = await (await fetch(address)).text();
    const rendered = /The server sees (a \d with \d+\.\d %)/.exec(html)?.[1];
    expect(rendered).toBeDefined();
    await inBrowser(address, async (page) => {
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") wrong.push(message.text());
      });
      await page.reload({ waitUntil: "networkidle" });
      await page.getByRole("button").click();
      await page.getByText("The browser sees").waitFor({ timeout: 120_000 });
      expect(await page.textContent("#browser")).toContain(rendered);
      expect(wrong.filter((text) => !text.includes("favicon") && !text.includes("404"))).toEqual([]);
    });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
