// The static Storybook that `storybook build` wrote, served from here, and a browser to look at it with.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { type Browser, chromium } from "playwright";
import { chromiumOptions } from "./chromium-options.ts";

/** A page of the Storybook. */
export interface Entry {
  readonly id: string;
  readonly type: "docs" | "story";
  readonly importPath: string;
}

export interface OpenStorybook {
  /** Where it is served, without a slash at the end. */
  readonly base: string;
  readonly entries: readonly Entry[];
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

const site = join(import.meta.dirname, "../storybook-static");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Serves the Storybook and starts a browser. */
export async function openStorybook(): Promise<OpenStorybook> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname === "/" ? "index.html" : decodeURIComponent(pathname);
    try {
      const content = readFileSync(join(site, path));
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The site has no port.");
  const index = JSON.parse(readFileSync(join(site, "index.json"), "utf8")) as {
    readonly entries: Readonly<Record<string, Entry>>;
  };
  const browser = await chromium.launch(chromiumOptions());
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { base: `http://127.0.0.1:${address.port}`, entries: Object.values(index.entries), browser, close };
}
