import { BatchNorm2d, Conv2d, Linear, ReLU, Rng, Sequential } from "@pellucid/core-train";
import {
  classScore,
  epsilonPlus,
  lrp,
  lrpAlphaBeta,
  lrpGamma,
  lrpZPlus,
  withFoldedBatchNorms,
} from "@pellucid/interpret";
import { sum, type Tensor1D, tensor2d, tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { product } from "./small-scores.ts";

function tinyNet(bias: boolean) {
  const rng = new Rng(0);
  const [first, second] = [new Linear(2, 2, { rng, bias }), new Linear(2, 1, { rng, bias })];
  first.weight.assign(
    tensor2d([
      [1, 2],
      [-1, 1],
    ]),
  ); // [in, out]; as PyTorch has it: [[1, -1], [2, 1]]
  second.weight.assign(tensor2d([[1], [3]]));
  first.bias?.assign(tensor([0, 0]));
  second.bias?.assign(tensor([0]));
  return new Sequential(first, new ReLU(), second);
}

test.for([true, false])(
  "relevance of the 2-2-1 net at (3, 1), whose score is 23; with a bias of zeros: %s",
  (bias) => {
    const score = classScore(tinyNet(bias), 0);
    const x = tensor2d([[3, 1]]);
    expect(lrp(score)(x)).toBeAllclose([21, 2]);
    expect(lrp(score, { rules: lrpGamma(0.25) })(x)).toBeAllclose([20.7273, 2.2727], { rtol: 1e-4 });
    expect(lrp(score, { rules: lrpZPlus() })(x)).toBeAllclose([20, 3]);
  },
);

test("of numbers between 0 and 4, the rule zᴮ gives (19, 4): 1 and 1 of the first hidden unit's 2, 18 and 3 of the second's 21", () => {
  const x = tensor2d([[3, 1]]);
  for (const bias of [true, false])
    expect(lrp(classScore(tinyNet(bias), 0), { box: [0, 4] })(x)).toBeAllclose([19, 4]);
});

test("with zᴮ a black pixel can receive relevance, relevance adds up, and a score that looks at no layer is an error", () => {
  const layer = new Linear(2, 1, { rng: new Rng(0), bias: false });
  layer.weight.assign(tensor2d([[2], [-1]]));
  const x = tensor2d([[0, 0.5]]); // its score is -0.5
  const explain = lrp(classScore(layer, 0), { box: [-1, 1] });
  expect(explain(x)).toBeAllclose([-0.4, -0.1]); // -0.5 · (2, 0.5) / 2.5
  expect(() => explain(x)).toLeakNothing();
  expect(lrp(classScore(layer, 0))(x)).toBeAllclose([0, -0.5]);
  expect(() => lrp(product, { box: [0, 1] })(x)).toThrow("a layer that sees the input itself");
  expect(() => lrp(product, { box: [1, 2] })).toThrow("lrp: box is [1,2]");
});

test("the same object gives the same twice: defect 4 of Captum's LRP", () => {
  const explain = lrp(classScore(tinyNet(true), 0), { rules: lrpGamma(0.25) });
  const x = tensor2d([[3, 1]]);
  expect(explain(x)).toBeAllclose(explain(x));
});

test("α 2 and β 1 make nothing from nothing: where nothing argues against, what argues for has the whole", () => {
  const positive = new Linear(2, 1, { rng: new Rng(0), bias: false });
  positive.weight.assign(tensor2d([[1], [3]]));
  const map = lrp(classScore(positive, 0), { rules: lrpAlphaBeta(2, 1) })(tensor2d([[2, 1]]));
  expect(map).toBeAllclose([2, 3]); // zennit: (4, 6), twice the score
});

test("γ and z⁺ turn signs for negative inputs: relevance still adds up", () => {
  const layer = new Linear(3, 1, { rng: new Rng(1), bias: false });
  layer.weight.assign(tensor2d([[2], [-1], [1]]));
  const score = classScore(layer, 0);
  const x = tensor2d([[1, -2, -1]]); // z = 2 + 2 - 1 = 3
  for (const rules of [lrpGamma(0.25), lrpZPlus(), lrpAlphaBeta(2, 1)]) {
    expect(sum(lrp(score, { rules })(x))).toBeAllclose([3]);
  }
  expect(lrp(score, { rules: lrpZPlus() })(x)).toBeAllclose([1.5, 1.5, 0]);
});

test("folding a batch norm into the convolution before it changes no score, and the model is itself again", () => {
  const rng = new Rng(5);
  const [conv, norm] = [new Conv2d(1, 2, 3, { rng, bias: false }), new BatchNorm2d(2)];
  norm.runningMean?.assign(tensor([0.3, -0.2]));
  norm.runningVar?.assign(tensor([2, 0.5]));
  const model = new Sequential(conv, norm, new ReLU());
  const x = tensor(rng.randn([1, 4, 4, 1]).data, [1, 4, 4, 1]) as Tensor4D;
  const before = model.forward(x);
  const folded = withFoldedBatchNorms(
    model,
    () => model.forward(x),
    () => {
      expect(conv.bias).not.toBeNull();
      return model.forward(x);
    },
  );
  expect(folded).toBeAllclose(before);
  expect(conv.bias).toBeNull();
  expect(model.forward(x)).toBeAllclose(before);
  const score = (at: Tensor4D) => sum(model.forward(at), [1, 2, 3]) as Tensor1D;
  const map = lrp(score, { rules: epsilonPlus, model });
  expect(map(x)).toHaveShape([1, 4, 4, 1]);
  expect(() => map(x)).toLeakNothing();
});
