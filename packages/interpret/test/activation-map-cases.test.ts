import {
  ablationCam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  scoreCam,
  xGradCam,
} from "@pellucid/interpret";
import { mean, mul, sum, type Tensor1D, tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

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
