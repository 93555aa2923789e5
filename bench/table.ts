import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Measured } from "./training.ts";

/** A file of results/. */
interface Run {
  readonly date: string;
  readonly commit: string;
  readonly machine: {
    readonly node: string;
    readonly processor: string;
    readonly cores: number;
    readonly load: number;
  };
  readonly results: Readonly<Record<string, Readonly<Record<string, Measured>>>>;
}

const results = new URL("results/", import.meta.url);
const target = new URL("../docs/tables/benchmarks.md", import.meta.url);

/** Writes docs/tables/benchmarks.md from results/*.json. */
export const writeTable = (): void => writeFileSync(target, tableOf(runs()));

/** All runs of results/, the oldest first. */
export function runs(): readonly Run[] {
  return readdirSync(results)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(new URL(file, results), "utf8")) as Run);
}

/** The text of docs/tables/benchmarks.md: of each row the latest run that has it. */
export function tableOf(all: readonly Run[]): string {
  const latest = new Map<string, Run>();
  for (const run of all) for (const row of Object.keys(run.results)) latest.set(row, run);
  const rows = [...latest].filter(([row]) => !row.startsWith("import"));
  const compiled = rows.filter(([row]) => row.startsWith("compiled "));
  const products = rows.filter(([row]) => row.startsWith("products "));
  const others = rows.filter(([row]) => !/^(compiled|products) /.test(row));
  return `# Benchmarks

\`pnpm bench\` writes this page from \`bench/results/*.json\`: of each row, the latest run. Medians of CPU time, in milliseconds; every contestant in a process of its own on one thread, in turns, from the same weights on the same batch, and
their losses agree. Ratios of one row are comparable, milliseconds of two rows are not: they are of the day and of what else the machine did, which its load says.

## Compiled steps

A step on WASM that \`compile\` repeats, the same step op by op, and PyTorch 2.13 on one thread with Adam as one fused kernel and with its default. "By PyTorch" is ours by the fused one's time; "AVX2" by its time where it may use no more of the processor than that: WebAssembly's vectors have four numbers, those of AVX2 eight and those of
AVX-512 sixteen. "Two threads" is how many times as fast a step is
with two threads by the clock on the wall, our own and PyTorch's. "Memory" is all that a repeated step works in, next to the parameters and the optimizer's state: what is alive at the same time.

| work | compiled | op by op | times as fast | PyTorch, fused | default | by PyTorch | AVX2 | two threads | PyTorch, two | calls | memory, MB | run |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${compiled.map(([row, run]) => compiledLine(row, run)).join("\n")}

## Products of matrices

Billions of products and sums in a second of one core, of two square matrices; \`T\` is a transposed one.

| product | Pellucid | tfjs | jax-js | onnxruntime-web | run |
| --- | --- | --- | --- | --- | --- |
${products.map(([row, run]) => productLine(row, run)).join("\n")}

## All other rows

| row | contestant | CPU ms | ratio | run |
| --- | --- | --- | --- | --- |
${others.flatMap(([row, run]) => otherLines(row, run)).join("\n")}

## Runs

| run | day | commit | processor, cores | Node | load |
| --- | --- | --- | --- | --- | --- |
${[...new Set(rows.map(([, run]) => run))]
  .toSorted((a, b) => (a.date < b.date ? -1 : 1))
  .map(
    (run) =>
      `| ${nameOf(run)} | ${run.date.slice(0, 10)} | ${run.commit} | ${run.machine.processor}, ${run.machine.cores} | ${run.machine.node} | ${run.machine.load.toFixed(1)} |`,
  )
  .join("\n")}
`;
}

const nameOf = ({ date }: Run): string => date.slice(5, 16).replace("T", " ");
const titleOf = (row: string): string => row.replace("compiled ", "");
const milliseconds = (cpu: number | undefined): string =>
  cpu === undefined ? "" : cpu < 10 ? cpu.toFixed(2) : cpu.toFixed(0);
const ratio = (a: number | undefined, b: number | undefined): string =>
  a === undefined || b === undefined ? "" : (a / b).toFixed(2);

function compiledLine(row: string, run: Run): string {
  const all = run.results[row] ?? {};
  const [ours, eager] = [all["Pellucid, compiled"], all["Pellucid, op by op"]];
  const [two, fusedTwo] = [all["Pellucid, compiled, two threads"], all["PyTorch, fused Adam, two threads"]];
  const [fused, byDefault] = [all["PyTorch, fused Adam"], all["PyTorch, its default"]];
  const narrow = all["PyTorch, fused Adam, AVX2"];
  const cells = [
    titleOf(row),
    milliseconds(ours?.cpu),
    milliseconds(eager?.cpu),
    ratio(eager?.cpu, ours?.cpu),
    milliseconds(fused?.cpu),
    milliseconds(byDefault?.cpu),
    ratio(ours?.cpu, fused?.cpu),
    ratio(ours?.cpu, narrow?.cpu),
    ratio(ours?.wall, two?.wall),
    ratio(fused?.wall, fusedTwo?.wall),
    ours?.plan?.calls ?? "",
    ours?.plan === undefined ? "" : (ours.plan.bytes / 1e6).toFixed(1),
    nameOf(run),
  ];
  return `| ${cells.join(" | ")} |`;
}

function productLine(row: string, run: Run): string {
  const all = run.results[row] ?? {};
  const rates = ["Pellucid", "tfjs", "jax-js", "onnxruntime-web"].map(
    (name) => all[name]?.gflops?.toFixed(1) ?? "",
  );
  return `| ${[row.replace("products ", ""), ...rates, nameOf(run)].join(" | ")} |`;
}

function otherLines(row: string, run: Run): string[] {
  const all = Object.entries(run.results[row] ?? {});
  const [, first] = all[0] ?? [];
  return all.map(
    ([name, { cpu }], i) =>
      `| ${i === 0 ? row : ""} | ${name} | ${milliseconds(cpu)} | ${ratio(cpu, first?.cpu)} | ${i === 0 ? nameOf(run) : ""} |`,
  );
}
