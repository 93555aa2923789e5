import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { check } from "./check.ts";
import { fourGradients, fourGradientsOfPytorch } from "./four-gradients.ts";
import { npmInstall, project, root, write } from "./project.ts";
import { inBrowser } from "./site.ts";

/** What the packages do under the server of Vite 7, which bundles what a page depends on into chunks. */
export async function checkVite7(): Promise<void> {
  npmInstall("vite-7@npm:vite@7.3.8");
  mkdirSync(join(project, "seven"));
  write("seven/index.html", '<!doctype html><script type="module" src="./main.js"></script>');
  write("seven/main.js", page);
  write("seven/plain.config.js", "export default {};");
  write("seven/vite.config.js", configurationInReadme());

  const title = "under Vite 7 gradients stay when @tensorflow/tfjs is imported later, and";
  await check(`${title} the report says why there is no wasm`, async () => {
    const { chosen, reasons, ...gradients } = await outcomeWith("plain.config.js");
    expectSame({ chosen, ...gradients }, { chosen: "cpu", ...expected });
    if (!reasons.includes("answers with text/html, not WebAssembly")) throw new Error(reasons);
  });
  await check(`${title} wasm works as the README of backends configures it`, async () => {
    const { chosen, reasons: _, ...gradients } = await outcomeWith("vite.config.js");
    expectSame({ chosen, ...gradients }, { chosen: "wasm", ...expected });
  });
}

const expected = { before: fourGradientsOfPytorch, after: fourGradientsOfPytorch };

interface Outcome {
  readonly chosen: string;
  readonly reasons: string;
  readonly before: string;
  readonly after: string;
}

async function outcomeWith(configFile: string): Promise<Outcome> {
  const vite = pathToFileURL(join(project, "node_modules/vite-7/dist/node/index.js")).href;
  const { createServer } = (await import(vite)) as typeof import("vite");
  const folder = join(project, "seven");
  const server = await createServer({
    root: folder,
    configFile: join(folder, configFile),
    logLevel: "error",
  });
  try {
    await server.listen(0);
    let outcome: Outcome | undefined;
    await inBrowser(server.resolvedUrls?.local[0] ?? "", async (opened) => {
      const found = await opened.waitForFunction("window.outcome");
      outcome = (await found.jsonValue()) as Outcome;
    });
    if (outcome === undefined) throw new Error("the page has no outcome");
    return outcome;
  } finally {
    await server.close();
  }
}

function expectSame(found: object, wanted: object): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

function configurationInReadme(): string {
  const readme = readFileSync(join(root, "packages/backends/README.md"), "utf8");
  const found = /```js\n([^]*?)```/.exec(readme)?.[1];
  if (found === undefined) throw new Error("the README of backends has no configuration of Vite");
  return found;
}

const page = `${fourGradients}
import { useBackend } from "@pellucid/backends";
(async () => {
  const { chosen, passed } = await useBackend();
  const before = fourGradients();
  await import("@tensorflow/tfjs");
  window.outcome = { chosen, reasons: passed.map(({ reason }) => reason).join("; "), before, after: fourGradients() };
})();
`;
