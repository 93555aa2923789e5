// npm run gradients: every op of the matrix on every backend of this machine, with five random shapes each; writes
// docs/tables/gradients.md. The cases and what they are held against are in packages/core-train/test/matrix.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chapters } from "../packages/core-train/test/matrix/cases.ts";

type Errors = Readonly<Record<"forward" | "gradient" | "second", number | null>>;

const seeds = process.argv[2] ?? "5";
const root = join(import.meta.dirname, "..");
const report = mkdtempSync(join(root, "node_modules/.gradients-")); // a page may only write inside of the project
const env = { ...process.env, VITE_PELLUCID_SEEDS: seeds, VITE_PELLUCID_REPORT: report };

for (const project of ["node", "browser"]) {
  const file = `packages/core-train/test/matrix.${project === "node" ? "" : "browser."}test.ts`;
  spawnSync("vitest", ["run", "--project", project, "--testTimeout", "300000", file], {
    cwd: root,
    env,
    stdio: "inherit",
  });
}

const columns = [
  ["cpu", "CPU"],
  ["wasm", "WASM"],
  ["webgpu", "WebGPU in Node"],
  ["chromium", "WebGPU in Chromium"],
  ["native", "tfjs-node"],
  ["cuda", "tfjs-node-gpu"],
].flatMap(([name = "", title = ""]) => {
  const file = join(report, `${name}.json`);
  return existsSync(file)
    ? [{ title, found: JSON.parse(readFileSync(file, "utf8")) as Record<string, Errors> }]
    : [];
});
rmSync(report, { recursive: true });

let [right, wrong] = [0, 0];

/** How large the error is, in parts of what is tolerated. */
function figure(error: number | null): string {
  if (error === null) return "";
  if (error <= 1) right++;
  else wrong++;
  if (error > 1) return "**wrong**";
  return error < 0.01 ? "·" : error.toFixed(2).replace(/^0/, "");
}

function cell(errors: Errors | undefined): string {
  if (errors === undefined) {
    wrong++;
    return "**fails**";
  }
  return [errors.forward, errors.gradient, errors.second].map(figure).join(" ").trim();
}

const tables = Object.entries(chapters).map(([title, cases]) => {
  const rows = cases.map(
    ({ name }) => `| ${name} | ${columns.map(({ found }) => cell(found[name])).join(" | ")} |`,
  );
  const head = ["op", ...columns.map((column) => column.title)];
  return [
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    "",
    `| ${head.join(" | ")} |`,
    `|${" --- |".repeat(head.length)}`,
    ...rows,
  ].join("\n");
});
const all = Object.values(chapters).flat();
const twice = all.filter(({ second }) => second).length;

const page = `# Every op on every backend

Written by \`npm run gradients\`. ${all.length} cases of tfjs' own ops, as they are once \`@pellucid/core-train\` is loaded and \`useBackend\` was called, each with ${seeds} random shapes and sets of
numbers: what comes out is held against its definition, written down in 64 bits; the gradient at each input against central differences of the definition in
64 bits; and for ${twice} of them the gradient of the gradient too. On WebGPU small tensors are kept on the GPU (\`WEBGPU_CPU_FORWARD\` is off).

A figure is the largest error, in parts of what is tolerated: forward, gradient, second gradient; a point is less than 0.01. Tolerated are 1e-5, 3e-5 and 3e-4 of the
largest number of the result, and a hundred times as much for the functions that WGSL is allowed to round to 2⁻¹¹.

**${right} right, ${wrong} wrong.** ${columns.length} backends: ${columns.map((column) => column.title).join(", ")}.

${tables.join("\n\n")}
`;
writeFileSync(join(root, "docs/tables/gradients.md"), page);
console.log(`${right} right, ${wrong} wrong; see docs/tables/gradients.md`);
process.exitCode = wrong > 0 ? 1 : 0;
