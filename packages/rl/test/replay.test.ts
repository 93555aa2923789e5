// The same seeds as a script of PyTorch and Gymnasium: the same networks, actions, batches and losses.
import { useBackend } from "@pellucid/backends";
import { adam, chain, clipGradNorm, loadWeights, Rng, saveWeights, torchStateOf } from "@pellucid/core-train";
import { DiscreteActorCritic, dqn, type LearningEvent, linearExploration, ppo, QNetwork } from "@pellucid/rl";
import { make, SyncVectorEnv } from "@pellucid/rl/environments";
import { fixture } from "@pellucid/testing";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Replay {
  readonly networks: {
    readonly q: { readonly names: string[]; readonly output: number[][] };
    readonly agent: { readonly names: string[]; readonly logits: number[][]; readonly values: number[] };
  };
  readonly dqn: { readonly losses: number[]; readonly returns: number[]; readonly steps: number };
  readonly ppo: { readonly losses: number[] };
}

const theirs = fixture<Replay>(import.meta.url, "../fixtures/torch/replay.json");
const x = () =>
  tensor2d(
    Float32Array.from({ length: 12 }, (_, i) => Math.sin(1.7 * i)),
    [3, 4],
  );

async function eventsOf(run: AsyncIterable<LearningEvent>): Promise<LearningEvent[]> {
  const events: LearningEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

const lossesOf = (events: readonly LearningEvent[]) =>
  events.flatMap((event) => (event.kind === "update" ? [event.losses["loss"] as number] : []));

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test("networks of a seed have PyTorch's weights and names, and weights load both ways", async () => {
    const q = new QNetwork(4, 2, { rng: new Rng(0) });
    const agent = new DiscreteActorCritic(4, 2, { rng: new Rng(0), hidden: [16, 16] });
    tidy(() => {
      expect(q.forward(x())).toBeAllclose(theirs.networks.q.output.flat(), { atol: 1e-6 });
      expect(agent.policy(x()).logits).toBeAllclose(theirs.networks.agent.logits.flat(), { atol: 1e-6 });
      expect(agent.values(x())).toBeAllclose(theirs.networks.agent.values, { atol: 2e-6 });
    });
    expect(Object.keys(await torchStateOf(q))).toEqual(theirs.networks.q.names);
    expect(Object.keys(await torchStateOf(agent))).toEqual(theirs.networks.agent.names);
    const copy = new QNetwork(4, 2, { rng: new Rng(9) });
    loadWeights(copy, await saveWeights(q));
    tidy(() => {
      expect(copy.forward(x())).toBeAllclose(theirs.networks.q.output.flat(), { atol: 1e-6 });
    });
    for (const each of [q, agent, copy]) each.dispose();
  });

  test("50 updates of a DQN on CartPole have PyTorch's losses and returns", async () => {
    const rng = new Rng(3);
    const network = new QNetwork(4, 2, { rng, hidden: [24, 16] });
    const events = await eventsOf(
      dqn(network, make("CartPole-v1"), {
        rng,
        seed: 5,
        totalTimesteps: theirs.dqn.steps,
        optimizer: adam({ learningRate: 2.5e-3 }),
        learningStarts: 100,
        batchSize: 32,
        targetNetworkFrequency: 50,
        epsilon: linearExploration(1, 0.05, 500),
      }),
    );
    const losses = lossesOf(events);
    expect(losses).toHaveLength(50);
    losses.forEach((loss, i) => expect(Math.abs(loss - (theirs.dqn.losses[i] as number))).toBeLessThan(1e-4));
    const returns = events.flatMap((event) => (event.kind === "episode" ? [event.return] : []));
    expect(returns).toEqual(theirs.dqn.returns);
    network.dispose();
  });

  test("6 improvements of a PPO agent on two CartPoles have PyTorch's losses", async () => {
    const rng = new Rng(1);
    const agent = new DiscreteActorCritic(4, 2, { rng, hidden: [16, 16] });
    const envs = new SyncVectorEnv([make("CartPole-v1"), make("CartPole-v1")], { autoreset: "sameStep" });
    const learningRate = (step: number) => 2.5e-4 * (1 - Math.floor(step / 4) / 6);
    const run = ppo(agent, envs, {
      rng,
      seed: 7,
      totalTimesteps: 6 * 64,
      numSteps: 32,
      numMinibatches: 2,
      updateEpochs: 2,
      optimizer: chain(clipGradNorm(0.5), adam({ learningRate, eps: 1e-5 })),
    });
    const losses = lossesOf(await eventsOf(run));
    // the returns are near 10, so the losses near 10: the tolerance is relative
    expect(losses).toHaveLength(6);
    losses.forEach((loss, i) => expect(loss / (theirs.ppo.losses[i] as number)).toBeCloseTo(1, 4));
    agent.dispose();
  });
});
