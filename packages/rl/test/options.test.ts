// What each option does, and that a misspelt one is an error that says how it is written.
import { useBackend } from "@pellucid/backends";
import { adam, OptionError, Rng } from "@pellucid/core-train";
import {
  a2c,
  ActionCritic,
  ContinuousActorCritic,
  dagger,
  ddpg,
  demonstrations,
  DeterministicActor,
  DiscreteActorCritic,
  dqn,
  discountedReturns,
  evaluatePolicy,
  generalizedAdvantages,
  hindsight,
  type LearningEvent,
  nStepReturns,
  ppo,
  PrioritizedReplayBuffer,
  QNetwork,
  ReplayBuffer,
  sac,
  SoftActor,
  td3,
  tdTargets,
} from "@pellucid/rl";
import {
  Acrobot,
  CliffWalking,
  FrozenLake,
  GridWorld,
  make,
  MountainCar,
  Pendulum,
  randomLakeMap,
  SyncVectorEnv,
} from "@pellucid/rl/environments";
import { policyEvaluation, policyIteration, valueIteration } from "@pellucid/rl/tabular";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

async function eventsOf(run: AsyncIterable<LearningEvent>): Promise<LearningEvent[]> {
  const events: LearningEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

/** The losses of the first update. */
async function firstLosses(run: AsyncIterable<LearningEvent>): Promise<Readonly<Record<string, number>>> {
  for await (const event of run) if (event.kind === "update") return event.losses;
  throw new Error("There was no update.");
}

const sizes = { capacity: 2, observationSize: 1, actionSize: null };
const rng = new Rng(0);
const lists = { rewards: [1], values: [0], terminated: [0], truncated: [0], finalValues: [0], nextValue: 0 };
const lake = () => new FrozenLake();
const stay = () => 0;

const misspelt: Readonly<Record<string, readonly [right: string, call: () => unknown]>> = {
  Acrobot: ["dynamics", () => new Acrobot({ dynamic: "nips" } as never)],
  CliffWalking: ["isSlippery", () => new CliffWalking({ isSlipery: true } as never)],
  FrozenLake: ["isSlippery", () => new FrozenLake({ isSlipery: false } as never)],
  GridWorld: ["stepReward", () => new GridWorld(["S.G"], { stepreward: 1 } as never)],
  MountainCar: ["goalVelocity", () => new MountainCar({ goalVelocty: 1 } as never)],
  Pendulum: ["g", () => new Pendulum({ G: 9.8 } as never)],
  randomLakeMap: ["size", () => randomLakeMap({ seed: 0, sise: 4 } as never)],
  SyncVectorEnv: ["autoreset", () => new SyncVectorEnv([lake()], { autoReset: "sameStep" } as never)],
  ReplayBuffer: ["capacity", () => new ReplayBuffer({ ...sizes, capacty: 3 } as never)],
  PrioritizedReplayBuffer: ["alpha", () => new PrioritizedReplayBuffer({ ...sizes, alfa: 1 } as never)],
  "PrioritizedReplayBuffer.weights": [
    "relativeTo",
    () => new PrioritizedReplayBuffer(sizes).weights([], { relativTo: "batch" } as never),
  ],
  hindsight: ["reward", () => hindsight([], { rng, reward: stay, rewrd: stay } as never)],
  tdTargets: [
    "gamma",
    () => {
      const one = tensor1d([1]);
      return tdTargets({ rewards: one, terminated: one, nextQ: tensor2d([[1]]) }, { gama: 1 } as never);
    },
  ],
  discountedReturns: ["gamma", () => discountedReturns([1], { gama: 1 } as never)],
  nStepReturns: ["gamma", () => nStepReturns({ ...lists, values: [0, 0] }, { n: 1, gama: 1 } as never)],
  generalizedAdvantages: ["lambda", () => generalizedAdvantages(lists, { lamda: 1 } as never)],
  valueIteration: ["tolerance", () => valueIteration(lake(), { tolerence: 1 } as never)],
  policyIteration: ["tolerance", () => policyIteration(lake(), { tolerence: 1 } as never)],
  policyEvaluation: ["tolerance", () => policyEvaluation(lake(), [], { tolerence: 1 } as never)],
  evaluatePolicy: ["episodes", () => evaluatePolicy(stay, lake(), { episode: 1 } as never)],
  demonstrations: [
    "episodes",
    () => demonstrations(stay, make("CartPole-v1"), { episodes: 1, episods: 1 } as never),
  ],
  dagger: [
    "rounds",
    () => dagger(new QNetwork(4, 2, { rng }), stay, make("CartPole-v1"), { rng, round: 1 } as never).next(),
  ],
};

test.each(Object.entries(misspelt))("%s refuses a misspelt option", async (name, [right, call]) => {
  const made = async () => await call();
  await expect(made()).rejects.toThrow(OptionError);
  await expect(made()).rejects.toThrow(
    new RegExp(`^${name.replace(".", "\\.")}: there is no option .*\\b${right}\\b`),
  );
});

const cartPole = () => make("CartPole-v1");
const poles = () => new SyncVectorEnv([cartPole()], { autoreset: "sameStep" });
const pendulum = () => make("Pendulum-v1");
const wrong = { rng, totalTimesteps: 1_000, compile: "yes" } as never;
const loops: Readonly<Record<string, () => AsyncGenerator<LearningEvent>>> = {
  dqn: () => dqn(new QNetwork(4, 2, { rng }), cartPole(), wrong),
  ppo: () => ppo(new DiscreteActorCritic(4, 2, { rng }), poles(), wrong),
  a2c: () => a2c(new DiscreteActorCritic(4, 2, { rng }), poles(), wrong),
  sac: () => {
    const actor = new SoftActor(3, pendulum().actionSpace, { rng });
    return sac(
      { actor, critics: [new ActionCritic(3, 1, { rng }), new ActionCritic(3, 1, { rng })] },
      pendulum(),
      wrong,
    );
  },
};

test.each(Object.entries(loops))("%s is compiled or not", async (name, run) => {
  await expect(run().next()).rejects.toThrow(`${name}: compile is "yes", expected false or true.`);
});

test("a step of a grid gives its reward, and an end one in addition", () => {
  const env = new GridWorld(["S.G"], { stepReward: -0.25, rewards: { G: 2 } });
  env.reset({ seed: 0 });
  expect(env.step(1)).toMatchObject({ reward: -0.25, terminated: false });
  expect(env.step(1)).toMatchObject({ reward: 1.75, terminated: true });
});

test("a car that is slower than goalVelocity drives past the goal", () => {
  for (const [goalVelocity, terminated] of [
    [0, true],
    [0.009, true],
    [0.02, false],
  ] as const) {
    const env = new MountainCar({ goalVelocity });
    env.reset({ seed: 0 });
    env.state = [0.495, 0.01];
    // v = 0.01 − 0.0025 cos(3 · 0.495) = 0.0098, x = 0.5048
    expect(env.step(1)).toMatchObject({ terminated });
  }
});

test("ppo stops the epochs of an improvement once the policy has moved by more than targetKl", async () => {
  const play = (options: { readonly updateEpochs: number; readonly targetKl?: number }) => {
    const own = new Rng(3);
    const agent = new DiscreteActorCritic(4, 2, { rng: own, hidden: [8] });
    const envs = new SyncVectorEnv([make("CartPole-v1")], { autoreset: "sameStep" });
    const optimizer = adam({ learningRate: 1e-2 });
    return eventsOf(ppo(agent, envs, { rng: own, totalTimesteps: 64, numSteps: 32, optimizer, ...options }));
  };
  const once = await play({ updateEpochs: 1 });
  expect(await play({ updateEpochs: 3, targetKl: 0 })).toEqual(once);
  expect(await play({ updateEpochs: 3, targetKl: 1e9 })).toEqual(await play({ updateEpochs: 3 }));
  expect(await play({ updateEpochs: 3 })).not.toEqual(once);
});

describe("on a pendulum,", () => {
  const short = { totalTimesteps: 20, learningStarts: 8, batchSize: 4, policyFrequency: 1 };
  const networks = (from: Rng) => {
    const env = make("Pendulum-v1");
    const actor = new DeterministicActor(3, env.actionSpace, { rng: from, hidden: 8 });
    const critics = [1, 2].map(() => new ActionCritic(3, 1, { rng: from, hidden: 8 }));
    return { env, actor, critics };
  };

  test("the entropy that sac aims at shifts the loss of the weight, whose value is 1 at first", async () => {
    const lossFor = async (options: { readonly targetEntropy?: number }) => {
      const own = new Rng(1);
      const { env, critics } = networks(own);
      const actor = new SoftActor(3, env.actionSpace, { rng: own, hidden: 8 });
      const [first, second] = critics as [ActionCritic, ActionCritic];
      const run = sac({ actor, critics: [first, second] }, env, { rng: own, ...short, ...options });
      return (await firstLosses(run))["alpha"] as number;
    };
    const usual = await lossFor({}); // −α mean(log π − 1), for one number in an action
    expect((await lossFor({ targetEntropy: -3 })) - usual).toBeCloseTo(2, 5);
    expect(await lossFor({ targetEntropy: -1 })).toBe(usual);
  });

  test("noiseClip bounds the noise of td3's target actions: with 0 there is none", async () => {
    const lossFor = async (options: { readonly policyNoise: number; readonly noiseClip?: number }) => {
      const own = new Rng(1);
      const { env, ...both } = networks(own);
      return (await firstLosses(td3(both, env, { rng: own, ...short, ...options })))["critic1"];
    };
    const without = await lossFor({ policyNoise: 0 });
    expect(await lossFor({ policyNoise: 5, noiseClip: 0 })).toBe(without);
    expect(await lossFor({ policyNoise: 5 })).not.toBe(without);
    expect(await lossFor({ policyNoise: 5, noiseClip: 0.5 })).toBe(await lossFor({ policyNoise: 5 }));
  });

  test("errors of ddpg name it, and the options that only td3 has are none of its", async () => {
    const { env, actor, critics } = networks(new Rng(0));
    const first = (options: object) =>
      ddpg({ actor, critic: critics[0] as ActionCritic }, env, { rng, ...options }).next();
    await expect(first({ noiseClip: 0.5 })).rejects.toThrow(/^ddpg: there is no option noiseClip/);
    await expect(first({ policyNoise: 0.2 })).rejects.toThrow(/^ddpg: there is no option policyNoise/);
    await expect(first({ gamma: 2 })).rejects.toThrow(/^ddpg: gamma/);
    await expect(first({ explorationNoise: -1 })).rejects.toThrow(/^ddpg: explorationNoise/);
    await expect(first({ policyFrequency: 0 })).rejects.toThrow(/^ddpg: policyFrequency/);
    await expect(first({ rng: undefined })).rejects.toThrow(/^ddpg: /);
  });
});

test("too few steps for one rollout are an error", async () => {
  const agent = new ContinuousActorCritic(3, 1, { rng, hidden: [4] });
  const envs = new SyncVectorEnv([make("Pendulum-v1")], { autoreset: "sameStep" });
  await expect(ppo(agent, envs, { rng, totalTimesteps: 100 }).next()).rejects.toThrow(
    /^ppo: totalTimesteps is 100, expected at least numSteps · environments = 128/,
  );
});

test("a run that ends before its first update is an error", async () => {
  const network = new QNetwork(4, 2, { rng, hidden: [4] });
  const deep = (options: object) => dqn(network, cartPole(), { rng, ...options }).next();
  await expect(deep({ totalTimesteps: 5_000 })).rejects.toThrow(
    /^dqn: totalTimesteps is 5000, expected at least 10011, where learning begins.* a lower learningStarts than 10000/,
  );
  const short = { learningStarts: 20, trainFrequency: 8, batchSize: 4 };
  await expect(deep({ ...short, totalTimesteps: 24 })).rejects.toThrow(/at least 25/);
  expect(
    (await eventsOf(dqn(network, cartPole(), { rng, ...short, totalTimesteps: 25 }))).at(-2),
  ).toMatchObject({
    kind: "update",
    step: 25,
  });
  const env = pendulum();
  const actor = new DeterministicActor(3, env.actionSpace, { rng, hidden: 4 });
  const critics = [
    new ActionCritic(3, 1, { rng, hidden: 4 }),
    new ActionCritic(3, 1, { rng, hidden: 4 }),
  ] as const;
  await expect(
    td3({ actor, critics }, env, { rng, totalTimesteps: 9, learningStarts: 8 }).next(),
  ).rejects.toThrow(/^td3: totalTimesteps is 9, expected at least 10/);
});
