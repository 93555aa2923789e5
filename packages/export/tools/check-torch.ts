// Writes models of all families for PyTorch, and runs what was written: outputs, losses of 50 steps, two processes, and two that are killed.
// `pnpm --filter @pellucid/export check:torch [name …]` needs a Python with torch and safetensors; PYTHON names it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { useBackend } from "@pellucid/backends";
import { leaves, loadWeights, Rng } from "@pellucid/core-train";
import { toTorch, trainByRecipe, type TrainRecipe } from "@pellucid/export";
import type { Tensor } from "@tensorflow/tfjs-core";
import { type TorchRow, torchRows } from "../test/torch-rows.ts";

const python = process.env["PYTHON"] ?? "python3";
const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
const wanted = process.argv.slice(2);

/** The largest of some numbers, and whether it is at most a bound. */
const report = (what: string, worst: number, bound: number): boolean => {
  console.log(`  ${what}: ${worst.toExponential(1)}${worst <= bound ? "" : `, expected ${bound} at most`}`);
  return worst <= bound;
};
const worstOf = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(0, ...a.map((x, i) => Math.abs(x - (b[i] as number)))) : Infinity;

function run(folder: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, [...args], {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 240_000,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${folder}:\n${stderr.slice(-2000)}`);
  return stdout;
}

const lossesIn = (printed: string): Map<number, number> =>
  new Map([...printed.matchAll(/^(\d+) (\S+)$/gm)].map(([, step, loss]) => [Number(step), Number(loss)]));

/** What the model in a folder gives for inputs, with axes in our order. */
function outputsOf(folder: string, name: string, inputs: readonly Tensor[]): number[][] {
  const given = inputs.map((x) => ({ data: [...x.dataSync()], shape: x.shape, dtype: x.dtype }));
  writeFileSync(join(folder, "inputs.json"), JSON.stringify(given));
  writeFileSync(
    join(folder, "outputs.py"),
    `import json
import torch
from model import ${name}
from safetensors.torch import load_file
model = ${name}()
model.load_state_dict(load_file("weights.safetensors"))
model.eval()
first = lambda x: x.movedim(-1, 1) if x.dim() > 3 else x
args = []
for x in json.load(open("inputs.json")):
    t = torch.tensor(x["data"], dtype=torch.int64 if x["dtype"] == "int32" else torch.float32).reshape(x["shape"])
    args.append(first(t))
with torch.no_grad():
    y = model(*args)
ys = list(y.values()) if isinstance(y, dict) else list(y) if isinstance(y, (list, tuple)) else [y]
print(json.dumps([(z.movedim(1, -1) if z.dim() > 3 else z).flatten().tolist() for z in ys]))
`,
  );
  return JSON.parse(run(folder, python, ["outputs.py"])) as number[][];
}

const torchrun = (extra: readonly string[]) => [
  "-m",
  "torch.distributed.run",
  "--nproc-per-node",
  "2",
  ...extra,
  "train.py",
];

/** Kills both processes as soon as a checkpoint is there; torchrun starts them again. */
async function killedLosses(folder: string): Promise<Map<number, number>> {
  const args = [
    ...torchrun(["--max-restarts", "3"]),
    "--batch-size",
    "4",
    "--steps",
    "40",
    "--save-every",
    "10",
  ];
  const child = spawn(python, args, { cwd: folder, env });
  let printed = "";
  let errors = "";
  child.stdout.on("data", (part: Buffer) => (printed += part.toString()));
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const deadline = setTimeout(() => child.kill(), 240_000);
  while (!/^13 /m.test(printed)) {
    if (child.exitCode !== null) throw new Error(errors.slice(-2000));
    await wait(20);
  }
  const workers = spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  for (const worker of workers) process.kill(Number(worker), "SIGKILL");
  const status = await ended;
  clearTimeout(deadline);
  if (status !== 0) throw new Error(errors.slice(-2000));
  if (!errors.includes("exitcode: -9"))
    throw new Error(`neither process was killed:\n${errors.slice(-2000)}`);
  const again = [...printed.matchAll(/^(\d+) /gm)].map(([, step]) => Number(step));
  const back = again.findIndex(
    (step, i) => step !== again[i - 1] && i > 0 && step !== (again[i - 1] as number) + 1,
  );
  const from = back === -1 ? "where they were" : `step ${again[back]}, after ${again[back - 1]}`;
  console.log(`  two processes were killed, and continued from ${from}`);
  return lossesIn(printed);
}

async function check(name: string, { make, inputs, train }: TorchRow): Promise<boolean> {
  console.log(name);
  const folder = mkdtempSync(join(tmpdir(), `pellucid-torch-${name}-`));
  const given = inputs(new Rng(1));
  const model = make(new Rng(0));
  const recipe: TrainRecipe | null =
    train === null
      ? null
      : {
          ...train(new Rng(2)),
          optimizer: { name: "adamw", learningRate: 1e-2, weightDecay: 0.01 },
          schedule: { name: "cosineAnnealingLr", tMax: 50 },
          clipGradNorm: 1,
          batchSize: 8,
          steps: 50,
          seed: 3,
        };
  const files = await toTorch(model, given, recipe === null ? {} : { train: recipe });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  const tensors = given.flatMap((x) => leaves(x as Tensor));
  const ours = leaves(model.forward(...(given as never[])) as Tensor).map((y) => [...y.dataSync()]);
  const theirs = outputsOf(folder, model.constructor.name, tensors);
  const results = [report("output", Math.max(...ours.map((y, i) => worstOf(y, theirs[i] ?? []))), 1e-5)];
  if (recipe !== null) {
    const losses: number[] = [];
    for await (const loss of trainByRecipe(model, recipe)) losses.push(loss);
    const printed = lossesIn(run(folder, python, ["train.py", "--save-every", "1000"]));
    results.push(report("50 losses of one process", worstOf(losses, [...printed.values()]), 1e-4));
    const again = make(new Rng(9));
    loadWeights(again, new Uint8Array(readFileSync(join(folder, "trained.safetensors"))), { strict: false });
    if (name === "gpt" || name === "digits") {
      const two = lossesIn(
        run(folder, python, [...torchrun([]), "--batch-size", "4", "--save-every", "1000"]),
      );
      results.push(report("two processes", worstOf([...printed.values()], [...two.values()]), 1e-5));
      rmSync(join(folder, "checkpoint.pt"), { force: true });
      const killed = await killedLosses(folder);
      const first = [...printed.values()].slice(0, 40);
      results.push(
        report("two processes, killed and started again", worstOf(first, [...killed.values()]), 1e-5),
      );
    }
  }
  if (results.every(Boolean) && existsSync(folder)) rmSync(folder, { recursive: true });
  else console.log(`  see ${folder}`);
  return results.every(Boolean);
}

await useBackend({ only: "wasm" });
const failed: string[] = [];
for (const [name, row] of Object.entries(torchRows)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const ok = await check(name, row).catch((error: unknown) => {
    console.log(`  ${String(error)}`);
    return false;
  });
  if (!ok) failed.push(name);
}
console.log(failed.length === 0 ? "all agree" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
