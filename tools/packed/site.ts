import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import { chromiumOptions } from "../chromium-options.ts";

/** Milliseconds that a page has for each step: as long as a busy machine takes, not as long as a quiet one does. */
export const patience = 600_000;

/** Serves a folder and opens a path of it in a browser. */
export async function onSite(
  folder: string,
  opened: string,
  body: (page: Page) => Promise<void>,
): Promise<void> {
  const site = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : decodeURIComponent(path));
    try {
      const content = readFileSync(file);
      response.setHeader("content-type", types[file.split(".").at(-1) ?? ""] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  try {
    const address = site.address();
    if (address === null || typeof address === "string") throw new Error("the site has no port");
    await inBrowser(`http://127.0.0.1:${address.port}/${opened}`, body);
  } finally {
    site.close();
  }
}

/** Opens an address in a browser. */
export async function inBrowser(address: string, body: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch(chromiumOptions());
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(patience);
    await page.goto(address);
    await body(page);
  } finally {
    await browser.close();
  }
}

const types: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};
