// Environments in threads give the numbers of those in this one.
import { useBackend } from "@pellucid/backends";
import { DataError, OptionError, Rng, ShapeError } from "@pellucid/core-train";
import { nodeThreads } from "@pellucid/core-train/node";
import { DiscreteActorCritic, type LearningEvent, ppo, type VectorTask } from "@pellucid/rl";
import { EpisodeError, make, serveEnvs, SyncVectorEnv, WorkerVectorEnv } from "@pellucid/rl/environments";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const file = (name: string) => new URL(`workers/${name}.ts`, import.meta.url);
/** Threads that take the bundled gradients, as Node does without the flags of the tests. */
const threadsOf = (threads: number, name: string) => nodeThreads(threads, file(name), { execArgv: [] });
const count = 5;
const inThisThread = () =>
  new SyncVectorEnv(
    Array.from({ length: count }, () => make("CartPole-v1")),
    { autoreset: "sameStep" },
  );
const inThreads = (threads: number) =>
  WorkerVectorEnv.start(threadsOf(threads, "cart-poles"), { count, autoreset: "sameStep" });

beforeAll(() => useBackend({ only: "wasm" }));

describe("WorkerVectorEnv", () => {
  test.each([1, 3])("gives the same numbers in %i threads", async (threads) => {
    const [expected, envs] = [inThisThread(), await inThreads(threads)];
    try {
      expect(envs.envs).toHaveLength(count);
      expect(String(envs.actionSpace)).toBe(String(expected.actionSpace));
      expect(String(envs.observationSpace)).toBe(String(expected.observationSpace));
      expect(await envs.reset({ seed: 7 })).toEqual(expected.reset({ seed: 7 }));
      for (let step = 0; step < 60; step++) {
        const actions = Array.from({ length: count }, (_, i) => Number((step * (i + 2)) % 3 > 0));
        expect(await envs.step(actions)).toEqual(expected.step(actions));
      }
      expect(await envs.reset()).toEqual(expected.reset());
      const seeds = [5, 4, 3, 2, 1];
      expect(await envs.reset({ seed: seeds })).toEqual(expected.reset({ seed: seeds }));
    } finally {
      envs.close();
    }
  });

  test("is what ppo learns from, with the same losses", async () => {
    const learned = async (envs: VectorTask) => {
      const rng = new Rng(0);
      const agent = new DiscreteActorCritic(4, 2, { rng, hidden: [8] });
      const events: LearningEvent[] = [];
      for await (const event of ppo(agent, envs, { rng, totalTimesteps: 160, numSteps: 16 }))
        events.push(event);
      agent.dispose();
      return events;
    };
    const envs = await inThreads(2);
    const before = memory().numTensors;
    expect(await learned(envs)).toEqual(await learned(inThisThread()));
    expect(memory().numTensors).toBe(before);
    envs.close();
  });

  test("refuses what does not fit, and says what happened in a thread", async () => {
    await expect(WorkerVectorEnv.start(threadsOf(0, "cart-poles"), { count })).rejects.toThrow(OptionError);
    await expect(WorkerVectorEnv.start(threadsOf(1, "cart-poles"), { count: 0 })).rejects.toThrow(
      OptionError,
    );
    await expect(WorkerVectorEnv.start(threadsOf(1, "failing"), { count })).rejects.toThrow(
      "WorkerVectorEnv: no simulator here",
    );
    await expect(WorkerVectorEnv.start(threadsOf(1, "not-there"), { count })).rejects.toThrow(DataError);
    const envs = await inThreads(2);
    await expect(envs.step([1, 1, 1, 1, 1])).rejects.toThrow(EpisodeError);
    await expect(envs.reset({ seed: [1] })).rejects.toThrow(ShapeError);
    await envs.reset({ seed: 0 });
    await expect(envs.step([1])).rejects.toThrow(ShapeError);
    await expect(envs.step([0, 0, 0, 0, 2])).rejects.toThrow("WorkerVectorEnv: CartPole");
    envs.close();
    await expect(envs.step([0, 0, 0, 0, 0])).rejects.toThrow("the workers were closed");
  });

  test("has its workers' side in workers only", () => {
    expect(() => serveEnvs(() => make("CartPole-v1"), null)).toThrow(EpisodeError);
    expect(() => nodeThreads(1, "x.ts")).toThrow(DataError);
  });
});
