// The command line: a module with a model and a file of weights become an ONNX file.
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Linear, Rng, saveWeights, Sequential, Tanh } from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { exportOnnx } from "../../src/bin/export-onnx.ts";
import { readModel } from "../../src/onnx/read/read-model.ts";
import { runOnnx, sessionOf } from "../run-onnx.ts";

const folder = mkdtempSync(join(tmpdir(), "export-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const program = join(import.meta.dirname, "model.ts");

test("a model with its weights", async () => {
  const model = new Sequential(new Linear(4, 3, { rng: new Rng(7) }), new Tanh());
  await writeFile(file("weights.safetensors"), await saveWeights(model));
  const args = ["--weights", file("weights.safetensors"), "--input", "1,4", "--output", file("model.onnx")];
  expect(await exportOnnx([program, ...args])).toBe(`${file("model.onnx")}: Sequential, 0.00 MB`);
  const session = await sessionOf(new Uint8Array(await readFile(file("model.onnx"))));
  const x = tensor2d([
    [0.1, -0.2, 0.3, 0.4],
    [1, 2, 3, 4],
  ]);
  const { output } = await runOnnx(session, { input: x });
  expect(Array.from(output?.data ?? [])).toBeAllclose(await model.forward(x).data(), { atol: 1e-6 });
});

test("npx finds the command, whose name is not one of the shell as export is", async () => {
  const manifest = JSON.parse(
    await readFile(join(import.meta.dirname, "../../package.json"), "utf8"),
  ) as Record<string, Record<string, unknown>>;
  expect(Object.keys(manifest["bin"] ?? {})).toEqual(["pellucid-export"]);
  expect(Object.keys((manifest["publishConfig"]?.["bin"] as object | undefined) ?? {})).toEqual([
    "pellucid-export",
  ]);
});

test("options of the file", async () => {
  await exportOnnx([program, "--input", "1,4", "--output", file("other.onnx"), "--opset", "20"]);
  expect(readModel(new Uint8Array(await readFile(file("other.onnx")))).opset).toBe(20);
});

test.for([
  [[], "Pass one module with a model."],
  [[program, "--wieghts", "x"], "Unknown option '--wieghts'"],
  [[program, "--input", "1x4"], "--input is 1x4, expected a shape such as 1,28,28,1"],
  [[program], "exports no list of inputs"],
  [[join(import.meta.dirname, "../module-of.ts"), "--input", "1,4"], "is not a model"],
  [[program, "--input", "1,4", "--opset", "3"], "opset is 3, expected 17, 18, 19 or 20"],
] as const)("wrong arguments are explained: %#", async ([args, message]) => {
  await expect(exportOnnx(args)).rejects.toThrow(message);
});
