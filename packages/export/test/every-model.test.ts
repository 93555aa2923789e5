// Every model of the table in onnxruntime: the same numbers at three batch sizes and two sizes of pictures or lengths of sequences. And imported again:
// the same at the first two, and the same parameters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaves, type Module, Rng, stateOf } from "@pellucid/core-train";
import { fromOnnx, type OnnxModel, toOnnx } from "@pellucid/export";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type AnyModel, models, type Row } from "./models.ts";
import { runOnnx, sessionOf } from "./run-onnx.ts";

/** The tensors among the arguments by the names that the file has for them. */
function named(
  args: readonly unknown[],
  names: readonly string[],
  fixed: readonly string[],
): Readonly<Record<string, Tensor>> {
  const all = leaves(args);
  const tensors = all.slice(0, all.length - fixed.length); // what is fixed comes last
  expect(tensors).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, i) => [name, tensors[i] as Tensor]));
}

/** `PELLUCID_OPSET=20` writes and reads another version than the one that is the default. */
const opset = Number(process.env["PELLUCID_OPSET"] ?? 17) as 17 | 18 | 19 | 20;

/** Where the files go, for `check-onnx.py`. */
const folder = process.env["PELLUCID_ONNX"];

async function check(model: AnyModel, { name, args, free, fixed = [] }: Row): Promise<void> {
  const bytes = await toOnnx(model, args(2, false) as never, { fixed, opset });
  if (folder !== undefined) writeFileSync(join(folder, `${name.replaceAll(" ", "-")}.onnx`), bytes);
  const weights = Object.values(stateOf(model)).reduce((size, { size: count }) => size + 4 * count, 0);
  if (weights > 2e6) expect(bytes.length).toBeLessThan(1.01 * weights); // the graph of a MobileNet takes 40 kB
  const session = await sessionOf(bytes);
  const imported = fromOnnx<never, never>(bytes);
  const sizes = free.length > 1 ? [false, true] : [false];
  for (const second of sizes)
    for (const batch of [1, 2, 5]) {
      const given = args(batch, second);
      const expected = leaves(tidy(() => model.forward(...(given as never[])) as never)) as Tensor[];
      const inputs = named(given, session.inputNames, fixed);
      const found = Object.values(await runOnnx(session, inputs));
      if (batch < 5) found.push(...(await runImported(imported, inputs)));
      const both = batch < 5 ? [...expected, ...expected] : expected;
      expect(found.map(({ shape }) => shape)).toEqual(both.map(({ shape }) => shape));
      for (const [i, { data }] of found.entries())
        expect(Array.from(data)).toBeAllclose((await both[i]?.data()) as never, {
          atol: 1e-5,
          rtol: 1e-5,
        });
    }
  await session.release();
  if (!partlyTrained.has(name)) expect(parametersOf(imported)).toBe(parametersOf(model));
  imported.dispose();
}

/** Models with parameters that no layer of ONNX has: tables of positions and class tokens that are added, `A` of a scan, radii. They are trained if `trainable` says so. */
const partlyTrained = new Set("gpt,bert,vit,mamba,kan,rbf network,bayesian mean,diffusion u-net".split(","));

const parametersOf = (model: Module): number =>
  [...model.namedParameters()].reduce((sum, [, { size }]) => sum + size, 0);

/** The outputs of an imported model. */
async function runImported(
  model: OnnxModel<never, never>,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<readonly { readonly data: ArrayLike<number>; readonly shape: readonly number[] }[]> {
  const all = Object.values(inputs);
  const outputs = leaves(model.forward((all.length === 1 ? all[0] : inputs) as never)) as Tensor[];
  const found = outputs.map(async (y) => ({ data: await y.data(), shape: y.shape }));
  return Promise.all(found);
}

test("there are models of all families", () => {
  expect(models.length).toBeGreaterThanOrEqual(30);
});

test.each(models.map((row) => [row.name, row] as const))("%s", async (_, row) => {
  const model = row.make(new Rng(0));
  await check(model, row);
  model.dispose();
});
