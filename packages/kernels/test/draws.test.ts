import { useBackend } from "@pellucid/backends";
import { Conv2d, init, initialize, Linear, Rng } from "@pellucid/core-train";
import { getKernel } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

/** Around the size from which the kernel draws, the size of its blocks, and the 624 words of the generator. */
const sizes = [2047, 2048, 2049, 2063, 2064, 4999, 8192, 8193, 20_000, 100_003];

describe("on WASM the generator draws the bits that JavaScript draws:", () => {
  const draws: Record<string, (rng: Rng, size: number) => Float32Array | null> = {
    randn: (rng, size) => rng.randn([size]).data,
    normal: (rng, size) => rng.normal([size], -0.3, 0.02).data,
    "normal, wide": (rng, size) => rng.normal([size], 1e6, 1e-3).data,
    rand: (rng, size) => rng.rand([size]).data,
    uniform: (rng, size) => rng.uniform([size], -1 / 7, 1 / 3).data,
    bernoulli: (rng, size) => rng.bernoulli(0.3, [size]).data,
    "bernoulli, scaled": (rng, size) => rng.bernoulli(0.9, [size], 1 / 0.9).data,
    "bernoulli, rare": (rng, size) => rng.bernoulli(2 ** -20 + 2 ** -45, [size]).data,
    "bernoulli, never and always": (rng, size) =>
      [0, 1]
        .map((p) => rng.bernoulli(p, [size]).data)
        .reduce((never, always) => always.map((one, i) => one - (never[i] ?? NaN))),
    skipNormal: (rng, size) => (rng.skipNormal([size]), null),
    skipUniform: (rng, size) => (rng.skipUniform([size]), null),
  };
  test.each(Object.entries(draws))("%s", async (_, draw) => {
    const all = [];
    for (const only of ["cpu", "wasm"] as const) {
      await useBackend({ only });
      const rng = new Rng(17);
      rng.uint32(); // from within the words
      all.push(sizes.map((size) => ({ drawn: bitsOf(draw(rng, size)), state: rng.state() })));
    }
    expect(getKernel("PellucidDraws", "wasm")).toBeDefined();
    expect(all[1]).toEqual(all[0]);
  });
});

test("a million normal numbers have the bits that JavaScript draws", async () => {
  await useBackend({ only: "cpu" });
  const expected = new Rng(3).randn([2 ** 20]).data;
  await useBackend({ only: "wasm" });
  const actual = new Rng(3).randn([2 ** 20]).data;
  expect(Buffer.compare(Buffer.from(actual.buffer), Buffer.from(expected.buffer))).toBe(0);
});

test("layers start with the bits that the host would reorder to their axes", async () => {
  const bits: unknown[] = [];
  for (const only of ["cpu", "wasm"] as const) {
    await useBackend({ only });
    const rng = new Rng(5);
    const layers = [new Linear(61, 53, { rng }), new Conv2d(9, 17, [5, 3], { rng })];
    const drawn = layers.map(({ weight }) => bitsOf(weight.dataSync<"float32">()));
    for (const layer of layers) initialize(layer, "weight", init.xavierNormal(), rng);
    bits.push([...drawn, ...layers.map(({ weight }) => bitsOf(weight.dataSync<"float32">()))]);
    for (const layer of layers) layer.dispose();
  }
  expect(bits[1]).toEqual(bits[0]);
});

const bitsOf = (drawn: Float32Array | null) => drawn && new Int32Array(drawn.buffer);
