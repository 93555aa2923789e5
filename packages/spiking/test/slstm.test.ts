// SLSTM has the numbers of snntorch's rule, with PyTorch's LSTMCell in it.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  gradient,
  OptionError,
  Rng,
  ShapeError,
  torchStateOf,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { SLSTM, type ResetMechanism } from "@pellucid/spiking";
import { fixture } from "@pellucid/testing";
import {
  add,
  cos,
  mul,
  range,
  reshape,
  type Scalar,
  slice,
  squeeze,
  sum,
  type Tensor,
  type Tensor3D,
  tensor,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const torch = fixture<{
  threshold: number;
  cases: {
    resetMechanism: ResetMechanism;
    x: number[];
    membranes: number[];
    spikes: number[];
    syn: number[];
    gradX: number[];
    weightIh: number[];
    weightHh: number[];
    biasIh: number[];
  }[];
}>(import.meta.url, "../fixtures/torch/slstm.json");

const { threshold } = torch;
const within = { rtol: 1e-5, atol: 1e-6 };
const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
  });

  test.for(torch.cases)(
    "agrees with PyTorch, reset: $resetMechanism; at once, and step by step",
    async (wanted) => {
      const { resetMechanism } = wanted;
      const layer = new SLSTM(4, 3, { rng: new Rng(3), threshold, resetMechanism });
      const x = tensor(wanted.x, [2, 10, 4]) as Tensor3D;
      const { spikes, membranes, state } = layer.record(x);
      expect(await spikes.data()).toEqual(Float32Array.from(wanted.spikes));
      expect(await membranes.data()).toBeAllclose(wanted.membranes, within);
      expect(await state.syn.data()).toBeAllclose(wanted.syn, within);
      const score = (input: Tensor): Tensor => {
        const { spikes: found, membranes: mem } = layer.record(input);
        return sum(mul(reshape(cos(range(0, 60)), [2, 10, 3]), add(found, mem)));
      };
      expect(await gradient(score)(x).data()).toBeAllclose(wanted.gradX, { rtol: 1e-4, atol: 1e-5 });
      const { gradients } = valueAndGradients(trainable(layer), () => score(x) as Scalar);
      for (const name of ["weightIh", "weightHh", "biasIh"] as const)
        expect(await transposed(gradients[`lstmCell.${name}`] as Tensor)).toBeAllclose(wanted[name], {
          rtol: 1e-4,
          atol: 1e-5,
        });
      let now = layer.initialState(2);
      for (let t = 0; t < 10; t++) {
        const { output, state: next } = layer.step(squeeze(slice(x, [0, t, 0], [-1, 1, -1]), [1]), now);
        expect(await output.data()).toEqual(await squeeze(slice(spikes, [0, t, 0], [-1, 1, -1]), [1]).data());
        now = next;
      }
      expect(await now.mem.data()).toBeAllclose(await state.mem.data(), within);
    },
  );
});

test("it has snntorch's names, and refuses what does not fit", async () => {
  const layer = new SLSTM(4, 3, { rng: new Rng(0) });
  expect(Object.keys(await torchStateOf(layer))).toEqual(
    expect.arrayContaining(["threshold", "lstm_cell.weight_ih", "lstm_cell.bias_hh"]),
  );
  expect(layer.resetMechanism).toBe("none");
  expect(() => new SLSTM(4, 3, {} as never)).toThrow(OptionError);
  expect(() => new SLSTM(0, 3, { rng: new Rng(0) })).toThrow(OptionError);
  expect(() => layer.forward(zeros([2, 10, 3]))).toThrow(ShapeError);
});

/** PyTorch's layout of a matrix. */
async function transposed(x: Tensor): Promise<number[]> {
  const values = Array.from(await x.data());
  const [rows = 1, columns = 1] = x.shape;
  if (x.rank < 2) return values;
  return Array.from(
    { length: rows * columns },
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0,
  );
}
