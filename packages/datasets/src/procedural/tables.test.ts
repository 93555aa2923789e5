import { Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { blobs } from "./blobs.ts";
import { moons } from "./moons.ts";
import { randomImages } from "./random-images.ts";
import { sine } from "./sine.ts";
import { spirals } from "./spirals.ts";
import { texture, textures } from "./texture.ts";
import { xor } from "./xor.ts";

const known = fixture<{ batches: { images: number[]; labels: number[] }[] }>(
  import.meta.url,
  "../../fixtures/torch/random-images.json",
);

describe.each([
  ["moons", moons, 2],
  ["spirals", spirals, 2],
  ["blobs", blobs, 3],
  ["xor", xor, 2],
  ["sine", sine, undefined],
])("%s", (_, make, classes) => {
  it("is the same for the same seed, and has as many rows as asked for", () => {
    const { train, test } = make({ rng: new Rng(1), train: 30, test: 12 });
    expect(make({ rng: new Rng(1), train: 30, test: 12 }).test).toEqual(test);
    expect(make({ rng: new Rng(2), train: 30, test: 12 }).test).not.toEqual(test);
    expect([train.length, test.length]).toEqual([30, 12]);
    expect(train.features.shape).toEqual([30, train.columns.length]);
    expect(train.targets.shape).toEqual([30]);
    expect(test.get(3)).toEqual(test.take([3]).get(0));
  });

  it("has classes from 0 on, or numbers", () => {
    const { train } = make({ rng: new Rng(1) });
    if (classes === undefined) expect(train.targets.data).toBeInstanceOf(Float32Array);
    else expect(new Set(train.targets.data)).toEqual(new Set(new Array(classes).keys()));
  });
});

describe("without noise", () => {
  it("moons lie on two half circles", () => {
    const { train } = moons({ rng: new Rng(1), noise: 0 });
    for (let i = 0; i < train.length; i++) {
      const { x, y } = train.get(i);
      const [across = 0, up = 0] = x.data;
      const [left, top] = y === 0 ? [across, up] : [1 - across, 0.5 - up];
      expect(Math.hypot(left, top)).toBeCloseTo(1, 5);
      expect(top).toBeGreaterThanOrEqual(-1e-6);
    }
  });

  it("spirals wind around the center", () => {
    const { train } = spirals({ rng: new Rng(1), noise: 0, arms: 3, turns: 2 });
    for (let i = 0; i < train.length; i++) {
      const { x, y } = train.get(i);
      const [across = 0, up = 0] = x.data;
      const turns = Math.atan2(up, across) / (2 * Math.PI) - 2 * Math.hypot(across, up) - y / 3;
      expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-4);
    }
  });

  it("blobs are their centers", () => {
    const { test } = blobs({
      rng: new Rng(1),
      std: 0,
      centers: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    expect(test.columns).toEqual(["x", "y", "z"]);
    expect([...test.get(1).x.data]).toEqual([4, 5, 6]);
    expect(() => blobs({ rng: new Rng(1), centers: 0 })).toThrow(
      "blobs: there are no centers, expected one or more.",
    );
  });

  it("xor tells whether signs differ", () => {
    const { train } = xor({ rng: new Rng(1) });
    for (let i = 0; i < train.length; i++) {
      const { x, y } = train.get(i);
      expect(y).toBe(Number((x.data[0] as number) * (x.data[1] as number) < 0));
    }
  });

  it("sine is a sine", () => {
    const { train } = sine({ rng: new Rng(1), noise: 0, range: [0, 1] });
    for (let i = 0; i < train.length; i++) {
      const { x, y } = train.get(i);
      expect(y).toBeCloseTo(Math.sin(x.data[0] as number), 5);
      expect(x.data[0]).toBeLessThan(1);
    }
  });
});

it("noise has the deviation that is asked for", () => {
  const { train } = blobs({ rng: new Rng(1), train: 2000, std: 0.5, centers: [[3, -3]] });
  const values = train.features.data.map((value, i) => value - (i % 2 === 0 ? 3 : -3));
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 1);
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.sqrt(square)).toBeCloseTo(0.5, 1);
});

describe("randomImages", () => {
  it("draws what torch.randn and torch.randint draw, batch by batch", () => {
    const rng = new Rng(0);
    for (const { images, labels } of known.batches) {
      const batch = randomImages({ rng, length: 5, shape: [4, 2, 3] });
      expect(batch.images.shape).toEqual([5, 4, 2, 3]);
      for (const [i, pixel] of images.entries()) expect(batch.images.data[i]).toBeCloseTo(pixel, 6);
      expect([...batch.labels.data]).toEqual(labels);
    }
  });
});

describe("texture", () => {
  it.each(textures)("%s is drawn from the rng alone, between its two colors", (kind) => {
    const make = (seed: number) =>
      texture({
        rng: new Rng(seed),
        kind,
        size: [16, 24],
        colors: [
          [0.2, 0.4, 0.6],
          [0.3, 0.3, 0.9],
        ],
      });
    const { data, shape } = make(1);
    expect(shape).toEqual([16, 24, 3]);
    expect(make(1).data).toEqual(data);
    for (let i = 0; i < data.length; i += 3) {
      expect(data[i]).toBeGreaterThanOrEqual(0.2 - 1e-6);
      expect(data[i + 1]).toBeLessThanOrEqual(0.4 + 1e-6);
      expect(data[i + 2]).toBeLessThanOrEqual(0.9 + 1e-6);
    }
    expect(make(2).data).not.toEqual(data);
  });

  it("varies, unless it is plain", () => {
    for (const kind of textures) {
      const { data } = texture({ rng: new Rng(5), kind, size: 32 });
      expect(new Set(data).size > 3).toBe(kind !== "plain");
    }
  });
});
