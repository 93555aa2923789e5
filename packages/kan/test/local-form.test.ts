// The form with local support gives what the full one does, on even, uneven and degenerate grids, with its gradients.
import { useBackend } from "@pellucid/backends";
import { gradient, Rng } from "@pellucid/core-train";
import { bSplineBasis, KANLinear, localBasis, RBFNetwork } from "@pellucid/kan";
import { checkGradient } from "@pellucid/testing";
import { square, sum, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const grids: Readonly<Record<string, number[][]>> = {
  even: [
    [-2, -1, 0, 1, 2, 3, 4],
    [-1, -0.5, 0, 0.5, 1, 1.5, 2],
  ],
  uneven: [
    [-2, -1.5, 0, 0.1, 0.15, 2, 3],
    [-5, -1, -0.9, 0, 1, 1.01, 9],
  ],
  "with equal knots": [
    [-2, -1, 0, 0, 0, 1, 2],
    [0, 0, 0, 0, 0, 0, 0],
  ],
};
const x = (): Tensor2D =>
  tensor2d([
    [-2.5, 0.3],
    [-1.7, 0],
    [0, -0.4],
    [0.12, 0.99],
    [0.7, 5],
    [2.2, -3],
    [4, 0.2],
    [9, -9],
  ]);

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  for (const [name, knots] of Object.entries(grids))
    for (const order of [0, 1, 2, 3])
      test(`order ${order} on knots ${name}`, () => {
        const grid = tensor2d(knots);
        const full = bSplineBasis(x(), grid, order);
        const functions = full.shape[2];
        const { values, indices } = localBasis(x(), grid, order);
        const dense = new Float32Array(full.size);
        const [v, at] = [values.dataSync(), indices.dataSync()];
        for (const [j, value] of v.entries())
          dense[Math.floor(j / (order + 1)) * functions + (at[j] as number)] =
            (dense[Math.floor(j / (order + 1)) * functions + (at[j] as number)] as number) + value;
        expect(dense).toBeAllclose(full, { rtol: 1e-5, atol: 1e-6 });
      });

  test("layers of both forms have the same outputs and gradients", () => {
    const [full, local] = (["full", "local"] as const).map(
      (form) => new KANLinear(2, 3, { rng: new Rng(0), gridSize: 20, noiseScale: 5, form }),
    ) as [KANLinear, KANLinear];
    expect(local.forward(x())).toBeAllclose(full.forward(x()), { rtol: 1e-5, atol: 1e-5 });
    const of = (layer: KANLinear) => gradient((u: Tensor2D) => layer.forward(u))(x());
    expect(of(local)).toBeAllclose(of(full), { rtol: 1e-4, atol: 1e-4 });
  });

  test("gradients are those of central differences, of the second order too", () => {
    const grid = tensor2d(grids["even"] as number[][]);
    const inside = tensor2d([
      [-0.6, 0.2],
      [0.4, 0.7],
      [1.3, -0.3],
    ]);
    checkGradient((u: Tensor2D) => bSplineBasis(u, grid, 3), inside);
    checkGradient((u: Tensor2D) => localBasis(u, grid, 3).values, inside);
    for (const basis of [
      (u: Tensor2D) => bSplineBasis(u, grid, 3),
      (u: Tensor2D) => localBasis(u, grid, 3).values,
    ])
      checkGradient((u: Tensor2D) => gradient((w: Tensor2D) => sum(square(basis(w))))(u), inside, {
        tolerance: 2e-2,
      });
  });

  test("an RBF network has the values worked by hand", () => {
    const model = new RBFNetwork(2, 2, 1, { rng: new Rng(0), width: 2 });
    model.centers.assign(
      tensor2d([
        [0, 0],
        [3, 4],
      ]),
    );
    expect(
      model.hidden(
        tensor2d([
          [0, 0],
          [3, 0],
        ]),
      ),
    ).toBeAllclose([1, Math.exp(-25 / 4), Math.exp(-9 / 4), Math.exp(-16 / 4)], { rtol: 1e-5, atol: 1e-7 });
    checkGradient(
      (u: Tensor2D) => model.forward(u),
      tensor2d([
        [0.5, 1],
        [2, 3],
      ]),
    );
    const input = tensor2d([[1, 2]]);
    expect(() => model.forward(input)).toLeakNothing();
  });
});
