import { LayerNorm, Linear, matMul, Module, OptionError, Rng, sigmoid, softmax } from "@pellucid/core-train";
import { lrp } from "@pellucid/interpret";
import {
  div,
  mul,
  pow,
  reshape,
  slice,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const column = (x: Tensor2D, i: number) => reshape(slice(x, [0, i], [-1, 1]), [-1]) as Tensor1D;
const scoreOf = (f: (x: Tensor2D) => Tensor) => (x: Tensor2D) =>
  tidy(() => reshape(f(x), [x.shape[0]]) as Tensor1D);
const x = tensor2d([[3, -2]]);

test("a gate and what it gates have half the relevance each", () => {
  const score = scoreOf((at) => mul(column(at, 0), sigmoid(column(at, 1))));
  const half = 3 / (1 + Math.exp(2)) / 2;
  expect(lrp(score)(x)).toBeAllclose([half, half]);
});

test("of a gated net without biases, relevance adds up to the score", () => {
  class Gate extends Module {
    readonly a = new Linear(4, 4, { rng: new Rng(0), bias: false });
    readonly g = new Linear(4, 4, { rng: new Rng(5), bias: false });
    readonly b = new Linear(4, 1, { rng: new Rng(3), bias: false });
    forward(at: Tensor2D): Tensor {
      return tidy(() => this.b.forward(mul(this.a.forward(at), sigmoid(this.g.forward(at)))));
    }
  }
  const net = new Gate();
  const score = scoreOf((at) => net.forward(at));
  const at = tensor2d([
    [1, -2, 3, 0.5],
    [0.2, 1, -1, 2],
  ]);
  expect(sum(lrp(score)(at), 1)).toBeAllclose(score(at), { rtol: 1e-4, atol: 1e-5 });
  expect(() => lrp(score)(at)).toLeakNothing();
});

test("squares, powers and quotients hand on all their relevance, and a constant factor has none", () => {
  expect(lrp(scoreOf((at) => square(column(at, 0))))(x)).toBeAllclose([9, 0]);
  expect(lrp(scoreOf((at) => mul(column(at, 0), column(at, 0))))(x)).toBeAllclose([9, 0]);
  expect(lrp(scoreOf((at) => pow(column(at, 0), 3)))(x)).toBeAllclose([27, 0]);
  expect(lrp(scoreOf((at) => div(column(at, 0), column(at, 1))))(x)).toBeAllclose([-1.5, 0]);
  expect(lrp(scoreOf((at) => mul(column(at, 0), 5)))(x)).toBeAllclose([15, 0]);
});

test("of a product of matrices that both depend on the input, relevance adds up", () => {
  const at = tensor2d([[1, 2, 3, 4]]);
  const score = scoreOf((y) => {
    const matrix = reshape(y, [-1, 2, 2]);
    return sum(matMul(matrix, matrix), [1, 2]); // 1 + 6 + 2 + 8 + 3 + 12 + 6 + 16 = 54
  });
  expect(score(at)).toBeAllclose([54]);
  expect(sum(lrp(score)(at))).toBeAllclose([54], { rtol: 1e-5 });
});

test("an op through which relevance would not add up is refused by its name", () => {
  const norm = new LayerNorm(2);
  const names: Readonly<Record<string, (at: Tensor2D) => Tensor>> = {
    LayerNorm: (at) => sum(norm.forward(at), 1),
    Softmax: (at) => column(softmax(at) as Tensor2D, 0),
    RealDiv: (at) => div(1, column(at, 0)),
  };
  for (const [name, f] of Object.entries(names)) {
    const explain = lrp(scoreOf(f));
    expect(() => explain(x), name).toThrow(
      new OptionError(
        "lrp",
        "score",
        `a net with ${name}, for which relevance has no rule here`,
        "linear layers, batch norms, activations, pools, products and quotients. Use deepLift, integratedGradients or shapley",
      ),
    );
    expect(() => explain(x)).toLeakNothing();
  }
});
