// CartPole in at most CleanRL's 500,000 steps, and Pendulum: minutes for each seed, run by PELLUCID_LONG=1. Measured for seeds 1 to 5: PPO after 61,440, 20,480, 51,200, 40,960 and 30,720 steps (mean 40,960),
// A2C after 80,000, 20,000, 50,000, 20,000 and 10,000 (mean 36,000); DQN after 250,011, 260,011, 290,011, 230,011 and 190,011 (mean 244,011).
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import {
  a2c,
  ActionCritic,
  DiscreteActorCritic,
  dqn,
  evaluatePolicy,
  greedyPolicy,
  type LearningEvent,
  type Policy,
  ppo,
  QNetwork,
  sac,
  SoftActor,
} from "@pellucid/rl";
import { make, SyncVectorEnv } from "@pellucid/rl/environments";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const seeds = (process.env["PELLUCID_SEEDS"] ?? "1,2,3,4,5").split(",").map(Number);
const long = { timeout: 3_600_000 };

/** Steps until the greedy policy holds the pole for 475 steps, the mean of 100 episodes; it is tried every 10,000 steps. */
async function stepsToSolve(
  run: AsyncIterable<LearningEvent>,
  policy: Policy<Float32Array, number>,
): Promise<number> {
  let next = 10_000;
  for await (const { kind, step } of run) {
    if (kind !== "update" || step < next) continue;
    next = step + 10_000;
    const env = make("CartPole-v1");
    if ((await evaluatePolicy(policy, env, { episodes: 5, seed: 500 })).mean < 475) continue;
    if ((await evaluatePolicy(policy, env, { episodes: 100, seed: 1_000 })).mean >= 475) return step;
  }
  return Infinity;
}

const cartPoles = (count: number) =>
  new SyncVectorEnv(
    Array.from({ length: count }, () => make("CartPole-v1")),
    { autoreset: "sameStep" },
  );

describe.runIf(process.env["PELLUCID_LONG"] === "1")("bars", () => {
  beforeAll(() => useBackend({ only: "wasm" }), long.timeout);

  const methods = {
    dqn: (rng: Rng) => {
      const network = new QNetwork(4, 2, { rng });
      return {
        run: dqn(network, make("CartPole-v1"), { rng, compile: true }),
        policy: greedyPolicy(network),
      };
    },
    ppo: (rng: Rng) => {
      const agent = new DiscreteActorCritic(4, 2, { rng });
      return { run: ppo(agent, cartPoles(4), { rng, compile: true }), policy: greedyPolicy(agent.actor) };
    },
    a2c: (rng: Rng) => {
      const agent = new DiscreteActorCritic(4, 2, { rng });
      return { run: a2c(agent, cartPoles(8), { rng, compile: true }), policy: greedyPolicy(agent.actor) };
    },
  };

  test.each(Object.entries(methods))(
    "%s solves CartPole within 500,000 steps",
    long,
    async (name, create) => {
      const needed: number[] = [];
      for (const seed of seeds) {
        const { run, policy } = create(new Rng(seed));
        needed.push(await stepsToSolve(run, policy));
        process.stdout.write(`${name}: ${needed.join(", ")}\n`);
      }
      expect(Math.max(...needed)).toBeLessThanOrEqual(500_000);
    },
  );

  test("sac swings the pendulum up within 20,000 steps", long, async () => {
    const rng = new Rng(1);
    const env = make("Pendulum-v1");
    const actor = new SoftActor(3, env.actionSpace, { rng });
    const critics = [new ActionCritic(3, 1, { rng }), new ActionCritic(3, 1, { rng })] as const;
    const policy = (observation: Float32Array) =>
      tidy(() =>
        Array.from(
          actor
            .policy(tensor2d([Array.from(observation)]))
            .mode()
            .dataSync(),
        ),
      );
    let [mean, steps, returns] = [-Infinity, 0, [] as number[]];
    for await (const event of sac({ actor, critics }, env, { rng, totalTimesteps: 20_000, compile: true })) {
      if (event.kind !== "episode") continue;
      steps = event.step;
      returns = [...returns, event.return].slice(-10);
      if (returns.reduce((a, b) => a + b, 0) / returns.length < -200) continue;
      ({ mean } = await evaluatePolicy(policy, make("Pendulum-v1"), { episodes: 100, seed: 100 }));
      if (mean >= -200) break;
    }
    process.stdout.write(`sac: ${mean} after ${steps} steps\n`);
    expect(mean).toBeGreaterThanOrEqual(-200); // random actions: about −1,200
  });
});
