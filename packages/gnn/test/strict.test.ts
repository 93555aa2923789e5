// Weights go to PyG and come back: each convolution, dense or not, model, norm, aggregation and pool with weights is saved here and loaded there by strict=True, and the other way around. It runs Python with PyG: by PELLUCID_LONG=1.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { loadWeights, type Module, Rng, saveWeights } from "@pellucid/core-train";
import { fixture, sines, type TorchLayerCase } from "@pellucid/testing";
import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { layerRow } from "./rows/layer-row.ts";
import { graphOfPool, makePool, type PoolCase } from "./rows/pools.ts";

interface Found {
  readonly title: string;
  readonly difference: number;
  readonly output: number[];
}
/** A layer with weights, and what it gives in inference. */
interface Made {
  readonly layer: Module;
  readonly output: () => Tensor;
}
interface Row {
  readonly title: string;
  readonly make: (rng: Rng) => Made;
}

const cases = ["convolutions", "models", "norms", "aggregations", "dense"]
  .flatMap(
    (name) => fixture<{ cases: TorchLayerCase[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
  )
  .filter(({ state }) => Object.keys(state).length > 0);

const rows: readonly Row[] = [
  ...cases.map(({ title, inputs }) => ({
    title,
    make: (rng: Rng) => {
      const { make, input } = layerRow(title);
      const layer = make(rng);
      const given = () =>
        inputs.map(({ shape, phase, data }) =>
          data === undefined ? sines(shape, phase) : tensor([...data], [...shape], "int32"),
        );
      return { layer, output: () => layer.forward(input(given()) as never) };
    },
  })),
  ...fixture<PoolCase[]>(import.meta.url, "../fixtures/torch/pools.json").map((c, i) => ({
    title: `${c.name} ${i}`,
    make: (rng: Rng) => {
      const { layer, forward } = makePool(c, rng);
      return { layer, output: () => forward(graphOfPool(c)).x };
    },
  })),
];

const numbersOf = ({ output }: Made): number[] => tidy(() => [...output().dataSync()]);

/** PyTorch does not say in which order it sorts equal scores of edges, so clusters of contracted edges are compared in an order of their own. */
const compared = (title: string, numbers: readonly number[]): readonly number[] =>
  title.startsWith("EdgePooling")
    ? Array.from({ length: numbers.length / 3 }, (_, row) => numbers.slice(3 * row, 3 * row + 3))
        .toSorted(([a = NaN], [b = NaN]) => a - b)
        .flat()
    : numbers;

test.runIf(process.env["PELLUCID_LONG"] === "1")(
  "PyG loads our weights with strict=True and computes our outputs, and we load its",
  { timeout: 600_000 },
  async () => {
    await useBackend({ only: "wasm" });
    const folder = mkdtempSync(join(tmpdir(), "pellucid-strict-"));
    const made = rows.map(({ make }, i) => make(new Rng(7 + i)));
    for (const [i, { layer }] of made.entries())
      writeFileSync(join(folder, `${i}.ours.safetensors`), await saveWeights(layer));
    const ours = made.map((one, i) => [rows[i]?.title, compared(rows[i]?.title ?? "", numbersOf(one))]);
    writeFileSync(join(folder, "cases.json"), JSON.stringify(ours));
    const script = join(import.meta.dirname, "../fixtures/torch/strict.py");
    execFileSync("python3", [script, folder], { stdio: "inherit" });
    const found = JSON.parse(readFileSync(join(folder, "found.json"), "utf8")) as Found[];
    expect(found).toHaveLength(rows.length);
    for (const [i, one] of made.entries()) {
      const { title, difference, output } = found[i] as Found;
      expect(difference, `${title}, in PyG`).toBeLessThan(1e-5);
      loadWeights(one.layer, readFileSync(join(folder, `${i}.pyg.safetensors`)));
      expect(compared(title, numbersOf(one)), title).toBeAllclose(output, { rtol: 1e-4, atol: 1e-5 });
    }
    const worst = Math.max(...found.map(({ difference }) => difference));
    process.stdout.write(
      `${found.length} layers and models, both ways; in PyG at most ${worst.toExponential(1)} apart\n`,
    );
    for (const { layer } of made) layer.dispose();
    rmSync(folder, { recursive: true });
  },
);
