// Outside values for splines: ends, refinement, samples that determine nothing, adaptive grids, and a layer with its gradient.
import { useBackend } from "@pellucid/backends";
import { gradient, Rng, withoutInit } from "@pellucid/core-train";
import {
  adaptiveKnots,
  bSplineBasis,
  fitSpline,
  KANLayer,
  localBasis,
  splineBasis,
  splineDerivative,
  uniformKnots,
} from "@pellucid/kan";
import { fixture } from "@pellucid/testing";
import { tensor2d, tensor3d, transpose } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Case {
  readonly id: string;
  readonly kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a different record for each kind
  readonly input: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- likewise
  readonly right: any;
  readonly tolerance: number;
}

const cases = fixture<Case[]>(import.meta.url, "../fixtures/golden/cases.json");

/** What 32 bits add. */
const single = 1e-6;

const curve = (at: readonly number[], knots: Float64Array, k: number, coef: ArrayLike<number>): number[] =>
  splineBasis(at, knots, k).map((row) => row.reduce((sum, b, f) => sum + b * (coef[f] as number), 0));

const checks: Readonly<Record<string, (c: Case) => void>> = {
  "bspline-basis-ends"({ input: { G, k, range, x }, right, tolerance }) {
    const knots = uniformKnots(range[0], range[1], G, k);
    const [within, withinSingle] = [tolerance, tolerance + single].map((t) => ({ rtol: t, atol: t }));
    expect([...knots]).toBeAllclose(right.knots, within);
    const basis = splineBasis(x, knots, k);
    expect(basis.flatMap((row) => [...row])).toBeAllclose(right.basis.flat(), within);
    expect(basis.map((row) => row.reduce((a, b) => a + b))).toBeAllclose(right.sum, within);
    const derivatives = splineDerivative(x, knots, k).flatMap((row) => [...row]);
    expect(derivatives).toBeAllclose(right.derivative.flat(), within);
    // on the backend, where the knots that 32 bits move may put an x on the other side: away from them
    const inner = x
      .map((value: number, i: number) => [value, i] as const)
      .filter(([value]: readonly [number, number]) => knots.every((t) => Math.abs(t - value) > 1e-6));
    const column = tensor2d(inner.map(([value]: readonly [number, number]) => [value]));
    const grid = tensor2d([[...knots]]);
    const wanted = inner.flatMap(([, i]: readonly [number, number]) => right.basis[i]);
    expect(bSplineBasis(column, grid, k)).toBeAllclose(wanted, withinSingle);
    const { values, indices } = localBasis(column, grid, k);
    const dense = new Float32Array(wanted.length);
    const [v, at] = [values.dataSync(), indices.dataSync()];
    for (const [j, value] of v.entries())
      if (value !== 0) dense[Math.floor(j / (k + 1)) * (G + k) + (at[j] as number)] = value;
    expect(dense).toBeAllclose(wanted, withinSingle);
  },

  "grid-refinement-keeps-curve"({ input: { G, k, coef, newG, at }, right, tolerance }) {
    const [coarse, fine] = [uniformKnots(-1, 1, G, k), uniformKnots(-1, 1, newG, k)];
    const x = Array.from({ length: 200 }, (_, i) => -1 + (2 * i) / 199);
    const fitted = fitSpline(x, curve(x, coarse, k, coef), fine, k);
    expect(curve(at, coarse, k, coef)).toBeAllclose(right.before, { rtol: tolerance, atol: tolerance });
    expect(curve(at, fine, k, fitted)).toBeAllclose(right.after, { rtol: tolerance, atol: tolerance });
  },

  "refit-with-repeated-samples"({ input: { x, y, G, k }, right, tolerance }) {
    const knots = uniformKnots(-1, 1, G, k);
    const coef = fitSpline(x, y, knots, k);
    expect([...coef]).toBeAllclose(right.coefMinimumNorm, { rtol: tolerance, atol: tolerance });
    expect(curve(right.fittedAt, knots, k, coef)).toBeAllclose(right.fitted, {
      rtol: tolerance,
      atol: tolerance,
    });
  },

  "adaptive-grid"({ input: { x, G, k, gridEps, margin }, right, tolerance }) {
    const knots = [...adaptiveKnots(x, G, k, { gridEps, margin })];
    expect(knots).toBeAllclose(right.knots, { rtol: tolerance, atol: tolerance });
    expect(knots.every((t, i) => i === 0 || t > (knots[i - 1] as number))).toBe(right.increasing);
  },

  "layer-forward-gradient"({ input: { x, coef, scaleBase, scaleSp, G, k, range }, right }) {
    for (const form of ["full", "local"] as const) {
      const [ins, outs] = [coef.length, coef[0].length];
      const layer = withoutInit(
        () => new KANLayer(ins, outs, { rng: new Rng(0), num: G, k, gridRange: range, form }),
      );
      layer.coef.assign(transpose(tensor3d(coef), [0, 2, 1]));
      layer.scaleBase.assign(tensor2d(scaleBase));
      layer.scaleSp.assign(tensor2d(scaleSp));
      const input = tensor2d(x);
      const within = { rtol: 4 * single, atol: 4 * single };
      expect(layer.forward(input)).toBeAllclose(right.out.flat(), within);
      expect(gradient((u: typeof input) => layer.forward(u))(input)).toBeAllclose(
        right.gradXOfSum.flat(),
        within,
      );
    }
  },
};

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

test("every kind has its check", () => {
  expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(checks)));
});

test.for(cases)("$id", (c) => checks[c.kind]?.(c));
