// The gates and states that a layer shows are those of its equations, at every time step.
import { useBackend } from "@pellucid/backends";
import { GRU, LSTM, RNN, Rng } from "@pellucid/core-train";
import { hashedTensor } from "@pellucid/testing";
import { add, concat, mul, slice, sub, tanh, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const close = { rtol: 0, atol: 1e-6 };
const lengths = [5, 2, 4];
const input = () => hashedTensor<Tensor3D>([3, 5, 3], 1, (u) => 4 * u);
/** The time steps before, zeros before the first. */
const previous = (x: Tensor3D): Tensor3D =>
  concat([zeros([3, 1, x.shape[2]]), slice(x, [0, 0, 0], [3, 4, x.shape[2]])], 1);

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each([0, 4])(
    "the cell state of an LSTM is f times the one before plus i times g (projSize %i)",
    (projSize) => {
      const net = new LSTM(3, 6, { rng: new Rng(0), projSize });
      const [shown] = net.gatesAndStates(input());
      const { h, c, i, f, g, o } = shown as NonNullable<typeof shown>;
      expect(add(mul(f, previous(c)), mul(i, g))).toBeAllclose(c, close);
      expect(h).toBeAllclose(net.forward(input()), { rtol: 0, atol: 0 });
      if (projSize === 0) expect(mul(o, tanh(c))).toBeAllclose(h, close);
    },
  );

  test("the hidden state of a GRU is between the one before and n, as z says", () => {
    const net = new GRU(3, 6, { rng: new Rng(0) });
    const [shown] = net.gatesAndStates(input());
    const { h, r, z, n } = shown as NonNullable<typeof shown>;
    expect(add(n, mul(z, sub(previous(h), n)))).toBeAllclose(h, close);
    expect(r.shape).toEqual([3, 5, 6]);
  });

  test("there is one record for each direction of each layer, zero beyond an example's length", () => {
    const options = { rng: new Rng(0), numLayers: 2, bidirectional: true };
    const projecting = new LSTM(3, 6, { ...options, projSize: 2 });
    for (const net of [new LSTM(3, 6, options), projecting, new GRU(3, 6, options), new RNN(3, 6, options)]) {
      const views: Readonly<Record<string, Tensor3D>>[] = net.gatesAndStates(input(), undefined, { lengths });
      expect(views).toHaveLength(4);
      const { output } = net.step(input(), undefined, { lengths });
      const [forward, backward] = [views[2]?.["h"], views[3]?.["h"]] as [Tensor3D, Tensor3D];
      expect(concat([forward, backward], 2)).toBeAllclose(output, { rtol: 0, atol: 0 });
      for (const view of views)
        for (const x of Object.values(view)) {
          const beyond = slice(x, [1, 2, 0], [1, 3, x.shape[2]]).dataSync();
          expect([...beyond].every((value) => value === 0)).toBe(true);
        }
    }
  });

  test("leaks no tensors", () => {
    const net = new LSTM(3, 6, { rng: new Rng(0) });
    const x = input();
    expect(() => net.gatesAndStates(x).flatMap((view) => Object.values(view))).toLeakNothing();
  });
});
