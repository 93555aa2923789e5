// What the Electron template asks of `electron`, on Playwright's Chromium: its main process, its preload script and its page run unchanged.
// Electron's own binary comes from GitHub, and not every machine that runs the checks may ask there.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Page, type Route } from "playwright";
import { chromiumOptions } from "../chromium-options.ts";

type Handler = (request: { readonly url: string }) => Response | Promise<Response>;
type Answer = (event: object, ...given: readonly unknown[]) => unknown;

const schemes = new Map<string, Handler>();
const answers = new Map<string, Answer>();
const folder = process.env["STAND_IN_DATA"] ?? "";
const types: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  wasm: "application/wasm",
};

export const app = {
  whenReady: () => Promise.resolve(),
  getPath: () => folder,
  on: () => app,
  quit: () => process.exit(),
  exit: (code: number) => process.exit(code),
};

export const protocol = {
  registerSchemesAsPrivileged: () => undefined,
  handle: (scheme: string, handler: Handler) => schemes.set(scheme, handler),
};

export const net = {
  fetch(url: string): Response {
    const path = fileURLToPath(url);
    const type = types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return new Response(readFileSync(path), { headers: { "content-type": type } });
  },
};

export const ipcMain = { handle: (channel: string, answer: Answer) => answers.set(channel, answer) };

/** Chromium alone gives no origin to a custom scheme: `app://net/` is opened as `https://net.app.localhost/`. */
const disguised = (url: string): string => url.replace(/^(\w+):\/\/([^/]+)/u, "https://$2.$1.localhost");
const original = (url: string): string => url.replace(/^https:\/\/([^/.]+)\.(\w+)\.localhost/u, "$2://$1");

async function answer(route: Route): Promise<void> {
  const url = original(route.request().url());
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) return route.abort();
  try {
    const response = await handler({ url });
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  } catch {
    await route.abort("failed");
  }
}

/** The preload script in the page, with an `electron` that has what sandboxed ones have. */
const preloaded = (source: string): string => `(() => {
  const bytes = (value) => (value instanceof Uint8Array ? { bytes: [...value] } : { value });
  const electron = {
    contextBridge: { exposeInMainWorld: (name, given) => { window[name] = given; } },
    ipcRenderer: { invoke: async (channel, ...given) => {
      const { bytes: found, value } = await window.standInInvoke(channel, given.map(bytes));
      return found === undefined ? value : Uint8Array.from(found);
    } },
  };
  const require = () => electron;
  ${source}
})();`;

interface Sent {
  readonly bytes?: readonly number[];
  readonly value?: unknown;
}

export class BrowserWindow {
  readonly #preload: string;

  constructor({ webPreferences }: { readonly webPreferences: { readonly preload: string } }) {
    this.#preload = webPreferences.preload;
  }

  async loadURL(url: string): Promise<void> {
    const browser = await chromium.launch(chromiumOptions());
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000); // as long as a busy machine takes
    await page.context().route("**/*", answer);
    await page.exposeFunction("standInInvoke", async (channel: string, given: readonly Sent[]) => {
      const sent = given.map(({ bytes, value }) => (bytes === undefined ? value : Uint8Array.from(bytes)));
      const result = await answers.get(channel)?.({}, ...sent);
      return result instanceof Uint8Array ? { bytes: [...result] } : { value: result };
    });
    await page.addInitScript(preloaded(readFileSync(this.#preload, "utf8")));
    await page.goto(disguised(url));
    await useWindow(page);
    await browser.close();
    process.exit();
  }
}

/** What a visitor does: waits for what the last run left, or trains. */
async function useWindow(page: Page): Promise<void> {
  page.on("pageerror", (error) => console.error(String(error)));
  const status = page.getByText(/accuracy|Error/u).first();
  if (process.argv.includes("--train")) await page.getByRole("button", { name: "Train" }).click();
  await status.waitFor();
  console.log(await status.textContent());
}
