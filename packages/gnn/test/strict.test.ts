// Weights go to PyG and come back: each convolution and model is saved here and loaded there by strict=True, and the other way around. It runs Python with PyG: by PELLUCID_LONG=1.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { disposeLeaves, loadWeights, Rng, saveWeights } from "@pellucid/core-train";
import { fixture, sines, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { convolutions } from "./rows/convolutions.ts";
import { models } from "./rows/models.ts";

interface Found {
  readonly title: string;
  readonly difference: number;
  readonly output: number[];
}
const rows = { ...convolutions, ...models };
const cases = ["convolutions", "models"].flatMap(
  (name) => fixture<{ cases: TorchLayerCase[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);

function outputOf(layer: TestedLayer, { title, inputs }: TorchLayerCase): number[] {
  const given = inputs.map(({ shape, phase, data }) =>
    data === undefined ? sines(shape, phase) : tensor([...data], [...shape], "int32"),
  );
  const output = tidy(() => {
    const out = layer.forward(rows[title]?.input(given as Tensor[]) as never) as Tensor;
    return [...out.dataSync()];
  });
  disposeLeaves(given);
  return output;
}

test.runIf(process.env["PELLUCID_LONG"] === "1")(
  "PyG loads our weights with strict=True and computes our outputs, and we load its",
  { timeout: 600_000 },
  async () => {
    await useBackend({ only: "wasm" });
    const folder = mkdtempSync(join(tmpdir(), "pellucid-strict-"));
    const layers = cases.map(({ title }, i) => (rows[title] as (typeof rows)[string]).make(new Rng(7 + i)));
    for (const [i, layer] of layers.entries())
      writeFileSync(join(folder, `${i}.ours.safetensors`), await saveWeights(layer));
    const ours = cases.map((c, i) => [c.title, outputOf(layers[i] as TestedLayer, c)]);
    writeFileSync(join(folder, "cases.json"), JSON.stringify(ours));
    const script = join(import.meta.dirname, "../fixtures/torch/strict.py");
    execFileSync("python3", [script, folder], { stdio: "inherit" });
    const found = JSON.parse(readFileSync(join(folder, "found.json"), "utf8")) as Found[];
    expect(found).toHaveLength(cases.length);
    for (const [i, { title, difference, output }] of found.entries()) {
      expect(difference, `${title}, in PyG`).toBeLessThan(1e-5);
      loadWeights(layers[i] as TestedLayer, readFileSync(join(folder, `${i}.pyg.safetensors`)));
      expect(outputOf(layers[i] as TestedLayer, cases[i] as TorchLayerCase), title).toBeAllclose(output, {
        rtol: 1e-4,
        atol: 1e-5,
      });
    }
    const worst = Math.max(...found.map(({ difference }) => difference));
    process.stdout.write(
      `${found.length} layers and models, both ways; in PyG at most ${worst.toExponential(1)} apart\n`,
    );
    for (const layer of layers) layer.dispose();
    rmSync(folder, { recursive: true });
  },
);
