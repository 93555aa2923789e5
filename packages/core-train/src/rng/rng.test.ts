import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { Rng, type RngState } from "./rng.ts";
import { RngError } from "./rng-error.ts";

interface Draw {
  readonly method:
    | "rand"
    | "uniform"
    | "randn"
    | "normal"
    | "randint"
    | "randperm"
    | "bernoulli"
    | "exponential"
    | "int64";
  readonly args: readonly (number | number[])[];
  readonly values: readonly (number | string)[];
  readonly sum?: number;
}

interface Case {
  readonly seed: string;
  readonly draws: readonly Draw[];
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../../fixtures/torch/rng.json");

function draw(rng: Rng, { method, args }: Draw): ArrayLike<number | string> {
  const [first, second] = args as [number, number];
  const shape = args.at(-1) as number[];
  switch (method) {
    case "rand":
    case "randn":
    case "exponential":
      return rng[method](shape).data;
    case "uniform":
    case "normal":
      return rng[method](shape, first, second).data;
    case "randint":
      return rng.randint(first, second, shape).data;
    case "bernoulli":
      return rng.bernoulli(first, shape).data;
    case "randperm":
      return rng.randperm(first);
    case "int64":
      return [String(rng.int64())];
  }
}

describe("Rng", () => {
  it.each(cases)("draws what PyTorch draws from seed $seed: $draws.0.method $draws.0.args …", (made) => {
    const rng = new Rng(BigInt(made.seed));
    for (const step of made.draws) {
      const drawn = Array.from(draw(rng, step));
      if (step.sum !== undefined) {
        const sum = drawn.reduce<number>((total, value) => total + Number(value), 0);
        expect(sum).toBeAllclose(step.sum, { rtol: 1e-12 });
      }
      const whole = step.method === "randint" || step.method === "randperm" || step.method === "int64";
      const expected = step.values.map((value) => (whole ? value : Math.fround(Number(value))));
      expect(drawn.slice(drawn.length - expected.length)).toEqual(expected);
    }
  });

  it("continues exactly from a state that went through JSON, in the middle of a pair of normal draws too", () => {
    const rng = new Rng(5);
    rng.normal([3], 0, 1);
    const state = rng.state();
    const ahead = [rng.normal([4], 0, 1), rng.rand([700]), rng.randperm(20)];
    const other = new Rng(99);
    other.restore(JSON.parse(JSON.stringify(state)));
    expect([other.normal([4], 0, 1), other.rand([700]), other.randperm(20)]).toEqual(ahead);
  });

  it.each([[[0]], [[3]], [[15]], [[16]], [[17]], [[624]], [[5000, 3]]])(
    "stands after skipped numbers of shape %j where it stands after drawing them",
    (shape) => {
      const [skipping, drawing] = [new Rng(5), new Rng(5)];
      skipping.skipNormal(shape);
      skipping.skipUniform(shape);
      drawing.randn(shape);
      drawing.rand(shape);
      expect(skipping.state()).toEqual(drawing.state());
      expect(skipping.normal([2], 0, 1)).toEqual(drawing.normal([2], 0, 1));
    },
  );

  it("refuses to skip a shape that is none", () => {
    expect(() => new Rng(0).skipNormal([-1])).toThrow(
      new RngError("Rng.skipNormal: the shape is [-1], expected integers of 0 or more."),
    );
    expect(() => new Rng(0).skipUniform([0.5])).toThrow(
      new RngError("Rng.skipUniform: the shape is [0.5], expected integers of 0 or more."),
    );
  });

  it("is not moved by having its state taken, nor is a state by the draws after it", () => {
    const rng = new Rng(5);
    const state = rng.state();
    const words = [...state.words];
    rng.rand([1000]);
    expect(state.words).toEqual(words);
    expect(new Rng(5).uint32()).toBe(restored(state).uint32());
  });

  it("takes as a seed what PyTorch takes: negative and 64-bit numbers, of which the low 32 bits count", () => {
    expect(new Rng(-1).uint32()).toBe(new Rng(2 ** 32 - 1).uint32());
    expect(new Rng(2 ** 40 + 7).uint32()).toBe(new Rng(7n).uint32());
  });

  it("draws nothing for an empty shape", () => {
    const rng = new Rng(0);
    expect(rng.randn([0, 3])).toEqual({ data: new Float32Array(0), shape: [0, 3] });
    expect(rng.uint32()).toBe(new Rng(0).uint32());
  });

  it.each([
    [(rng: Rng) => rng.uniform([1], 1, 0), "Rng.uniform: low is 1 and high 0, expected low ≤ high."],
    [(rng: Rng) => rng.normal([1], 0, -1), "Rng.normal: std is -1, expected 0 or more."],
    [
      (rng: Rng) => rng.randint(3, 3, [1]),
      "Rng.randint: low is 3 and high 3, expected integers of 32 bits with low < high.",
    ],
    [(rng: Rng) => rng.bernoulli(1.5, [1]), "Rng.bernoulli: p is 1.5, expected 0 to 1."],
    [(rng: Rng) => rng.rand([2, -1]), "Rng.uniform: the shape is [2, -1], expected integers of 0 or more."],
    [(rng: Rng) => rng.randperm(1.5), "Rng.randperm: the shape is [1.5], expected integers of 0 or more."],
    [
      (rng: Rng) => rng.restore({ words: [1], position: 0, spareNormal: null }),
      "Rng.restore: the state has 1 words at position 0, expected 624 and 0 to 624.",
    ],
    [() => new Rng(0.5), "Rng: the seed is 0.5, expected an integer (or a bigint)."],
    [() => new Rng(2 ** 60), "Rng: the seed is 1152921504606847000, expected an integer (or a bigint)."],
  ])("says what is wrong: %#", (wrong, message) => {
    expect(() => wrong(new Rng(0))).toThrow(new RngError(message));
  });
});

function restored(state: RngState): Rng {
  const rng = new Rng(1);
  rng.restore(state);
  return rng;
}
