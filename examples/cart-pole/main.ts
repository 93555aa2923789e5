// Proximal policy optimization balances a pole on a cart: four carts at once, 40,960 steps.
import { useBackend } from "@pellucid/backends";
import { adam, chain, clipGradNorm, Rng } from "@pellucid/core-train";
import { DiscreteActorCritic, evaluatePolicy, greedyPolicy, ppo } from "@pellucid/rl";
import { make, SyncVectorEnv } from "@pellucid/rl/environments";

/** Trains a policy, and returns for how many steps it holds the pole in 20 episodes that it has not seen; 500 is the most. */
export async function main({
  totalTimesteps = 40_960,
  seed = 1,
  report = ((line) => line) as (line: string) => void,
} = {}) {
  const rng = new Rng(seed);
  const agent = new DiscreteActorCritic(4, 2, { rng });
  const envs = new SyncVectorEnv(
    [1, 2, 3, 4].map(() => make("CartPole-v1")),
    { autoreset: "sameStep" },
  );
  const optimizer = chain(clipGradNorm(0.5), adam({ learningRate: 1e-3, eps: 1e-5 }));
  const recent: number[] = [];
  for await (const event of ppo(agent, envs, { rng, totalTimesteps, optimizer })) {
    if (event.kind === "episode") recent.push(event.return);
    if (event.kind !== "update" || event.step % 4096 !== 0) continue;
    const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length;
    report(`${event.step} steps: the pole is held for ${mean.toFixed(0)} steps`);
    recent.length = 0;
  }
  const played = await evaluatePolicy(greedyPolicy(agent.actor), make("CartPole-v1"), {
    episodes: 20,
    seed: 100,
  });
  agent.dispose();
  return played.mean;
}

if (import.meta.main) {
  await useBackend();
  const mean = await main({ report: console.log });
  console.log(`in 20 new episodes it is held for ${mean.toFixed(0)} of 500 steps`);
}
