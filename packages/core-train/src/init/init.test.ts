import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import type { HostTensor } from "../host-tensor.ts";
import { Rng } from "../rng/rng.ts";
import { RngError } from "../rng/rng-error.ts";
import { ShapeError } from "../shape-error.ts";
import { calculateGain, type Nonlinearity } from "./calculate-gain.ts";
import { constant } from "./constant.ts";
import { dirac } from "./dirac.ts";
import { eye } from "./eye.ts";
import { fans } from "./fans.ts";
import type { Initializer } from "./initializer.ts";
import { kaimingNormal } from "./kaiming-normal.ts";
import { kaimingUniform } from "./kaiming-uniform.ts";
import { normal } from "./normal.ts";
import { ones } from "./ones.ts";
import { orthogonal } from "./orthogonal.ts";
import { sparse } from "./sparse.ts";
import { truncatedNormal } from "./truncated-normal.ts";
import { uniform } from "./uniform.ts";
import { xavierNormal } from "./xavier-normal.ts";
import { xavierUniform } from "./xavier-uniform.ts";
import { zeros } from "./zeros.ts";

interface Case {
  readonly name: keyof typeof initializers;
  readonly args: readonly never[];
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly next: number;
}

interface Fixture {
  readonly cases: readonly Case[];
  readonly gains: Readonly<Record<Nonlinearity, number>>;
  readonly layers: Readonly<Record<string, { readonly weight: number[]; readonly bias: number[] }>>;
}

const initializers = {
  constant,
  dirac,
  eye,
  kaimingNormal,
  kaimingUniform,
  normal,
  ones,
  orthogonal,
  sparse,
  truncatedNormal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
};

const { cases, gains, layers } = fixture<Fixture>(import.meta.url, "../../fixtures/torch/init.json");

describe("an initializer", () => {
  it.each(cases)("draws what torch.nn.init draws: $name($args) of $shape", (made) => {
    const make = initializers[made.name] as (...args: readonly never[]) => Initializer;
    const rng = new Rng(0);
    const drawn = make(...made.args)(made.shape, rng);
    expect(drawn.shape).toEqual(made.shape);
    if (made.name === "orthogonal") {
      // PyTorch's own decomposition is off by some 32-bit roundings of entries below 1; ours is made in 64 bits
      expect(drawn).toBeAllclose(made.values, { rtol: 0, atol: 1e-6 });
    } else {
      expect([...drawn.data]).toEqual(made.values.map(Math.fround));
    }
    expect(rng.randint(0, 2 ** 27, []).data[0]).toBe(made.next);
  });

  it("starts linear and convolution layers as PyTorch does", () => {
    const layer = (shape: number[]): HostTensor[] => {
      const rng = new Rng(0);
      const bound = 1 / Math.sqrt(fans(shape).fanIn);
      return [
        kaimingUniform({ a: Math.sqrt(5) })(shape, rng),
        uniform(-bound, bound)(shape.slice(0, 1), rng),
      ];
    };
    for (const [name, shape] of Object.entries({ linear: [5, 3], conv2d: [3, 2, 2, 3] })) {
      const [weight, bias] = layer(shape) as [HostTensor, HostTensor];
      expect([...weight.data]).toEqual(layers[name]?.weight.map(Math.fround));
      expect([...bias.data]).toEqual(layers[name]?.bias.map(Math.fround));
    }
  });

  it("knows PyTorch's gains", () => {
    for (const [name, gain] of Object.entries(gains)) expect(calculateGain(name as Nonlinearity)).toBe(gain);
    expect(calculateGain("leakyRelu", 1)).toBe(1);
  });

  it("makes nearly parallel rows orthonormal to the last bit of 32", () => {
    const { data } = orthogonal()([40, 40], new Rng(3));
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < 40; k++) dot += (data[i * 40 + k] as number) * (data[j * 40 + k] as number);
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(2e-7);
      }
    }
  });

  it.each([
    [
      kaimingUniform(),
      [3],
      new ShapeError(
        "fans: the shape is [3], expected [out, in, …kernel]. Draw a bias with uniform or zeros.",
      ),
    ],
    [eye(), [2, 2, 2], new ShapeError("eye: the shape is [2, 2, 2], expected [rows, columns].")],
    [sparse(0.5), [2], new ShapeError("sparse: the shape is [2], expected [rows, columns].")],
    [
      dirac(2),
      [3, 2, 2],
      new ShapeError(
        "dirac: the shape is [3, 2, 2], expected a convolution's [out, in / groups, …kernel] with out divisible by 2 groups.",
      ),
    ],
    [orthogonal(), [4], new ShapeError("orthogonal: the shape is [4], expected two axes or more.")],
  ])("says what is wrong with a shape: %#", (init, shape, error) => {
    expect(() => init(shape, new Rng(0))).toThrow(error);
  });

  it("says what is wrong with bounds", () => {
    expect(() => truncatedNormal({ a: 2, b: -2 })).toThrow(
      new RngError("truncatedNormal: std is 1, a 2, b -2; expected std > 0 and a < b."),
    );
  });
});
