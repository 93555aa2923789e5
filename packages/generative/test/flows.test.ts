// Flows of every kind in training: PyTorch's initial weights, losses, gradients and ten steps in 64 bits; volume changes by autograd's Jacobian.
import { useBackend } from "@pellucid/backends";
import {
  loadWeights,
  type Module,
  type Rng,
  Rng as Generator,
  torchStateOf,
  training,
} from "@pellucid/core-train";
import {
  ContinuousFlow,
  Flow,
  Glow,
  iaf,
  maf,
  MlpField,
  nice,
  realNvp,
  splineFlow,
} from "@pellucid/generative";
import { expectTorch, fixture, sines, type TorchResult } from "@pellucid/testing";
import { mean, neg, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { checkTwin, type Twin, type TwinCase } from "./check-twin.ts";

interface FlowCase extends TwinCase {
  readonly logDet?: TorchResult;
}

const { cases } = fixture<{ cases: FlowCase[] }>(import.meta.url, "../fixtures/torch/flows.json");

const hidden = (size: number) => ({ hiddenSizes: [size] });
const continuous = (rng: Rng, traceRng?: Rng) => {
  const field = new MlpField(2, { rng, ...hidden(4) });
  return new Flow([new ContinuousFlow(field, { steps: 4, ...(traceRng && { traceRng }) })]);
};
const flows: Readonly<Record<string, (rng: Rng) => Flow>> = {
  nice: (rng) => nice(4, { rng, couplings: 2, ...hidden(5) }),
  "real nvp": (rng) => realNvp(4, { rng, couplings: 2, ...hidden(5) }),
  maf: (rng) => maf(3, { rng, layers: 2, ...hidden(6) }),
  iaf: (rng) => iaf(3, { rng, layers: 2, ...hidden(6) }),
  spline: (rng) => splineFlow(3, { rng, couplings: 2, bins: 4, tailBound: 2, ...hidden(5) }),
  glow: (rng) => new Flow([new Glow(1, { rng, levels: 2, steps: 1, hiddenChannels: 3 })]),
  continuous: (rng) => continuous(rng),
  "continuous, estimated": (rng) => continuous(rng, rng),
};

/** The last convolutions of Glow's couplings start at 0, where they do nothing. */
async function uneven(model: Module): Promise<void> {
  const state = { ...(await torchStateOf(model)) };
  for (const [name, { shape, data }] of Object.entries(state))
    if (name.includes("conv3"))
      state[name] = {
        shape,
        data: (data as Float32Array).map((_, i) => 0.2 * Math.fround(Math.sin(1.7 * i + 0.5))),
      };
  loadWeights(model, state);
}

const nll = (model: Flow, x: Tensor) => tidy(() => neg(mean(model.logProb(x))));

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.for(cases)("$title: PyTorch's initial weights, loss, gradients and ten steps", (c) =>
    checkTwin(
      c,
      {
        make: flows[c.title] as (rng: Rng) => Flow,
        loss: (model, [x]) => nll(model as Flow, x!),
        prepare: uneven,
        start: c.title === "glow" ? 2e-6 : 3e-7, // PyTorch divides the rotation into triangles in 32 bits
      } satisfies Twin,
      backend === "cpu" ? 2 : 10,
    ),
  );

  test.for(cases)(
    "$title: backwards it returns the data, and volume changes are those of the Jacobian",
    async (c) => {
      const model = (flows[c.title] as (rng: Rng) => Flow)(new Generator(0));
      await uneven(model);
      const x = sines(c.inputs[0]!.shape);
      training(model, () => nll(model, x)).dispose();
      const { output, logDet } = model.forward(x);
      const back = model.inverse(output);
      expect(back.output).toBeAllclose(x, { rtol: 0, atol: c.title.startsWith("continuous") ? 1e-4 : 1e-5 });
      if (c.logDet === undefined) return;
      expectTorch(logDet, c.logDet);
      const tolerance = c.title === "continuous" ? 1e-4 : 1e-5;
      expect(back.logDet).toBeAllclose(neg(logDet), { rtol: tolerance, atol: tolerance });
      expect(() => [model.logProb(x), model.sample(output.shape, { rng: new Generator(1) })]).toLeakNothing();
    },
  );
});

test("every flow has its case", () => {
  expect(Object.keys(flows)).toEqual(cases.map(({ title }) => title));
});
