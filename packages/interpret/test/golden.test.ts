import {
  AdaptiveAvgPool2d,
  Conv2d,
  flatten,
  Linear,
  maxPool2d,
  Module,
  ReLU,
  relu,
  Rng,
} from "@pellucid/core-train";
import {
  classScore,
  deconvnet,
  deepLift,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  gridSegments,
  guidedBackprop,
  guidedGradCam,
  hiResCam,
  inputXGradient,
  integratedGradients,
  kernelShap,
  layerCam,
  lrp,
  lrpEpsilon,
  occlusion,
  saliency,
  shapley,
  upsampleMap,
  xGradCam,
} from "@pellucid/interpret";
import { fixture } from "@pellucid/testing";
import {
  expandDims,
  relu as rectify,
  tensor,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

type Nested = number | Nested[];
interface Golden {
  readonly input: number[][][][];
  readonly target: number[];
  readonly logits: number[][];
  readonly weights: Readonly<Record<string, Nested>>;
  readonly captum: Readonly<Record<string, Nested>>;
  readonly pytorchGradCam: Readonly<Record<string, Nested>>;
}

const golden = fixture<Golden>(import.meta.url, "../fixtures/attributions.json");
const rng = new Rng(0);

/** The first activation is a bare function, the second a layer: it must make no difference. */
class Net extends Module {
  readonly c1 = new Conv2d(1, 4, 3, { rng, padding: 1 });
  readonly c2 = new Conv2d(4, 8, 3, { rng, padding: 1 });
  readonly r2 = new ReLU();
  readonly g = new AdaptiveAvgPool2d(1);
  readonly fc = new Linear(8, 3, { rng });

  forward(x: Tensor4D): Tensor2D {
    return tidy(() => {
      const first = maxPool2d(relu(this.c1.forward(x)), 2);
      const second = this.r2.forward(this.c2.forward(first));
      return this.fc.forward(flatten(this.g.forward(second)));
    });
  }
}

const net = new Net();
for (const [path, parameter] of net.namedParameters())
  parameter.assign(tensor(golden.weights[path] as number[]));
const x = tensor(golden.input) as Tensor4D;
const score = classScore(net, golden.target);
const numbers = (nested: Nested): number[] => [nested].flat(8) as number[];

/** What 32 bits leave of the largest number. */
const like = (nested: Nested) => ({ rtol: 1e-4, atol: 3e-6 * Math.max(...numbers(nested).map(Math.abs)) });

test("the net is the one that the numbers are of", () => {
  expect(net.forward(x)).toBeAllclose(numbers(golden.logits));
});

const options = { rng, segments: gridSegments(8, 8, 2) };
const captum: Readonly<Record<string, () => Tensor | Promise<Tensor>>> = {
  gradient: () => saliency(score)(x),
  inputXGradient: () => inputXGradient(score)(x),
  integratedGradients_gausslegendre20: () => integratedGradients(score, { steps: 20 })(x),
  deepLift: () => deepLift(score)(x),
  guidedBackprop: () => guidedBackprop(score)(x),
  deconvolution: () => deconvnet(score)(x),
  occlusion_3x3_stride2: () => occlusion(score, { window: [3, 3], stride: [2, 2] })(x),
  occlusion_2x2_stride1: () => occlusion(score, { window: [2, 2], stride: [1, 1] })(x),
  featureAblation_pixels: () => occlusion(score, { window: [1, 1] })(x),
  gradCam_r2_signed: () => gradCam(score, net.r2, { positive: false })(x),
  gradCam_r2_relu: () => gradCam(score, net.r2)(x),
  guidedGradCam_r2: () => guidedGradCam(score, net.r2)(x),
  "lrp_epsilon1e-9": () => lrp(score, { rules: lrpEpsilon(1e-9) })(x),
  exactShapley_4quadrants: () => shapley(score, options)(x),
};

test.for(Object.keys(golden.captum))("%s agrees with Captum", async (name) => {
  const expected = golden.captum[name] as Nested;
  const map = await captum[name]?.();
  // a fall of a score by one pixel is a difference of two close numbers: their own error counts
  const noise =
    name.startsWith("occlusion") || name.startsWith("feature") || name.startsWith("exact") ? 1e-7 : 0;
  const { rtol, atol } = like(expected);
  expect(map).toBeAllclose(numbers(expected), { rtol, atol: atol + noise });
});

test("kernel SHAP over all coalitions is exact", async () => {
  const expected = golden.captum["exactShapley_4quadrants"] as Nested;
  expect(await kernelShap(score, options)(x)).toBeAllclose(numbers(expected), { rtol: 1e-3, atol: 3e-7 });
});

const cams: Readonly<Record<string, () => Tensor | Promise<Tensor>>> = {
  GradCAM: () => gradCam(score, net.r2)(x),
  GradCAMPlusPlus: () => gradCamPlusPlus(score, net.r2)(x),
  HiResCAM: () => hiResCam(score, net.r2)(x),
  LayerCAM: () => layerCam(score, net.r2)(x),
  XGradCAM: () => xGradCam(score, net.r2)(x),
};

/** As pytorch-grad-cam shows a map. */
function shown(map: Tensor): number[] {
  const rows = upsampleMap(map, [8, 8]).dataSync();
  return [0, 1].flatMap((i) => {
    const row = Array.from(rows.slice(i * 64, (i + 1) * 64));
    const [low, high] = [Math.min(...row), Math.max(...row)];
    return row.map((v) => (v - low) / (high - low || 1));
  });
}

test.for(Object.keys(cams))("%s agrees with pytorch-grad-cam", async (name) => {
  const map = (await cams[name]?.()) as Tensor;
  expect(shown(map)).toBeAllclose(numbers(golden.pytorchGradCam[name] as Nested), { rtol: 0, atol: 2e-3 });
});

test("EigenCAM agrees with pytorch-grad-cam up to the sign, which here makes the strongest position positive", async () => {
  const map = await eigenCam((at: Tensor4D) => net.forward(at), net.r2)(x);
  const expected = numbers(golden.pytorchGradCam["EigenCAM"] as Nested);
  const [ours, flipped] = [
    shown(rectify(map)),
    shown(
      rectify(
        tensor(
          map.dataSync().map((v) => -v),
          map.shape,
        ),
      ),
    ),
  ];
  for (const i of [0, 1]) {
    const at = <T>(values: T[]) => values.slice(i * 64, (i + 1) * 64);
    const far = (values: number[]) =>
      Math.max(...at(values).map((v, j) => Math.abs(v - (at(expected)[j] as number))));
    expect(Math.min(far(ours), far(flipped))).toBeLessThan(2e-3);
  }
  expect(expandDims(map, 3)).toHaveShape([2, 4, 4, 1]);
});
