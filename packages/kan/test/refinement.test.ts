// Finer grids compute the same curves, adapted grids keep them at the samples, and neither ever gives NaN.
import { useBackend } from "@pellucid/backends";
import { DataError, OptionError, Rng } from "@pellucid/core-train";
import { EfficientKAN, KAN, prune, refineGrid } from "@pellucid/kan";
import { memory, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

const uniform = (rng: Rng, batch: number, columns: number, half = 1): Tensor2D =>
  tensor2d(rng.uniform([batch, columns], -half, half).data, [batch, columns]);

test("a refined network computes the same, where the new knots contain the old ones to 1e-5", async () => {
  const rng = new Rng(3);
  const model = new KAN([2, 4, 1], { rng, noiseScale: 3 });
  const x = uniform(rng, 50, 2, 0.99);
  const before = model.forward(x);
  for (const grid of [6, 12, 60]) {
    const fine = await refineGrid(model, grid);
    expect(fine.actFun[0]?.grid).toHaveShape([2, grid + 7]);
    const inner = model.actFun[0]?.forward(x);
    expect(fine.actFun[0]?.forward(x)).toBeAllclose(inner as Tensor2D, { rtol: 0, atol: 1e-5 });
    expect(fine.forward(x)).toBeAllclose(before, { rtol: 0, atol: 2e-2 }); // hidden nodes may be beyond the grid
    fine.dispose();
  }
});

test("locked functions, masks and options survive a refinement", async () => {
  const model = new KAN([2, [1, 1], 1], { rng: new Rng(0), gridEps: 0.5 });
  model.fixSymbolic(0, 1, 2, "sin", [2, 1, 3, 0.5]);
  model.removeEdge(0, 0, 0);
  const fine = await refineGrid(model, 7);
  const x = uniform(new Rng(1), 20, 2);
  expect(fine.forward(x)).toBeAllclose(model.forward(x), { rtol: 0, atol: 5e-2 });
  expect(fine.symbolicFun[0]?.functions).toEqual(model.symbolicFun[0]?.functions);
  expect(fine.options.gridEps).toBe(0.5);
  expect(fine.options.grid).toBe(7);
});

test(
  "100 random refinements, adaptions and prunings of networks give no NaN, whatever the samples",
  { timeout: 120_000 },
  async () => {
    const rng = new Rng(11);
    const draw = (high: number) => Math.floor((rng.rand([1]).data[0] as number) * high);
    let model = new KAN([2, 3, 1], { rng, grid: 3 });
    for (let round = 0; round < 100; round++) {
      const batch = 2 + draw(12);
      const size = 10 ** (draw(7) - 3);
      const kinds: readonly (() => Tensor2D)[] = [
        () => uniform(rng, batch, 2, size),
        () => tensor2d(new Float32Array(2 * batch).fill(size), [batch, 2]), // all equal
        () =>
          tensor2d(
            Float32Array.from({ length: 2 * batch }, () => draw(2) * size),
            [batch, 2],
          ), // few distinct
        () =>
          tensor2d(
            Float32Array.from({ length: 2 * batch }, () => 1e4 + size * draw(3)),
            [batch, 2],
          ), // equal knots in 32 bits
      ];
      const x = (kinds[draw(kinds.length)] as () => Tensor2D)();
      const before = model;
      const action = draw(3);
      if (action === 0) model = await refineGrid(before, 1 + draw(40));
      else if (action === 1) await before.updateGrid(x);
      else if (round % 10 === 9) model = await prune(before, x);
      if (model !== before) before.dispose();
      for (const at of [x, uniform(rng, 5, 2)])
        expect(model.forward(at).dataSync().every(Number.isFinite), `round ${round}`).toBe(true);
      if (round % 10 === 9) {
        model.dispose();
        model = new KAN([2, 3, 1], {
          rng,
          grid: 1 + draw(8),
          k: 1 + draw(3),
          gridEps: rng.rand([1]).data[0] as number,
        });
      }
    }
  },
);

test("samples that are missing or no numbers are refused, and change nothing", async () => {
  const model = new EfficientKAN([1, 2, 1], { rng: new Rng(0) });
  const before = model.forward(tensor2d([[0.3]])).dataSync();
  const { numTensors } = memory();
  const bad = tensor2d([[0.1], [NaN]]);
  await expect(model.updateGrid(bad)).rejects.toThrow(DataError);
  await expect(model.updateGrid(tensor2d([], [0, 1]))).rejects.toThrow(
    new DataError("KANLinear.updateGrid: x has no examples, expected one at least."),
  );
  expect(memory().numTensors).toBe(numTensors + 2);
  expect(model.forward(tensor2d([[0.3]])).dataSync()).toEqual(before);
  const kan = new KAN([1, 1], { rng: new Rng(0) });
  await expect(refineGrid(kan, 0)).rejects.toThrow(OptionError);
});
