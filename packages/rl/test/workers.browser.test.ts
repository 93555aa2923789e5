import { webWorkers } from "@pellucid/core-train";
import { make, SyncVectorEnv, WorkerVectorEnv } from "@pellucid/rl/environments";
import { describe, expect, it } from "vitest";

const workers = (count: number) =>
  webWorkers(count, () => {
    const url = new URL("./workers/cart-poles.worker.js", import.meta.url);
    return new Worker(url, { type: "module" });
  });

describe("WorkerVectorEnv", () => {
  // once, among 33 files that load at the same time, the development server gave a worker no file
  it("gives the same numbers in web workers, whatever their number", { retry: 2 }, async () => {
    for (const count of [1, 3]) {
      const expected = new SyncVectorEnv(Array.from({ length: 4 }, () => make("CartPole-v1")));
      const envs = await WorkerVectorEnv.start(workers(count), { count: 4 });
      expect(await envs.reset({ seed: 1 })).toEqual(expected.reset({ seed: 1 }));
      for (let step = 0; step < 30; step++) {
        const actions = [0, 1, step % 2, Number(step % 3 > 0)];
        expect(await envs.step(actions)).toEqual(expected.step(actions));
      }
      envs.close();
    }
  });
});
