import {
  Conv2d,
  Flatten,
  Linear,
  type Layer,
  MaxPool2d,
  Rng,
  ReLU,
  Sequential,
  stateOf,
} from "@pellucid/core-train";
import {
  type Attribution,
  deconvnet,
  deepLift,
  gradientShap,
  guidedBackprop,
  guidedGradCam,
  inputXGradient,
  integratedGradients,
  kernelShap,
  lime,
  lrp,
  occlusion,
  rise,
  saliency,
  type Score,
  classScore,
  shapley,
  smoothGrad,
  gridSegments,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  xGradCam,
  scoreCam,
  ablationCam,
  eigenCam,
} from "@pellucid/interpret";
import {
  add,
  concat,
  memory,
  mul,
  slice,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

interface Row {
  readonly make: (
    score: Score,
    layer: Layer<never, Tensor4D>,
  ) => Attribution<Tensor4D> | ((x: Tensor4D) => Tensor | Promise<Tensor>);
  /** What it gives for a linear score `w · x` from a baseline of zeros. */
  readonly linear?: "w" | "w x";
  /** Its map is over the positions of a layer, not of the input. */
  readonly isSpatial?: boolean;
}

const baselines = zeros([1, 6, 6, 1]) as Tensor4D;
const rng = () => new Rng(4);
const segments = gridSegments(6, 6, 3);
const rows: Readonly<Record<string, Row>> = {
  saliency: { make: (score) => saliency(score), linear: "w" },
  inputXGradient: { make: (score) => inputXGradient(score), linear: "w x" },
  smoothGrad: { make: (score) => (x) => smoothGrad(score, { rng: rng(), samples: 3 })(x), linear: "w" },
  integratedGradients: { make: (score) => integratedGradients(score, { steps: 3 }), linear: "w x" },
  gradientShap: {
    make: (score) => (x) => gradientShap(score, { rng: rng(), baselines, samples: 3 })(x),
    linear: "w x",
  },
  deepLift: { make: (score) => deepLift(score), linear: "w x" },
  lrp: { make: (score) => lrp(score), linear: "w x" },
  guidedBackprop: { make: (score) => guidedBackprop(score), linear: "w" },
  deconvnet: { make: (score) => deconvnet(score), linear: "w" },
  guidedGradCam: { make: (score, layer) => guidedGradCam(score, layer) },
  occlusion: { make: (score) => occlusion(score, { window: [1, 1] }), linear: "w x" },
  rise: { make: (score) => (x) => rise(score, { rng: rng(), masks: 8, cells: 3 })(x) },
  lime: { make: (score) => (x) => lime(score, { rng: rng(), samples: 20, segments })(x) },
  kernelShap: { make: (score) => (x) => kernelShap(score, { rng: rng(), samples: 80 })(x), linear: "w x" },
  shapley: { make: (score) => (x) => shapley(score, { rng: rng(), samples: 80 })(x), linear: "w x" },
  gradCam: { make: (score, layer) => gradCam(score, layer), isSpatial: true },
  gradCamPlusPlus: { make: (score, layer) => gradCamPlusPlus(score, layer), isSpatial: true },
  hiResCam: { make: (score, layer) => hiResCam(score, layer), isSpatial: true },
  layerCam: { make: (score, layer) => layerCam(score, layer), isSpatial: true },
  xGradCam: { make: (score, layer) => xGradCam(score, layer), isSpatial: true },
  scoreCam: { make: (score, layer) => scoreCam(score, layer), isSpatial: true },
  lrpBox: { make: (score) => lrp(score, { box: [0, 1] }) },
  eigenCam: { make: (score, layer) => eigenCam(score, layer), isSpatial: true },
  ablationCam: { make: (score, layer) => ablationCam(score, layer), isSpatial: true },
};

const init = new Rng(1);
const conv = new Conv2d(1, 4, 3, { rng: init, padding: 1 });
const model = new Sequential(
  conv,
  new ReLU(),
  new MaxPool2d(2),
  new Flatten(),
  new Linear(36, 3, { rng: init }),
);
const net = { forward: (x: Tensor4D) => model.forward(x) };
const score = classScore(net, 1);
const x = tensor(init.rand([2, 6, 6, 1]).data, [2, 6, 6, 1]) as Tensor4D;
const w = tensor(init.randn([1, 6, 6, 1]).data, [1, 6, 6, 1]);
const linear: Score = (at) => sum(mul(at, w), [1, 2, 3]) as Tensor1D;
const constant: Score = (at) => add<Tensor1D>(sum(mul(conv.forward(at), 0), [1, 2, 3]), 5);

const names = Object.keys(rows);

test.for(names)("%s has the input's shape, or one number for each position of the layer", async (name) => {
  const { make, isSpatial } = rows[name] as Row;
  const map = await make(score, conv)(x);
  if (name === "rise" || isSpatial === true)
    expect(map).toHaveShape(isSpatial === true ? [2, 6, 6] : [2, 6, 6, 1]);
  else expect(map).toHaveShape(x.shape);
});

test.for(names)("%s gives the same twice", async (name) => {
  const explain = (rows[name] as Row).make(score, conv);
  expect(await explain(x)).toBeAllclose(await explain(x), { rtol: 0, atol: 0 });
});

/** What draws gives other draws to other batches, so it is not asked. */
const drawing = new Set(["smoothGrad", "gradientShap"]);

test.for(names.filter((name) => !drawing.has(name)))(
  "%s explains an example alone as in a batch",
  async (name) => {
    const explain = (rows[name] as Row).make(score, conv);
    const alone = await explain(slice(x, [0, 0, 0, 0], [1, -1, -1, -1]));
    const together = await explain(concat([x, mul(x, 3)], 0) as Tensor4D);
    expect(slice(together, 0, 1)).toBeAllclose(alone, { rtol: 1e-4, atol: 1e-6 });
  },
);

/** RISE shows how often a position is seen times the score; Score-CAM then shares evenly among channels; EigenCAM does not ask it: so their papers say. */
const biased = new Set(["rise", "scoreCam", "eigenCam"]);

test.for(names.filter((name) => !biased.has(name)))(
  "%s of a score that is always the same is zero",
  async (name) => {
    const map = await (rows[name] as Row).make(constant, conv)(x);
    expect(map).toBeAllclose(new Array(map.size).fill(0), { rtol: 0, atol: 1e-5 });
  },
);

test.for(names.filter((name) => rows[name]?.linear !== undefined))(
  "%s of a linear score is exact",
  async (name) => {
    const { make, linear: expected } = rows[name] as Row;
    const map = await make(linear, conv)(x);
    expect(map).toBeAllclose(expected === "w" ? concat([w, w], 0) : mul(w, x), { rtol: 2e-3, atol: 2e-4 });
  },
);

test.for(names)(
  "%s leaves nothing but its map, also when the score throws, and the model as it was",
  async (name) => {
    const { make } = rows[name] as Row;
    const before = memory().numTensors;
    (await make(score, conv)(x)).dispose();
    expect(memory().numTensors).toBe(before);
    const state = Object.keys(stateOf(model));
    const forward = model.forward(x);
    const held = memory().numTensors;
    let asked = 0;
    const failing: Score = (at) =>
      tidy(() => {
        const y = score(at);
        if (++asked >= 1) throw new Error("stop");
        return y;
      });
    await expect((async () => make(failing, conv)(x))()).rejects.toThrow("stop");
    expect(memory().numTensors).toBe(held);
    expect(Object.hasOwn(conv, "forward")).toBe(false);
    expect(Object.keys(stateOf(model))).toEqual(state);
    expect(model.forward(x)).toBeAllclose(forward);
    forward.dispose();
  },
);
