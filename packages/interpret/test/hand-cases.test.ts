import {
  BatchNorm2d,
  Conv2d,
  gradient,
  Linear,
  maximum,
  ReLU,
  relu,
  Rng,
  Sequential,
} from "@pellucid/core-train";
import {
  ablationCam,
  classScore,
  completenessDelta,
  deconvnet,
  deepLift,
  eigenCam,
  epsilonPlus,
  gradCam,
  gradCamPlusPlus,
  gradientShap,
  guidedBackprop,
  hiResCam,
  inputXGradient,
  integratedGradients,
  kernelShap,
  layerCam,
  lime,
  lrp,
  lrpAlphaBeta,
  lrpGamma,
  lrpZPlus,
  occlusion,
  rise,
  saliency,
  scoreCam,
  shapley,
  smooth,
  smoothGrad,
  withFoldedBatchNorms,
  xGradCam,
} from "@pellucid/interpret";
import {
  add,
  mean,
  mul,
  pow,
  slice,
  square,
  squeeze,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const column = (x: Tensor2D, i: number) => squeeze(slice(x, [0, i], [-1, 1]), [1]) as Tensor1D;
const linearScore = (w: number[]) => (x: Tensor2D) => sum(mul(x, tensor2d([w])), 1) as Tensor1D;
const product = (x: Tensor2D) => mul<Tensor1D>(column(x, 0), column(x, 1));
const largest = (x: Tensor2D) => maximum(column(x, 0), column(x, 1)) as Tensor1D;

test("input times gradient of x1 x2 is not complete", () => {
  expect(inputXGradient(product)(tensor2d([[2, 3]]))).toBeAllclose([6, 6]);
});

test("integrated gradients of x1³ + x1 x2 at (2, 4) are (12, 4), with five steps", async () => {
  const score = (x: Tensor2D) => add<Tensor1D>(pow(column(x, 0), 3), product(x));
  const x = tensor2d([[2, 4]]);
  const map = await integratedGradients(score, { steps: 5 })(x);
  expect(map).toBeAllclose([12, 4]);
  expect(completenessDelta(score, { map, x })).toBeAllclose([0], { atol: 1e-5 });
});

test("integrated gradients and DeepLIFT see what a flat gradient hides: 1 - relu(1 - x) at 2", async () => {
  const score = (x: Tensor2D) => column(sub(1, relu(sub(1, x))) as Tensor2D, 0);
  const x = tensor2d([[2]]);
  expect(saliency(score)(x)).toBeAllclose([0]);
  expect(deepLift(score)(x)).toBeAllclose([1]);
  expect(await integratedGradients(score, { steps: 200 })(x)).toBeAllclose([1], { atol: 5e-3 });
});

test("integrated gradients share a product evenly and give a maximum to the larger", async () => {
  expect(await integratedGradients(product)(tensor2d([[2, 3]]))).toBeAllclose([3, 3]);
  expect(await integratedGradients(largest)(tensor2d([[1, 2]]))).toBeAllclose([0, 2]);
});

test("of a linear score, integrated gradients are exact for any number of steps: defect 1 of Captum's trapezoids", async () => {
  for (const steps of [1, 2, 50]) {
    const map = await integratedGradients(linearScore([3, -2]), { steps })(tensor2d([[1, 2]]));
    expect(map).toBeAllclose([3, -4]);
  }
});

test("SmoothGrad keeps signs until the mean: defect 5 of Captum's noise tunnel", async () => {
  const score = (x: Tensor2D) => sum(square(x), 1) as Tensor1D;
  const x = tensor2d([[1, 0]]);
  const options = { rng: new Rng(3), samples: 2000, noise: 1 };
  expect(await smoothGrad(score, options)(x)).toBeAllclose([2, 0], { rtol: 0, atol: 0.15 }); // Captum: 2.33
  const variance = await smooth(saliency(score), { ...options, combine: "variance" })(x);
  expect(variance).toBeAllclose([4, 4], { rtol: 0, atol: 0.4 });
  expect(await smoothGrad(score, { rng: new Rng(0), samples: 3, noise: 0 })(x)).toBeAllclose([2, 0]);
});

test("GradientSHAP of a linear score is w (x - mean baseline)", async () => {
  const baselines = tensor2d([[0, 2]]);
  const map = await gradientShap(linearScore([3, -2]), { rng: new Rng(0), baselines, samples: 7 })(
    tensor2d([[1, 1]]),
  );
  expect(map).toBeAllclose([3, 2]);
});

test("guided backprop and deconvnet of relu(x1) - 2 relu(x2) + 3 relu(x3) at (1, 2, -3)", () => {
  const score = (x: Tensor2D) => linearScore([1, -2, 3])(relu(x));
  const x = tensor2d([[1, 2, -3]]);
  expect(saliency(score)(x)).toBeAllclose([1, -2, 0]);
  expect(guidedBackprop(score)(x)).toBeAllclose([1, 0, 0]);
  expect(deconvnet(score)(x)).toBeAllclose([1, 0, 3]);
  expect(gradient(score)(x)).toBeAllclose([1, -2, 0]);
});

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

// activations A1 = [[1,2],[3,4]], A2 = [[4,0],[0,0]]
const identity = { forward: (x: Tensor4D) => mul<Tensor4D>(x, 1) };
const maps = tensor([
  [
    [
      [1, 4],
      [2, 0],
    ],
    [
      [3, 0],
      [4, 0],
    ],
  ],
]) as Tensor4D;
const meanHead = (x: Tensor4D) => sum(mul(mean(identity.forward(x), [1, 2]), tensor([2, -1])), 1) as Tensor1D;
const positions = tensor([
  [
    [
      [1, 0],
      [0, 2],
    ],
    [
      [0, 0],
      [-1, 1],
    ],
  ],
]) as Tensor4D;
const unevenHead = (x: Tensor4D) => sum(mul(identity.forward(x), positions), [1, 2, 3]) as Tensor1D;
const signed = { positive: false };

test("class activation maps of a head of means", () => {
  for (const cam of [gradCam, xGradCam, hiResCam]) {
    expect(cam(meanHead, identity, signed)(maps)).toBeAllclose([-0.5, 1, 1.5, 2], { rtol: 1e-4 });
  }
  expect(gradCam(meanHead, identity)(maps)).toBeAllclose([0, 1, 1.5, 2]);
  expect(layerCam(meanHead, identity)(maps)).toBeAllclose([0.5, 1, 1.5, 2]);
  expect(gradCamPlusPlus(meanHead, identity)(maps)).toBeAllclose([0.2857, 0.5714, 0.8571, 1.1429], {
    rtol: 2e-4,
  });
});

test("class activation maps of an uneven head: Grad-CAM highlights a corner that has no gradient, HiResCAM does not", () => {
  expect(gradCam(unevenHead, identity, signed)(maps)).toBeAllclose([3, 0, 0, 0]);
  expect(hiResCam(unevenHead, identity, signed)(maps)).toBeAllclose([1, 0, 0, -4]);
});

test("EigenCAM shows the strongest position as positive: defect 8 of pytorch-grad-cam", async () => {
  const map = await eigenCam(meanHead, identity)(maps);
  expect(map).toBeAllclose([3.3485, -0.6181, -1.1162, -1.6142], { rtol: 1e-3 });
});

test("Score-CAM and Ablation-CAM weigh channels by what the score says without gradients", async () => {
  // y = 1·2.5·2 − 1 = 4; without A1: −1, without A2: 5; weights 5/4 and −1/4
  expect(await ablationCam(meanHead, identity, signed)(maps)).toBeAllclose([0.25, 2.5, 3.75, 5]);
  const flat = mul(maps, 0) as Tensor4D;
  expect(await scoreCam(meanHead, identity)(flat)).toBeAllclose([0, 0, 0, 0]); // pytorch-grad-cam: NaN
});

const counting = tensor([
  [
    [[0], [1], [2]],
    [[3], [4], [5]],
    [[6], [7], [8]],
  ],
]) as Tensor4D;
const total = (x: Tensor4D) => sum(x, [1, 2, 3]) as Tensor1D;

test("occlusion of a sum, with windows that overlap and windows that the border cuts", async () => {
  expect(await occlusion(total, { window: [2, 2], stride: [1, 1] })(counting)).toBeAllclose([
    8, 10, 12, 14, 16, 18, 20, 22, 24,
  ]);
  expect(await occlusion(total, { window: [2, 2] })(counting)).toBeAllclose([8, 8, 7, 8, 8, 7, 13, 13, 8]);
});

test("the size of the batches changes nothing", async () => {
  const small = await occlusion(total, { window: [2, 2], stride: [1, 1], batchSize: 1 })(counting);
  expect(small).toBeAllclose([8, 10, 12, 14, 16, 18, 20, 22, 24]);
  const steps = await integratedGradients(total, { steps: 7, batchSize: 2 })(counting);
  expect(steps).toBeAllclose(counting);
});

test("RISE of a constant score is that constant times how often a position is seen", async () => {
  const one = (x: Tensor4D) => add<Tensor1D>(sum(mul(x, 0), [1, 2, 3]), 2);
  const map = await rise(one, { rng: new Rng(0), masks: 400, cells: 3 })(counting);
  expect(map).toBeAllclose(new Array(9).fill(2), { rtol: 0, atol: 0.35 });
});

test("RISE ranks the positions of a linear score by their part", async () => {
  const w = tensor([
    [
      [[0], [0], [0]],
      [[0], [5], [0]],
      [[0], [0], [0]],
    ],
  ]);
  const score = (x: Tensor4D) => sum(mul(x, w), [1, 2, 3]) as Tensor1D;
  const map = await rise(score, { rng: new Rng(1), masks: 500, cells: 3 })(counting);
  const values = [...map.dataSync()];
  expect(values.indexOf(Math.max(...values))).toBe(4);
});

test("Shapley values: a product is shared, a maximum is (0.5, 1.5), exactly, by kernel SHAP too", async () => {
  const rng = new Rng(0);
  expect(await shapley(product, { rng })(tensor2d([[2, 3]]))).toBeAllclose([3, 3]);
  expect(await shapley(largest, { rng })(tensor2d([[1, 2]]))).toBeAllclose([0.5, 1.5]);
  expect(await kernelShap(largest, { rng })(tensor2d([[1, 2]]))).toBeAllclose([0.5, 1.5]); // Captum: (.478, 1.522)
});

test("sampled Shapley values add up, and are exact for an additive score", async () => {
  const w = Array.from({ length: 12 }, (_, i) => i - 5);
  const x = tensor2d([w.map((_, i) => 1 + i / 4)]);
  const expected = w.map((v, i) => v * (1 + i / 4));
  expect(await shapley(linearScore(w), { rng: new Rng(0), samples: 60 })(x)).toBeAllclose(expected, {
    rtol: 1e-4,
    atol: 1e-4,
  });
  expect(await kernelShap(linearScore(w), { rng: new Rng(0), samples: 200 })(x)).toBeAllclose(expected, {
    rtol: 1e-3,
    atol: 1e-3,
  });
});

test("LIME of an additive score finds its terms", async () => {
  const map = await lime(linearScore([3, -2, 1]), { rng: new Rng(0), samples: 200, ridge: 1e-6 })(
    tensor2d([[1, 2, 3]]),
  );
  expect(map).toBeAllclose([3, -4, 3], { rtol: 1e-3, atol: 1e-3 });
});

test("long work is stopped by its signal, tells its progress, and leaves nothing", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const run = occlusion(total, {
    window: [1, 1],
    batchSize: 2,
    signal: controller.signal,
    onProgress: (done) => {
      seen.push(done);
      if (done === 4) controller.abort(new Error("enough"));
    },
  });
  await expect(run(counting)).rejects.toThrow("enough");
  expect(seen).toEqual([2, 4]);
});
