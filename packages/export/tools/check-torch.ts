// Writes models of all families for PyTorch, and runs what was written: outputs, losses of 50 steps, two processes, and two that are killed.
// `pnpm --filter @pellucid/export check:torch [name …]` needs a Python with torch and safetensors; PYTHON names it. What is written is also checked by
// ruff, where it is installed. With --torchrun the models that are named are also run by the command `torchrun`, which takes longer.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { useBackend } from "@pellucid/backends";
import { leaves, loadWeights, Rng, type Struct } from "@pellucid/core-train";
import { toTorch, trainByRecipe, type TrainRecipe } from "@pellucid/export";
import type { Tensor } from "@tensorflow/tfjs-core";
import { batchStatistics, drawsMasks, recipeOf } from "../test/torch-recipe.ts";
import { type TorchRow, torchRows } from "../test/torch-rows.ts";

const python = process.env["PYTHON"] ?? "python3";
const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const byCommand = process.argv.includes("--torchrun");

/** What we compute: to be found in Python, too. */
interface Ours {
  readonly outputs: readonly (readonly number[])[];
  readonly losses: readonly number[] | null;
  /** Why two processes give other losses than one; `null` if they should not. */
  readonly apart: string | null;
}

/** What Python computed. */
interface Theirs {
  readonly error?: string;
  readonly outputs?: readonly (readonly number[])[];
  readonly one?: readonly Printed[];
  readonly two?: readonly Printed[];
  readonly killed?: readonly Printed[];
  readonly seconds: number;
}

type Printed = readonly [step: number, loss: number];

const worstOf = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(0, ...a.map((x, i) => Math.abs(x - (b[i] as number)))) : Infinity;

/** Writes a model with its recipe, and trains it here. */
async function write(folder: string, { make, inputs, train, fixed = [] }: TorchRow): Promise<Ours> {
  const given = inputs(new Rng(1));
  const model = make(new Rng(0));
  const recipe = train === null ? null : recipeOf(train(new Rng(2)));
  const files = await toTorch(model, given, { fixed, ...(recipe !== null && { train: recipe }) });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  const [, name] = /from model import (\w+)/.exec(files["README.md"] as string) as RegExpExecArray;
  const tensors = given.flatMap((x) => tensorsOf(x as Struct, fixed));
  const ours = leaves(model.forward(...(given as never[])) as Struct).map((y) => [...y.dataSync()]);
  const described = tensors.map((x) => ({ data: [...x.dataSync()], shape: x.shape, dtype: x.dtype }));
  writeFileSync(join(folder, "ours.json"), JSON.stringify({ name, inputs: described }));
  const losses: number[] = [];
  if (recipe !== null) for await (const loss of trainByRecipe(model, recipe)) losses.push(loss);
  const apart = batchStatistics(model) ?? drawsMasks(model);
  model.dispose();
  return { outputs: ours, losses: recipe === null ? null : losses, apart };
}

const tensorsOf = (x: Struct, fixed: readonly string[]): readonly Tensor[] =>
  leaves(Object.keys(x).some((key) => fixed.includes(key)) ? without(x as Record<string, Struct>, fixed) : x);
const without = (x: Record<string, Struct>, fixed: readonly string[]): Struct =>
  Object.fromEntries(Object.entries(x).filter(([key]) => !fixed.includes(key)));

const lossesOf = (printed: readonly Printed[]): readonly number[] => [...new Map(printed).values()];

/** Prints how far apart both are, and whether that is little enough. */
function compare(name: string, ours: Ours, theirs: Theirs, ms: number): boolean {
  const results: boolean[] = [];
  const parts: string[] = [];
  const report = (what: string, worst: number, bound: number): void => {
    parts.push(`${what} ${worst.toExponential(1)}${worst <= bound ? "" : ` (expected ${bound} at most)`}`);
    results.push(worst <= bound);
  };
  if (theirs.error !== undefined) {
    console.log(`${name}: ${theirs.error}; see errors.log`);
    return false;
  }
  const { outputs = [], one = [], two = [], killed = [], seconds } = theirs;
  report("outputs", Math.max(...ours.outputs.map((y, i) => worstOf(y, outputs[i] ?? []))), 1e-5);
  if (ours.losses !== null) {
    const [single, double] = [lossesOf(one), lossesOf(two)];
    report("50 losses", worstOf(ours.losses, single), 1e-4);
    if (ours.apart === null) report("two processes", worstOf(single, double), 1e-5);
    else parts.push(`two processes differ by ${ours.apart}`);
    report("killed and started again", worstOf(double.slice(0, 40), lossesOf(killed)), 1e-5);
    const back = killed.findIndex(([step], i) => i > 0 && step <= (killed[i - 1] as Printed)[0]);
    if (back === -1) results.push(false);
    parts.push(
      back === -1 ? "was not killed" : `from step ${killed[back]?.[0]} after ${killed[back - 1]?.[0]}`,
    );
  }
  console.log(
    `${name}: ${parts.join(", ")} (${(ms / 1000).toFixed(1)} s here, ${seconds.toFixed(1)} s there)`,
  );
  return results.every(Boolean);
}

