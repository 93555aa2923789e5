// Outside values: resets, surrogate gradients, gradients that do not go through a reset, scans, and losses.
import { type BackendName, useBackend } from "@pellucid/backends";
import { gradient } from "@pellucid/core-train";
import {
  atanSurrogate,
  ceCountLoss,
  ceRateLoss,
  decayScan,
  fastSigmoid,
  Leaky,
  mseCountLoss,
  sigmoidSurrogate,
  type Surrogate,
} from "@pellucid/spiking";
import { fixture } from "@pellucid/testing";
import { mul, sum, type Tensor, tensor, tensor1d, tensor3d, transpose, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

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

/** What 32 bits add to a tolerance. */
const within = (tolerance: number) => ({ rtol: tolerance + 1e-6, atol: tolerance + 1e-6 });

const checks: Readonly<Record<string, (c: Case) => void>> = {
  "leaky-reset-conventions"({ input, right, tolerance }) {
    const { beta, threshold, reset: resetMechanism, resetDelay } = input;
    const layer = new Leaky(1, { beta, threshold, resetMechanism, resetDelay });
    const { spikes, membranes } = layer.record(tensor3d(input.input, [1, input.input.length, 1]));
    expect(membranes).toBeAllclose(right.mem, within(tolerance));
    expect(spikes).toBeAllclose(right.spk, within(tolerance));
  },

  "surrogate-gradients"({ input, right, tolerance }) {
    const x = tensor1d(input.x);
    const surrogates: Readonly<Record<string, Surrogate>> = {
      atan: atanSurrogate(input.atanAlpha),
      fastSigmoid: fastSigmoid(input.fastSigmoidK),
      sigmoid: sigmoidSurrogate(input.sigmoidK),
    };
    for (const [name, surrogate] of Object.entries(surrogates)) {
      expect(surrogate(x)).toBeAllclose(right.forward, within(0));
      expect(gradient(surrogate as (u: Tensor) => Tensor)(x), name).toBeAllclose(
        right[name],
        within(tolerance),
      );
    }
  },

  "gradient-through-reset"({ input, right, tolerance }) {
    const { beta, threshold, reset: resetMechanism, upstream } = input;
    const layer = new Leaky(1, { beta, threshold, resetMechanism });
    const shape = [1, upstream.length, 1] as [number, number, number];
    const weighted = (x: Tensor) => sum(mul(layer.forward(x), tensor3d(upstream, shape)));
    const x = tensor3d(input.input, shape);
    expect(weighted(x)).toBeAllclose([right.weightedSpikes], within(tolerance));
    expect(gradient(weighted)(x)).toBeAllclose(right.gradInput, within(tolerance));
  },

  "scan-without-reset"({ input, right, tolerance }) {
    const x = tensor(input.input, [input.input.length, 1, 1]);
    const scanned = decayScan(x, tensor(input.beta), zeros([1, 1]));
    const layer = new Leaky(1, { beta: input.beta, resetMechanism: "none" });
    const { membranes } = layer.record(transpose(x, [1, 0, 2]));
    for (const found of [scanned, membranes]) {
      const values = Array.from(found.dataSync());
      expect(input.at.map((t: number) => values[t])).toBeAllclose(right.memAt, within(tolerance));
      expect([values.reduce((a, b) => a + b, 0)]).toBeAllclose([right.sum], within(10 * tolerance));
    }
  },

  "rate-and-count-losses"({ input, right, tolerance }) {
    const { labels, correctRate, incorrectRate } = input;
    const spikes = transpose(tensor3d(input.spikes), [1, 0, 2]); // [batch, time, class]
    const y = tensor1d(labels, "int32");
    expect(ceRateLoss(spikes, y)).toBeAllclose([right.ceRate], within(tolerance));
    expect(ceCountLoss(spikes, y)).toBeAllclose([right.ceCount], within(tolerance));
    const counts = mseCountLoss(spikes, y, { correctRate, incorrectRate });
    expect(counts).toBeAllclose([right.mseCount], within(tolerance));
  },
};

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
  });

  test("every kind has its check", () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(checks)));
  });

  test.for(cases)("$id", (c) => checks[c.kind]?.(c));
});
