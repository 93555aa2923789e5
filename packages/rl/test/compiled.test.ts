// Compiled, a loop gives the same losses and returns to the last bit, and leaves nothing.
import { useBackend } from "@pellucid/backends";
import { type Module, Rng } from "@pellucid/core-train";
import {
  a2c,
  ActionCritic,
  ContinuousActorCritic,
  ddpg,
  DeterministicActor,
  DiscreteActorCritic,
  dqn,
  DuellingQNetwork,
  type LearningEvent,
  NoisyLinear,
  ppo,
  QNetwork,
  sac,
  SoftActor,
  td3,
} from "@pellucid/rl";
import { Box, make, SyncVectorEnv } from "@pellucid/rl/environments";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Loop {
  readonly networks: readonly Module[];
  readonly run: AsyncIterable<LearningEvent>;
}

const offPolicy = { totalTimesteps: 60, learningStarts: 30, batchSize: 8 };
const numbered = { totalTimesteps: 120, learningStarts: 40, batchSize: 8, trainFrequency: 4 };
const torque = () => new Box([-2], [2]);
const critic = (rng: Rng) => new ActionCritic(3, 1, { rng, hidden: 8 });

const loops: Readonly<Record<string, (rng: Rng, compile: boolean) => Loop>> = {
  dqn: (rng, compile) => {
    const network = new QNetwork(4, 2, { rng, hidden: [8] });
    const options = { rng, compile, ...numbered, targetNetworkFrequency: 20 };
    return { networks: [network], run: dqn(network, make("CartPole-v1"), options) };
  },
  "double, prioritized, noisy dqn": (rng, compile) => {
    const layer = (from: number, to: number) => new NoisyLinear(from, to, { rng });
    const network = new DuellingQNetwork(4, 2, { rng, hidden: [8], layer });
    const options = { rng, compile, ...numbered, double: true, prioritized: {}, epsilon: () => 0, tau: 0.1 };
    return { networks: [network], run: dqn(network, make("CartPole-v1"), options) };
  },
  ppo: (rng, compile) => {
    const agent = new ContinuousActorCritic(3, 1, { rng, hidden: [8] });
    const envs = new SyncVectorEnv([make("Pendulum-v1"), make("Pendulum-v1")], { autoreset: "sameStep" });
    const options = { rng, compile, totalTimesteps: 96, numSteps: 16, numMinibatches: 2, updateEpochs: 2 };
    return { networks: [agent], run: ppo(agent, envs, options) };
  },
  a2c: (rng, compile) => {
    const agent = new DiscreteActorCritic(4, 2, { rng, hidden: [8] });
    const envs = new SyncVectorEnv([make("CartPole-v1"), make("CartPole-v1")], { autoreset: "sameStep" });
    return { networks: [agent], run: a2c(agent, envs, { rng, compile, totalTimesteps: 100 }) };
  },
  ddpg: (rng, compile) => {
    const networks = { actor: new DeterministicActor(3, torque(), { rng, hidden: 8 }), critic: critic(rng) };
    const run = ddpg(networks, make("Pendulum-v1"), { rng, compile, ...offPolicy });
    return { networks: Object.values(networks), run };
  },
  td3: (rng, compile) => {
    const actor = new DeterministicActor(3, torque(), { rng, hidden: 8 });
    const critics = [critic(rng), critic(rng)];
    const run = td3({ actor, critics }, make("Pendulum-v1"), { rng, compile, ...offPolicy });
    return { networks: [actor, ...critics], run };
  },
  sac: (rng, compile) => {
    const actor = new SoftActor(3, torque(), { rng, hidden: 8 });
    const critics = [critic(rng), critic(rng)] as const;
    const run = sac({ actor, critics }, make("Pendulum-v1"), { rng, compile, ...offPolicy });
    return { networks: [actor, ...critics], run };
  },
};

beforeAll(() => useBackend({ only: "wasm" }));

test.each(Object.entries(loops))("%s", async (_, create) => {
  const play = async (compile: boolean): Promise<LearningEvent[]> => {
    const { networks, run } = create(new Rng(4), compile);
    const before = memory().numTensors;
    const events: LearningEvent[] = [];
    for await (const event of run) events.push(event);
    expect(memory().numTensors).toBe(before);
    for (const network of networks) network.dispose();
    return events;
  };
  const plain = await play(false);
  expect(plain.filter(({ kind }) => kind === "update").length).toBeGreaterThanOrEqual(3);
  expect(await play(true)).toEqual(plain);
});
