// What is seen inside is what makes the outputs: gates and states obey the cells' equations at every moment.
import { useBackend } from "@pellucid/backends";
import { GRU, LSTM, Rng, RNN } from "@pellucid/core-train";
import { hashedTensor } from "@pellucid/testing";
import { add, concat, mul, slice, sub, tanh, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const close = { rtol: 0, atol: 1e-6 };
const lengths = [5, 2, 4];
const input = () => hashedTensor<Tensor3D>([3, 5, 3], 1, (u) => 4 * u);
/** The moment before, zeros before the first. */
const before = (x: Tensor3D): Tensor3D =>
  concat([zeros([3, 1, x.shape[2]]), slice(x, [0, 0, 0], [3, 4, x.shape[2]])], 1);

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each([0, 4])(
    "an LSTM's cell keeps what f lets it and adds what i lets in (projected to %i)",
    (projSize) => {
      const net = new LSTM(3, 6, { rng: new Rng(0), projSize });
      const [seen] = net.inside(input());
      const { h, c, i, f, g, o } = seen as NonNullable<typeof seen>;
      expect(add(mul(f, before(c)), mul(i, g))).toBeAllclose(c, close);
      expect(h).toBeAllclose(net.forward(input()), { rtol: 0, atol: 0 });
      if (projSize === 0) expect(mul(o, tanh(c))).toBeAllclose(h, close);
    },
  );

  test("a GRU goes from what was to what is new as far as z lets it", () => {
    const net = new GRU(3, 6, { rng: new Rng(0) });
    const [seen] = net.inside(input());
    const { h, r, z, n } = seen as NonNullable<typeof seen>;
    expect(add(n, mul(z, sub(before(h), n)))).toBeAllclose(h, close);
    expect(r.shape).toEqual([3, 5, 6]);
  });

  test("there is one view for each direction of each layer, zero beyond an example's length", () => {
    for (const net of [
      new LSTM(3, 6, { rng: new Rng(0), numLayers: 2, bidirectional: true }),
      new LSTM(3, 6, { rng: new Rng(0), numLayers: 2, bidirectional: true, projSize: 2 }),
      new GRU(3, 6, { rng: new Rng(0), numLayers: 2, bidirectional: true }),
      new RNN(3, 6, { rng: new Rng(0), numLayers: 2, bidirectional: true }),
    ]) {
      const views: Readonly<Record<string, Tensor3D>>[] = net.inside(input(), undefined, { lengths });
      expect(views).toHaveLength(4);
      const { y } = net.advance(input(), undefined, { lengths });
      const [forward, backward] = [views[2]?.["h"], views[3]?.["h"]] as [Tensor3D, Tensor3D];
      expect(concat([forward, backward], 2)).toBeAllclose(y, { rtol: 0, atol: 0 });
      for (const view of views)
        for (const x of Object.values(view)) {
          const beyond = slice(x, [1, 2, 0], [1, 3, x.shape[2]]).dataSync();
          expect([...beyond].every((value) => value === 0)).toBe(true);
        }
    }
  });

  test("it leaves nothing behind but what it gives", () => {
    const net = new LSTM(3, 6, { rng: new Rng(0) });
    const x = input();
    expect(() => net.inside(x).flatMap((view) => Object.values(view))).toLeakNothing();
  });
});
