import {
  checkArguments,
  checkChoice,
  checkOptions,
  checkSizes,
  DataError,
  OptionError,
  ShapeError,
  type WorkerPort,
  type Workers,
} from "@pellucid/core-train";
import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import type { Action, Observation, Space } from "./env.ts";
import type { EnvRequest, EnvResponse, SentSpace } from "./env-messages.ts";
import { EpisodeError } from "./episode-error.ts";
import type { SyncVectorEnvOptions, VectorTransition } from "./sync-vector-env.ts";

/** Options for {@link WorkerVectorEnv.start}. */
export interface WorkerVectorEnvOptions extends SyncVectorEnvOptions {
  /** How many environments there are in all workers together. */
  readonly count: number;
}

/**
 * Environments that are stepped together in workers, each with its own generator: whatever the number of workers, the numbers are those of a {@link SyncVectorEnv}. It pays off where a step
 * takes longer than the message to a worker, about 0.05 ms: not for CartPole, but for a simulation.
 *
 * ```ts
 * const workers = webWorkers(2, () => new Worker(new URL("./envs.worker.ts", import.meta.url), { type: "module" }));
 * const envs = await WorkerVectorEnv.start(workers, { count: 8, autoreset: "sameStep" });
 * for await (const event of ppo(agent, envs, { rng })) …
 * envs.close();
 * ```
 *
 * The file of a worker calls {@link serveEnvs}. In Node the workers are those of `nodeThreads` of `@pellucid/core-train/node`.
 */
export class WorkerVectorEnv<O extends Observation = Float32Array, A extends Action = Action> {
  /** The worker of each environment. */
  readonly envs: readonly number[];
  readonly autoreset: "nextStep" | "sameStep";
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly #members: readonly Member[];
  #isReset = false;

  private constructor(
    members: readonly Member[],
    autoreset: "nextStep" | "sameStep",
    spaces: { readonly observationSpace: SentSpace; readonly actionSpace: SentSpace },
  ) {
    checkArguments("WorkerVectorEnv, which WorkerVectorEnv.start makes", {
      array: { members },
      text: { autoreset },
      "{ observationSpace, actionSpace }": { spaces },
    });
    this.#members = members;
    this.envs = members.flatMap(({ count }, worker) => new Array<number>(count).fill(worker));
    this.autoreset = autoreset;
    this.observationSpace = received(spaces.observationSpace);
    this.actionSpace = received(spaces.actionSpace);
  }

  /**
   * Starts the workers and makes the environments, as many in each as possible.
   *
   * @throws OptionError for no worker, or an option out of its range
   * @throws DataError where a worker does not start
   */
  static async start<O extends Observation = Float32Array, A extends Action = Action>(
    workers: Workers,
    options: WorkerVectorEnvOptions,
  ): Promise<WorkerVectorEnv<O, A>> {
    const caller = "WorkerVectorEnv.start";
    checkArguments(caller, { "{ count, start }": { workers }, record: { options } });
    checkOptions(caller, options, ["count", "autoreset"]);
    const { count, autoreset = "nextStep" } = options;
    checkSizes(caller, { count });
    checkChoice(caller, "autoreset", autoreset, ["nextStep", "sameStep"]);
    if (workers.count < 1)
      throw new OptionError(caller, "workers.count", workers.count, "one worker or more");
    const used = Math.min(workers.count, count);
    const sizes = Array.from({ length: used }, (_, i) => Math.floor((count + i) / used));
    const members = sizes.map((size) => new Member(workers.start(), size));
    try {
      const opened = await Promise.all(
        members.map(async (member) => member.ask({ kind: "open", count: member.count, autoreset })),
      );
      const [first] = opened;
      if (first?.kind !== "open") throw new DataError(`${caller}: a worker did not open its environments.`);
      return new WorkerVectorEnv<O, A>(members, autoreset, first);
    } catch (error) {
      for (const member of members) member.stop();
      throw error;
    }
  }

  /** Begins an episode in each. A number seeds the first, its successors the others; a list has a seed for each. */
  async reset({ seed }: { readonly seed?: number | readonly number[] } = {}): Promise<readonly O[]> {
    const count = this.envs.length;
    if (typeof seed === "object" && seed.length !== count)
      throw new ShapeError(`WorkerVectorEnv: ${seed.length} seeds for ${count} environments.`);
    const seeds = typeof seed === "number" ? Array.from({ length: count }, (_, i) => seed + i) : seed;
    const found = await Promise.all(
      this.#parts(seeds ?? new Array<undefined>(count)).map(async ([member, part]) =>
        member.ask({ kind: "reset", seeds: seeds === undefined ? undefined : (part as number[]) }),
      ),
    );
    this.#isReset = true;
    return found.flatMap((each) => (each.kind === "reset" ? each.observations : [])) as O[];
  }

  /**
   * @throws EpisodeError before the first reset
   * @throws ShapeError where there is not one action for each environment
   * @throws DataError for what an environment throws
   */
  async step(actions: readonly A[]): Promise<VectorTransition<O>> {
    if (!this.#isReset) throw new EpisodeError("WorkerVectorEnv: step before the first reset.");
    if (actions.length !== this.envs.length)
      throw new ShapeError(
        `WorkerVectorEnv: ${actions.length} actions for ${this.envs.length} environments.`,
      );
    const found = await Promise.all(
      this.#parts(actions).map(async ([member, part]) => member.ask({ kind: "step", actions: part })),
    );
    const steps = found.flatMap((each) => (each.kind === "step" ? [each.transition] : []));
    return {
      observations: steps.flatMap(({ observations }) => observations) as O[],
      rewards: steps.flatMap(({ rewards }) => rewards),
      terminated: steps.flatMap(({ terminated }) => terminated),
      truncated: steps.flatMap(({ truncated }) => truncated),
      wasReset: steps.flatMap(({ wasReset }) => wasReset),
      finalObservations: steps.flatMap(({ finalObservations }) => finalObservations) as (O | undefined)[],
    };
  }

  /** Ends the workers. What is still awaited fails. */
  close(): void {
    for (const member of this.#members) member.stop();
  }

  #parts<T>(list: readonly T[]): [member: Member, part: readonly T[]][] {
    let from = 0;
    return this.#members.map((member) => [member, list.slice(from, (from += member.count))]);
  }
}

interface Waiting {
  readonly resolve: (response: EnvResponse) => void;
  readonly reject: (error: Error) => void;
}

/** One worker; it answers in the order of the requests. */
class Member {
  readonly count: number;
  readonly #port: WorkerPort;
  readonly #waiting: Waiting[] = [];
  #broken: DataError | null = null;

  constructor(port: WorkerPort, count: number) {
    this.count = count;
    this.#port = port;
    port.listen(
      (message) => {
        const response = message as EnvResponse;
        const next = this.#waiting.shift();
        if (response.kind === "failure") next?.reject(new DataError(`WorkerVectorEnv: ${response.message}`));
        else next?.resolve(response);
      },
      (reason) => this.#fail(`a worker stopped: ${reason}`),
    );
  }

  ask(request: EnvRequest): Promise<EnvResponse> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) return reject(this.#broken);
      this.#waiting.push({ resolve, reject });
      this.#port.post(request);
    });
  }

  stop(): void {
    this.#fail("the workers were closed.");
    this.#port.stop();
  }

  #fail(reason: string): void {
    this.#broken ??= new DataError(`WorkerVectorEnv: ${reason}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
  }
}

const received = (space: SentSpace): Space =>
  space.kind === "discrete" ? new Discrete(space.n) : new Box(space.low, space.high);
