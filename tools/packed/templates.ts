import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { check, expectAccuracy } from "./check.ts";
import { environment, project, root, run } from "./project.ts";
import { inBrowser, onSite } from "./site.ts";

/** How a template runs that has no page to open, after its build where it has one; all that it prints is given back. */
const programs: Readonly<Record<string, (app: string) => string | Promise<string>>> = {
  node: start,
  deno: start,
  bun: start,
  next: served,
  electron: inWindows,
};

/** What opens the built page of a template, and what it does there until the accuracy is said. */
const pages: Readonly<Record<string, { folder: string; path?: string; button?: string }>> = {
  browser: { folder: "dist" },
  worker: { folder: "dist", button: "Train" },
  react: { folder: "dist", button: "Train" },
  storybook: {
    folder: "storybook-static",
    path: "iframe.html?id=saliency--of-an-unseen-digit&viewMode=story",
  },
};

/** Each template of `npm create pellucid`, from an empty folder to a trained model, with the packed packages. */
export async function checkTemplates(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pellucid-templates-")); // not in the project, whose packages would be found
  try {
    const only = process.argv.slice(3);
    for (const name of readdirSync(join(root, "packages/create-pellucid/templates"))) {
      if (only.length > 0 && !only.includes(name)) continue;
      await check(`npm create pellucid, template ${name}: created, installed, type-checked, trained`, () =>
        checkTemplate(name, folder),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function checkTemplate(name: string, folder: string): Promise<void> {
  const program = join(project, "node_modules/create-pellucid/dist/bin/create-pellucid.js");
  const printed = run("node", [program, name, "--template", name], folder);
  if (!printed.includes(`cd ${name}\n  npm install\n  npm start`)) throw new Error(`it printed:\n${printed}`);
  const app = join(folder, name);
  const began = performance.now();
  takePacked(app);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], app);
  const installed = performance.now();
  run("npm", ["run", "check"], app);
  const checked = performance.now();
  if ("build" in scriptsOf(app)) run("npm", ["run", "build"], app);
  const runs = programs[name];
  const said = runs === undefined ? await onBuiltPage(app, pages[name]) : await runs(app);
  expectAccuracy(said, 0.955);
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  console.log(
    `        ${name}: ${seconds(began, installed)} s to install, ${seconds(installed, checked)} s to check types, ${seconds(checked, performance.now())} s to build and train`,
  );
}

const scriptsOf = (app: string): Readonly<Record<string, string>> =>
  (
    JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    }
  ).scripts;

async function onBuiltPage(app: string, page: (typeof pages)[string] | undefined): Promise<string> {
  if (page === undefined) throw new Error(`${app} is neither a program nor a page: add it to this file`);
  const { folder, path = "", button } = page;
  let said = "";
  await onSite(join(app, folder), path, async (opened) => {
    if (button !== undefined) await opened.getByRole("button", { name: button }).click();
    said = await whatIsSaid(opened);
  });
  return said;
}

/** Waits until a page says its accuracy, or what went wrong. */
async function whatIsSaid(opened: Page): Promise<string> {
  const status = opened.getByText(/accuracy|Error/u).first();
  await status.waitFor();
  return (await status.textContent()) ?? "";
}

function start(app: string): string {
  return run("npm", ["start"], app);
}

/** Serves what Next built: the page has the server's prediction, and trains. */
async function served(app: string): Promise<string> {
  const program = join(app, "node_modules/next/dist/bin/next");
  const server = spawn("node", [program, "start", "--port", "0"], {
    cwd: app,
    env: environment(),
    detached: true,
  });
  try {
    let printed = "";
    const address = await new Promise<string>((resolve, reject) => {
      const listen = (text: Buffer) => {
        printed += String(text);
        const found = /http:\/\/localhost:\d+/u.exec(printed)?.[0];
        if (found !== undefined) resolve(found);
      };
      server.stdout.on("data", listen);
      server.stderr.on("data", listen);
      server.on("exit", () => reject(new Error(`the server ended:\n${printed}`)));
    });
    const html = await (await fetch(address)).text();
    const seen = html.replaceAll("<!-- -->", "");
    if (!/The server, on \w+, sees a 2 as 2, with 9\d %/u.test(seen))
      throw new Error(`no prediction in:\n${seen}`);
    let said = "";
    await inBrowser(address, async (opened) => {
      await opened.getByRole("button", { name: "Train" }).click();
      said = await whatIsSaid(opened);
    });
    return said;
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid); // the server is a process of its own
  }
}

/** Opens the window of the Electron template twice: it trains, and finds the net of the last run again. */
function inWindows(app: string): string {
  const hook = join(import.meta.dirname, "electron-hook.mjs");
  const data = mkdtempSync(join(tmpdir(), "pellucid-electron-"));
  const open = (...rest: readonly string[]): string =>
    execFileSync("node", ["--import", hook, join(app, "desktop/main.js"), ...rest], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, STAND_IN_DATA: data },
    });
  try {
    const trained = open("--train");
    const again = open();
    const [first, second] = [trained, again].map((text) => /accuracy \d\.\d+/u.exec(text)?.[0]);
    if (first === undefined || first !== second || !again.startsWith("The net of the last run"))
      throw new Error(`expected the same net in the second run:\n${trained}\n${again}`);
    return trained;
  } finally {
    rmSync(data, { recursive: true });
  }
}

/** Replaces releases of Pellucid in a `package.json` by the packed tarballs, and those that they need. */
function takePacked(app: string): void {
  const tarballs = readdirSync(join(project, "tarballs")).flatMap((file) => {
    const scoped = /^pellucid-(.+)-\d+\.\d+\.\d+[^/]*\.tgz$/u.exec(file)?.[1];
    return scoped === undefined ? [] : [[`@pellucid/${scoped}`, `file:${join(project, "tarballs", file)}`]];
  });
  const path = join(app, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
  const overrides: Record<string, string> = {};
  for (const [name = "", file = ""] of tarballs) {
    if (name in manifest.dependencies) manifest.dependencies[name] = file;
    else overrides[name] = file;
  }
  writeFileSync(path, JSON.stringify({ ...manifest, overrides }, null, 2));
}