const torchrun = (...args: string[]) => [
  "-m",
  "torch.distributed.run",
  "--standalone",
  "--nproc-per-node",
  "2",
  "--max-restarts",
  "3",
  "train.py",
  ...args,
];

const lossesIn = (text: string): readonly Printed[] =>
  [...text.matchAll(/^(\d+) (\S+)$/gm)].map(([, step, loss]) => [Number(step), Number(loss)]);

/** The same by the command `torchrun`. */
async function byTorchrun(folder: string, half: readonly string[]): Promise<Pick<Theirs, "two" | "killed">> {
  rmSync(join(folder, "checkpoint.pt"), { force: true });
  const options = { cwd: folder, env, encoding: "utf8", timeout: 240_000 } as const;
  const two = spawnSync(python, torchrun(...half, "--save-every", "1000"), options);
  if (two.status !== 0) throw new Error(two.stderr.slice(-2000));
  rmSync(join(folder, "checkpoint.pt"), { force: true });
  const args = torchrun(...half, "--steps", "400", "--save-every", "10");
  const child = spawn(python, args, { cwd: folder, env });
  let [printed, errors] = ["", ""];
  child.stdout.on("data", (part: Buffer) => (printed += part.toString()));
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  while (!/^13 /m.test(printed)) {
    if (child.exitCode !== null) throw new Error(errors.slice(-2000));
    await wait(10);
  }
  const workers = spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  for (const worker of workers) process.kill(Number(worker), "SIGKILL");
  const status = await ended;
  if (status !== 0 || !errors.includes("exitcode: -9")) throw new Error(errors.slice(-2000));
  return { two: lossesIn(two.stdout), killed: lossesIn(printed).filter(([step]) => step <= 40) };
}

/** Whether ruff finds nothing in what was written, and would not lay it out in another way; true without ruff. It runs there, as a folder `torch` here would be taken for a package. */
function isClean(folders: readonly string[]): boolean {
  const found = spawnSync("ruff", ["--version"], { encoding: "utf8" });
  if (found.status !== 0) {
    console.log("ruff is not installed: the style of the files was not checked");
    return true;
  }
  const rules = ["check", "--quiet", "--select", "E,F,W,I,B,UP,C4,SIM,PIE,RET"];
  const runs = [rules, ["format", "--check", "--quiet"]].map((args) =>
    spawnSync("ruff", [...args, "--no-cache", ...folders], { encoding: "utf8", cwd: root }),
  );
  const isFine = runs.every(({ status }) => status === 0);
  const complaints = runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  console.log(isFine ? `${found.stdout.trim()} finds nothing in ${folders.length} folders` : complaints);
  return isFine;
}

await useBackend({ only: "wasm" });
const began = Date.now();
const rows = Object.entries(torchRows).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const root = mkdtempSync(join(tmpdir(), "pellucid-torch-"));
const script = join(import.meta.dirname, "check_torch.py");
const errors = openSync(join(root, "errors.log"), "w");
const driver = spawn(python, [script], { env, stdio: ["pipe", "pipe", errors] });
const answers = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();
const failed: string[] = [];
const pending: {
  readonly name: string;
  readonly folder: string;
  readonly ours: Ours;
  readonly ms: number;
}[] = [];
for (const [name, row] of rows) {
  const folder = mkdtempSync(join(root, `${name}-`));
  const start = Date.now();
  try {
    const ours = await write(folder, row);
    pending.push({ name, folder, ours, ms: Date.now() - start });
    driver.stdin.write(`${folder}\n`);
  } catch (error) {
    console.log(`${name}: ${String(error)}`);
    failed.push(name);
  }
}
driver.stdin.end();
for (const { name, folder, ours, ms } of pending) {
  const { value, done } = await answers.next();
  const theirs: Theirs =
    done === true ? { error: "Python has ended", seconds: 0 } : JSON.parse(value as string);
  let isRight = compare(name, ours, theirs, ms);
  if (isRight && ours.losses !== null && (byCommand || name === "digits")) {
    const { batchSize } = recipeOf((torchRows[name] as TorchRow).train?.(new Rng(2)) as TrainRecipe);
    const start = Date.now();
    const command = await byTorchrun(folder, batchSize === "all" ? [] : ["--batch-size", "4"]);
    isRight = compare(`${name} by torchrun`, ours, { ...theirs, ...command }, Date.now() - start) && isRight;
  }
  if (isRight && ours.losses !== null) {
    const again = (torchRows[name] as TorchRow).make(new Rng(9));
    loadWeights(again, new Uint8Array(readFileSync(join(folder, "trained.safetensors"))), { strict: false });
    again.dispose();
  }
  if (!isRight) {
    failed.push(name);
    console.log(`  see ${folder}`);
  }
}
if (!isClean(pending.map(({ folder }) => folder))) failed.push("ruff");
if (failed.length === 0) rmSync(root, { recursive: true });
const seconds = Math.round((Date.now() - began) / 1000);
console.log(
  failed.length === 0 ? `all ${rows.length} agree in ${seconds} s` : `failed: ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
