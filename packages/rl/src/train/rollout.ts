import {
  compiledIf,
  type MaybeCompiled,
  type Module,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { dispose, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { clip } from "../environments/clip.ts";
import type { Action, Space } from "../environments/env.ts";
import type { SyncVectorEnv, VectorTransition } from "../environments/sync-vector-env.ts";
import type { ActorCritic } from "../network/actor-critic.ts";
import {
  generalizedAdvantages,
  type GeneralizedAdvantagesOptions,
} from "../returns/generalized-advantages.ts";
import { checkPolicy } from "./check-policy.ts";
import { EpisodeMeter } from "./episode-meter.ts";
import type { EpisodeEvent } from "./learning-event.ts";
import { observationBatch } from "./observation-batch.ts";

/** Environments that are stepped together: a {@link SyncVectorEnv} or a {@link WorkerVectorEnv} that resets in the same step. */
export interface VectorTask {
  readonly envs: readonly unknown[];
  readonly autoreset: SyncVectorEnv<Float32Array, Action>["autoreset"];
  readonly actionSpace: Space;
  reset(options: { readonly seed: number }): readonly Float32Array[] | Promise<readonly Float32Array[]>;
  step(actions: readonly Action[]): VectorTransition<Float32Array> | Promise<VectorTransition<Float32Array>>;
}

/** The steps of all environments, flat: step 0 of all, step 1 of all, … */
export interface Rollout {
  readonly observations: readonly Float32Array[];
  /** `actionSize` numbers a step. */
  readonly actions: Float32Array;
  readonly logProbs: Float32Array;
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/** Plays a policy in several environments, and notes what is needed to improve it. Episodes continue from one call to the next. */
export class RolloutCollector {
  readonly #play: MaybeCompiled<[Tensor2D], Tensor[]>;
  readonly #values: MaybeCompiled<[Tensor2D], Tensor>;
  readonly #envs: VectorTask;
  readonly #meters: readonly EpisodeMeter[];
  readonly #actionSize: number;
  #observations: readonly Float32Array[];
  /** Steps in all environments so far. */
  step = 0;

  private constructor(
    play: MaybeCompiled<[Tensor2D], Tensor[]>,
    values: MaybeCompiled<[Tensor2D], Tensor>,
    envs: VectorTask,
    observations: readonly Float32Array[],
  ) {
    this.#play = play;
    this.#values = values;
    this.#envs = envs;
    this.#meters = envs.envs.map(() => new EpisodeMeter());
    this.#actionSize = envs.actionSpace.kind === "discrete" ? 1 : envs.actionSpace.shape[0];
    this.#observations = observations;
  }

  /**
   * Begins an episode in each environment.
   *
   * @throws OptionError for environments that reset in the next step: that step is none to learn from
   * @throws ShapeError for a policy of other actions than the environments'
   */
  static async start(
    caller: string,
    agent: Module & ActorCritic,
    envs: VectorTask,
    { rng, seed, compiles }: { readonly rng: Rng; readonly seed: number; readonly compiles: boolean },
  ): Promise<RolloutCollector> {
    if (envs.autoreset !== "sameStep")
      throw new OptionError(caller, "envs.autoreset", `"${envs.autoreset}"`, '"sameStep"');
    const observations = await envs.reset({ seed });
    checkPolicy(caller, agent, observations[0] as Float32Array, envs.actionSpace);
    const play = await compiledIf(compiles, (x: Tensor2D) =>
      tidy((): Tensor[] => {
        const policy = agent.policy(x);
        const actions = policy.sample(rng);
        return [actions, policy.logProb(actions), agent.values(x)];
      }),
    );
    const values = await compiledIf(compiles, (x: Tensor2D): Tensor => tidy(() => agent.values(x)));
    return new RolloutCollector(play, values, envs, observations);
  }

  /**
   * Plays `length` steps in each environment.
   *
   * @param report gets each episode that ends
   */
  async collect(
    length: number,
    options: GeneralizedAdvantagesOptions,
    report: (event: EpisodeEvent) => void,
  ): Promise<Rollout> {
    const count = this.#envs.envs.length;
    const size = length * count;
    const observations: Float32Array[] = [];
    const actions = new Float32Array(size * this.#actionSize);
    const [logProbs, values, rewards, finalValues] = [0, 1, 2, 3].map(() => new Float32Array(size)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const [terminated, truncated] = [new Uint8Array(size), new Uint8Array(size)];
    for (let t = 0; t < length; t++) {
      const from = t * count;
      const taken = await this.#act(this.#observations);
      observations.push(...this.#observations);
      actions.set(taken.actions, from * this.#actionSize);
      logProbs.set(taken.logProbs, from);
      values.set(taken.values, from);
      const next = await this.#envs.step(this.#split(taken.actions));
      const cut: number[] = [];
      for (let i = 0; i < count; i++) {
        rewards[from + i] = next.rewards[i] ?? NaN;
        terminated[from + i] = next.terminated[i] ? 1 : 0;
        truncated[from + i] = next.truncated[i] ? 1 : 0;
        if (next.truncated[i] && !next.terminated[i]) cut.push(i);
        this.step++;
        const isOver = Boolean(next.terminated[i] || next.truncated[i]);
        const event = (this.#meters[i] as EpisodeMeter).add(this.step, next.rewards[i] ?? NaN, isOver);
        if (event !== undefined) report(event);
      }
      if (cut.length > 0) {
        const final = await this.#valuesOf(cut.map((i) => next.finalObservations[i] as Float32Array));
        cut.forEach((i, k) => (finalValues[from + i] = final[k] ?? NaN));
      }
      this.#observations = next.observations;
      await yieldToEventLoop();
    }
    const after = await this.#valuesOf(this.#observations);
    const [advantages, returns] = [new Float32Array(size), new Float32Array(size)];
    for (let i = 0; i < count; i++) {
      const own = <A extends Float32Array | Uint8Array>(of: A) =>
        Array.from({ length }, (_, t) => of[t * count + i] ?? NaN);
      const steps = {
        rewards: own(rewards),
        values: own(values),
        terminated: own(terminated),
        truncated: own(truncated),
        finalValues: own(finalValues),
      };
      const found = generalizedAdvantages({ ...steps, nextValue: after[i] ?? NaN }, options);
      for (let t = 0; t < length; t++) {
        advantages[t * count + i] = found.advantages[t] ?? NaN;
        returns[t * count + i] = found.returns[t] ?? NaN;
      }
    }
    return { observations, actions, logProbs, values, advantages, returns };
  }

  dispose(): void {
    this.#play.dispose?.();
    this.#values.dispose?.();
  }

  async #act(observations: readonly Float32Array[]) {
    const x = observationBatch(observations);
    const made = this.#play(x);
    x.dispose();
    const [actions, logProbs, values] = (await Promise.all(made.map((tensor) => tensor.data()))) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    dispose(made);
    return { actions: Float32Array.from(actions), logProbs, values };
  }

  async #valuesOf(observations: readonly Float32Array[]): Promise<Float32Array> {
    const x = observationBatch(observations);
    const made = this.#values(x);
    const values = (await made.data()) as Float32Array;
    dispose([x, made]);
    return values;
  }

  /** The actions of each environment; those of numbers within their bounds, as by Gymnasium's `ClipAction`. */
  #split(actions: Float32Array): Action[] {
    const { actionSpace } = this.#envs;
    if (actionSpace.kind === "discrete") return Array.from(actions);
    const { low, high } = actionSpace;
    return this.#envs.envs.map((_, i) =>
      low.map((least, k) => clip(actions[i * this.#actionSize + k] ?? NaN, least, high[k] ?? NaN)),
    );
  }
}
