import { allPairs, dotProduct, meanNonZero, sumOfAll, tripletsOf } from "@pellucid/metric-learning";
import { ones, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("the dot product of each row with each row", () => {
  const [x, y] = [
    tensor2d([[1, 2]]),
    tensor2d([
      [3, 4],
      [5, 6],
    ]),
  ];
  expect(dotProduct().matrix(x, y)).toBeAllclose([11, 17]);
  expect(dotProduct().isSimilarity).toBe(true);
});

test("of the labels 1, 1, 2 the first two are a pair, and each of them with the third a negative one", () => {
  const pairs = allPairs(tensor1d([1, 1, 2], "int32"));
  expect(pairs.positive).toBeAllclose([0, 1, 0, 1, 0, 0, 0, 0, 0]);
  expect(pairs.negative).toBeAllclose([0, 0, 1, 0, 0, 1, 1, 1, 0]);
  expect([...tripletsOf(pairs).dataSync()].filter((one) => one === 1)).toHaveLength(2);
});

test("what is already right does not dilute the mean", () => {
  const losses = tensor1d([0, 1, 3]);
  expect(meanNonZero(losses, ones([3]))).toBeAllclose(2);
});

test("the sum takes only what counts", () => {
  expect(sumOfAll(tensor1d([1, 3, 5]), tensor1d([1, 1, 0]))).toBeAllclose(4);
});
