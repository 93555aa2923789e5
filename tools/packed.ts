// Tests the packages as npm would serve them: packed, installed in an empty project, imported by every Node that is
// supported, type-checked by two TypeScripts, and bundled for a page that a browser opens. What runs there is the
// program in the README.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright";
import { chromiumOptions } from "./chromium-options.ts";

const root = join(import.meta.dirname, "..");
const nodes = ["20.20.2", "22.23.0", "24.21.0"];
const typescripts = ["5.9.3", "7.0.2"];
const tfjs = "4.22.0";

const project = mkdtempSync(join(tmpdir(), "pellucid-packed-"));
const run = (command: string, args: readonly string[], cwd = project): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The program of a README after a comment: "Train in twenty lines" after `program`. */
function programIn(readme: string, mark: string): string {
  const text = readFileSync(join(root, readme), "utf8");
  const found = new RegExp(`<!-- ${mark} -->\\s*\`{3}ts\\n([\\s\\S]*?)\`{3}`).exec(text);
  if (found?.[1] === undefined) throw new Error(`${readme} has no program after <!-- ${mark} -->`);
  return found[1];
}

let passed = 0;
const failures: string[] = [];

async function check(title: string, body: () => void | Promise<void>): Promise<void> {
  const began = performance.now();
  try {
    await body();
    passed++;
    console.log(`ok      ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures.push(title);
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    console.log(`not ok  ${title}\n${String(error)}\n${stdout}\n${stderr}`);
  }
}

const expectAccuracy = (output: string): void => {
  const accuracy = Number(/accuracy (0\.\d+|1)/.exec(output)?.[1]);
  if (!(accuracy > 0.9)) throw new Error(`expected an accuracy above 0.9, got:\n${output}`);
};

/** The script that the page in `dist` names. */
function entryOf(): string {
  const found = /src="\/?([^"]+\.js)"/.exec(readFileSync(join(project, "dist/index.html"), "utf8"));
  if (found?.[1] === undefined) throw new Error("The page names no script.");
  return found[1];
}

/** Serves `dist` and opens it in a browser. */
async function onSite(body: (page: Page) => Promise<void>): Promise<void> {
  const site = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const types: Record<string, string> = {
      html: "text/html",
      js: "text/javascript",
      wasm: "application/wasm",
    };
    const file = join(project, "dist", path === "/" ? "index.html" : path);
    try {
      const content = readFileSync(file);
      response.setHeader("content-type", types[file.split(".").at(-1) ?? ""] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch(chromiumOptions());
  try {
    const page = await browser.newPage();
    const address = site.address();
    if (address === null || typeof address === "string") throw new Error("the site has no port");
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await body(page);
  } finally {
    await browser.close();
    site.close();
  }
}

try {
  const tarballs = join(project, "tarballs");
  mkdirSync(tarballs);
  for (const name of readdirSync(join(root, "packages"))) {
    const { private: hidden } = JSON.parse(
      readFileSync(join(root, "packages", name, "package.json"), "utf8"),
    ) as {
      private?: boolean;
    };
    if (hidden !== true) run("pnpm", ["pack", "--pack-destination", tarballs], join(root, "packages", name));
  }
  const program = programIn("README.md", "program");
  const drawing = programIn("packages/interpret/README.md", "page");
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "empty", private: true, type: "module" }),
  );
  writeFileSync(join(project, "train.ts"), program);
  writeFileSync(
    join(project, "index.html"),
    '<!doctype html><pre id="out"></pre><script type="module" src="./page.ts"></script>',
  );
  writeFileSync(
    join(project, "page.ts"),
    `const out = document.getElementById("out")!;
console.log = (...words: unknown[]) => { out.textContent += words.join(" ") + "\\n"; };
window.addEventListener("unhandledrejection", (event) => { out.textContent += "failed " + String(event.reason); });
await import("./train.ts");
out.dataset["done"] = "yes";`,
  );

  await check("the tarballs install with npm in an empty project", () => {
    const files = readdirSync(tarballs).map((name) => join(tarballs, name));
    const tools = typescripts.map(
      (version) => `typescript-${version.split(".")[0]}@npm:typescript@${version}`,
    );
    run("npm", ["install", "--no-audit", "--no-fund", `@tensorflow/tfjs-core@${tfjs}`, ...files, ...tools]);
  });

  run(join(root, "node_modules/.bin/tsc"), ["--version"]);
  const compile = (version: string, extra: readonly string[]): void => {
    const compiler = join(project, `node_modules/typescript-${version.split(".")[0]}/bin/tsc`);
    const options = [
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--lib",
      "es2023,dom,dom.iterable,dom.asynciterable",
    ];
    run("node", [compiler, ...options, ...extra, "train.ts"]);
  };
  for (const version of typescripts) {
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ] as const) {
      await check(`TypeScript ${version} accepts the README's program (${resolution})`, () => {
        compile(version, ["--noEmit", "--module", module, "--moduleResolution", resolution]);
      });
    }
  }
  compile(typescripts[0] as string, ["--module", "nodenext", "--moduleResolution", "nodenext"]);

  for (const version of nodes) {
    await check(`Node ${version} runs the README's program`, () => {
      expectAccuracy(run("npx", ["--yes", `--package=node@${version}`, "--call=node train.js"]));
    });
  }

  writeFileSync(
    join(project, "numbers.js"),
    "export default { length: 6, get: (i) => ({ x: { data: Float32Array.of(i), shape: [1] }, y: i }) };",
  );
  writeFileSync(
    join(project, "workers.js"),
    `import { batches } from "@pellucid/core-train";
import { nodeWorkers } from "@pellucid/core-train/node";
import { useBackend } from "@pellucid/backends";
import numbers from "./numbers.js";
await useBackend();
const workers = nodeWorkers(2, new URL("./numbers.js", import.meta.url));
for await (const { x } of batches(numbers, { size: 3, workers })) console.log([...x.dataSync()].join(" "));`,
  );
  await check("batches come from worker threads", () => {
    const printed = run("node", ["workers.js"]);
    if (printed !== "0 1 2\n3 4 5\n") throw new Error(`expected the numbers 0 to 5, got:\n${printed}`);
  });

  const bundle = (entry: string) => {
    writeFileSync(
      join(project, "index.html"),
      `<!doctype html><body><pre id="out"></pre><script type="module" src="./${entry}"></script></body>`,
    );
    run("node", [
      join(root, "node_modules/vite/bin/vite.js"),
      "build",
      "--logLevel",
      "warn",
      "--target",
      "es2022",
    ]);
  };

  await check("Vite bundles it and a browser runs it", async () => {
    cpSync(join(project, "train.ts"), join(project, "train.page.ts"));
    rmSync(join(project, "train.js"));
    bundle("page.ts");
    await onSite(async (page) => {
      await page.waitForSelector("#out[data-done], #out:has-text('failed')", { timeout: 120_000 });
      expectAccuracy((await page.textContent("#out")) ?? "");
    });
  });

  await check("a page of 30 lines shows where the net sees the digit that one draws", async () => {
    const lines = drawing.trimEnd().split("\n").length;
    if (lines > 30) throw new Error(`expected at most 30 lines, got ${lines}`);
    writeFileSync(join(project, "drawing.ts"), drawing);
    mkdirSync(join(project, "public"));
    cpSync(
      join(root, "packages/interpret/stories/nets/digits-cnn.safetensors"),
      join(project, "public/model.safetensors"),
    );
    rmSync(join(project, "dist"), { recursive: true });
    bundle("drawing.ts");
    await onSite(async (page) => {
      await page.waitForSelector("canvas", { timeout: 120_000 });
      const { x, y } = (await page.locator("canvas").boundingBox()) ?? { x: 0, y: 0 };
      const seven = [
        [2, 0],
        [6, 0],
        [5, 2],
        [4, 4],
        [2, 4],
        [5, 4],
        [3, 6],
        [2, 7],
      ] as const;
      const at = ([column, row]: readonly [number, number]) =>
        [x + 32 * column + 16, y + 32 * row + 16] as const;
      await page.mouse.move(...at(seven[0]));
      await page.mouse.down();
      for (const point of seven) await page.mouse.move(...at(point), { steps: 8 });
      await page.mouse.up();
      const title = await page.locator("figcaption").first().textContent({ timeout: 60_000 });
      if (title !== "Where it sees a 7") throw new Error(`expected a 7 to be seen, got: ${title}`);
    });
    const sizes = readdirSync(join(project, "dist/assets"))
      .filter((name) => name.endsWith(".js"))
      .map((name) => gzipSync(readFileSync(join(project, "dist/assets", name))).length);
    const first = gzipSync(readFileSync(join(project, "dist", entryOf()))).length;
    const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
    console.log(
      `        ${lines} lines; ${kilobytes(first)} gzipped, and ${kilobytes(sizes.reduce((a, b) => a + b, 0) - first)} for all backends, of which a page loads one`,
    );
  });
} finally {
  rmSync(project, { recursive: true, force: true });
}

console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
