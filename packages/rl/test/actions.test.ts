// Actions that do not exist, and networks and policies of other actions than the environment's, are errors before anything is learned.
import { useBackend } from "@pellucid/backends";
import { DataError, IndexError, Rng, ShapeError } from "@pellucid/core-train";
import {
  a2c,
  Categorical,
  ContinuousActorCritic,
  DiscreteActorCritic,
  dqn,
  ppo,
  QNetwork,
  qOf,
  reinforce,
} from "@pellucid/rl";
import { make, SyncVectorEnv } from "@pellucid/rl/environments";
import { memory, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "cpu" }));

const table = () =>
  tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);

test.each([[[0, 3]], [[-1, 0]], [[0, 0.5]], [[0, NaN]]])("the actions %j of three are refused", (actions) => {
  const expected = /: action \d is .*, expected an integer from 0 to 2\.$/;
  for (const call of [
    () => qOf(table(), tensor1d(actions, "float32")),
    () => new Categorical(table()).logProb(tensor1d(actions, "float32")),
  ]) {
    expect(call).toThrow(IndexError);
    expect(call).toThrow(expected);
  }
});

test("values are those of the actions, whichever numbers hold them", () => {
  expect(qOf(table(), tensor1d([2, 0], "int32"))).toBeAllclose([3, 4]);
  expect(qOf(table(), tensor1d([2, 0], "float32"))).toBeAllclose([3, 4]);
  expect(() => qOf(table(), tensor1d([0]))).toThrow(ShapeError);
});

test("a mask that excludes all actions of a row is an error that names the row", () => {
  const mask = tensor2d([
    [0, 1, 0],
    [0, 0, 0],
  ]);
  expect(() => new Categorical(table(), mask)).toThrow(
    new DataError("Categorical: the mask of row 1 excludes all 3 actions, expected one to be possible."),
  );
});

test("outputs for other actions than the environment's are errors at the start, and nothing is left", async () => {
  const rng = new Rng(0);
  const envs = () => new SyncVectorEnv([make("CartPole-v1")], { autoreset: "sameStep" });
  const continuous = new ContinuousActorCritic(4, 2, { rng });
  for (const actions of [1, 3]) {
    const agent = new DiscreteActorCritic(4, actions, { rng });
    const network = new QNetwork(4, actions, { rng });
    const before = memory().numTensors;
    for (const run of [
      dqn(network, make("CartPole-v1"), { rng }),
      ppo(agent, envs(), { rng }),
      a2c(agent, envs(), { rng }),
      reinforce(agent, make("CartPole-v1"), { rng, episodes: 1 }),
      ppo(continuous, envs(), { rng }),
    ])
      await expect(run.next()).rejects.toThrow(ShapeError);
    expect(memory().numTensors).toBe(before);
  }
  await expect(ppo(new DiscreteActorCritic(4, 3, { rng }), envs(), { rng }).next()).rejects.toThrow(
    "ppo: the policy's logits for one observation is [1, 3], expected [1, 2]. The policy needs the actions of the environment.",
  );
});
