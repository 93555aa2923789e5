import {
  boxArray,
  BoxLinearCoder,
  concatBoxes,
  fastRcnnLoss,
  fcosMatch,
  gridPrediction,
  iouMatrix,
  keypointRcnnLoss,
  maskRcnnLoss,
  retinaNetAnchors,
  sinePositions2d,
} from "@pellucid/detection";
import { tensor2d, tensor4d, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const left = boxArray(Float32Array.of(0, 0, 4, 4));
const right = boxArray(Float32Array.of(2, 0, 6, 4));

test("boxes follow each other", () => {
  expect(concatBoxes([left, right]).shape).toEqual([2, 4]);
});

test("two squares that share a half have an intersection over union of a third", () => {
  const { data, shape } = iouMatrix(left, concatBoxes([left, right]));
  expect(shape).toEqual([1, 2]);
  expect(data).toBeAllclose([1, 1 / 3]);
});

test("a box is coded as the distances of its edges from a center, by the anchor's size", () => {
  const coder = new BoxLinearCoder();
  const codes = coder.encode(left, right); // the anchor's center is (2, 2), its size 4
  expect(codes.data).toBeAllclose([0, 0.5, 1, 0.5]);
  expect(coder.decode(codes, left).data).toBeAllclose(right.data);
});

test("without any idea of the class a region costs log 2, and a right box nothing", () => {
  const { lossClassifier, lossBoxReg } = tidy(() =>
    fastRcnnLoss(
      { classLogits: zeros([1, 2]), boxRegression: tensor2d([[9, 9, 9, 9, 0.5, 0, 0, 0]]) },
      Int32Array.of(1),
      boxArray(Float32Array.of(0.5, 0, 0, 0)),
    ),
  );
  expect(lossClassifier).toBeAllclose(Math.log(2));
  expect(lossBoxReg).toBeAllclose(0);
});

test("a mask of which nothing is known costs log 2 a pixel", () => {
  const masks = { data: new Float32Array(16).fill(1), shape: [1, 4, 4] };
  const one = Int32Array.of(0);
  const loss = tidy(() =>
    maskRcnnLoss(zeros([1, 2, 2, 2]), [{ boxes: left, objects: one, labels: Int32Array.of(1), masks }]),
  );
  expect(loss).toBeAllclose(Math.log(2));
});

test("a visible keypoint of which nothing is known costs the logarithm of all positions", () => {
  const keypoints = { data: Float32Array.of(1, 1, 1), shape: [1, 1, 3] };
  const loss = tidy(() =>
    keypointRcnnLoss(zeros([1, 4, 4, 1]), [{ boxes: left, objects: Int32Array.of(0), keypoints }]),
  );
  expect(loss).toBeAllclose(Math.log(16));
});

test("RetinaNet has nine anchors at each position, three sizes in three shapes", () => {
  expect(retinaNetAnchors().numAnchorsPerLocation()).toEqual([9, 9, 9, 9, 9]);
});

test("a position has the object whose center is near it", () => {
  const positions = boxArray(Float32Array.of(0, 0, 8, 8, 8, 0, 16, 8)); // centers (4, 4) and (12, 4)
  const object = boxArray(Float32Array.of(1, 1, 9, 9));
  expect([...fcosMatch(object, [positions], 0.5)]).toEqual([0, -1]);
});

test("an object's probability is σ, its size a square, its classes a softmax", () => {
  const output = tensor4d([0, 0, 0, 2, 3, 0, 0], [1, 1, 1, 7]);
  expect(gridPrediction(output)).toBeAllclose([0.5, 0.5, 0.5, 4, 9, 0.5, 0.5]);
});

test("the last row of a map has a full turn", () => {
  const { data, shape } = sinePositions2d([2, 1], [2, 1], 4);
  expect(shape).toEqual([2, 4]);
  expect([...data.subarray(4, 6)]).toBeAllclose([0, 1], { atol: 1e-5 }); // sin 2π, cos 2π
});
