import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, expectAccuracy } from "./check.ts";
import { project, root, run } from "./project.ts";
import { onSite } from "./site.ts";

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
    for (const name of readdirSync(join(root, "packages/create-pellucid/templates"))) {
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
  const page = pages[name];
  if (page === undefined) expectAccuracy(run("npm", ["start"], app));
  else {
    run("npm", ["run", "build"], app);
    const { folder: site, path = "", button } = page;
    await onSite(join(app, site), path, async (opened) => {
      if (button !== undefined) await opened.getByRole("button", { name: button }).click();
      const status = opened.getByText(/accuracy|Error/u).first();
      await status.waitFor({ timeout: 120_000 });
      expectAccuracy((await status.textContent()) ?? "");
    });
  }
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  console.log(
    `        ${name}: ${seconds(began, installed)} s to install, ${seconds(installed, checked)} s to check types, ${seconds(checked, performance.now())} s to build and train`,
  );
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
