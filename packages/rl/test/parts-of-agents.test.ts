import { Linear, Rng } from "@pellucid/core-train";
import { DiagonalGaussian, TargetNetwork } from "@pellucid/rl";
import { CliffWalking, type TabularEnv } from "@pellucid/rl/environments";
import { emptyQTable } from "@pellucid/rl/tabular";
import { ones, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a table has a value for each action in each state", () => {
  const cliff: TabularEnv = new CliffWalking();
  const table = emptyQTable(cliff);
  expect([table.length, table[0]?.length]).toEqual([48, 4]);
});

test("the probabilities of where an action leads add up to 1", () => {
  const cliff: TabularEnv = new CliffWalking();
  const outcomes = cliff.outcomes(36, 1); // from the start to the right: over the cliff, and back
  expect(outcomes.reduce((total, { probability }) => total + probability, 0)).toBe(1);
  expect(outcomes[0]).toMatchObject({ nextState: 36, reward: -100, terminated: false });
});

test("the log probabilities of independent actions add up", () => {
  const policy = new DiagonalGaussian(zeros([1, 2]), zeros([1, 2]));
  expect(policy.logProb(zeros([1, 2]))).toBeAllclose([-Math.log(2 * Math.PI)]);
  expect(policy.entropy()).toBeAllclose([1 + Math.log(2 * Math.PI)]);
});

test("a target follows its network by a share of the way", () => {
  const network = new Linear(1, 1, { rng: new Rng(0), bias: false });
  network.weight.assign(zeros([1, 1]));
  const target = new TargetNetwork(network);
  network.weight.assign(ones([1, 1]));
  expect(target.forward(ones([1, 1]))).toBeAllclose([0]);
  target.update(0.25);
  expect(target.forward(ones([1, 1]))).toBeAllclose([0.25]);
  target.dispose();
});
