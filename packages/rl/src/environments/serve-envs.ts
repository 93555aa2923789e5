import { checkArguments } from "@pellucid/core-train";
import type { Action, Env, Observation, Space } from "./env.ts";
import type { EnvRequest, EnvResponse, SentSpace } from "./env-messages.ts";
import { EpisodeError } from "./episode-error.ts";
import { SyncVectorEnv } from "./sync-vector-env.ts";

/** The connection of a worker to the thread that started it: a web worker's global object, or `parentPort` of Node. */
export interface EnvPort {
  postMessage(message: unknown): void;
  addEventListener(type: "message", hear: (event: Event) => void): void;
  /** Ports of Node wait for it. */
  start?(): void;
}

/**
 * Turns the worker that calls it into one of a {@link WorkerVectorEnv}. A worker's whole file:
 *
 * ```ts
 * import { make, serveEnvs } from "@pellucid/rl/environments";
 *
 * serveEnvs(() => make("CartPole-v1"));
 * ```
 *
 * In Node give it the port: `serveEnvs(() => make("CartPole-v1"), parentPort)`, with `parentPort` of `node:worker_threads`.
 *
 * @param create makes one environment; it is called once for each
 * @throws EpisodeError outside of a worker
 */
export function serveEnvs(create: () => Env, port?: EnvPort | null): void {
  checkArguments("serveEnvs", { function: { create } });
  const to = port ?? workerScope();
  if (typeof to?.postMessage !== "function" || typeof to.addEventListener !== "function")
    throw new EpisodeError(
      "serveEnvs: this is not a worker. In a worker of Node give it parentPort of node:worker_threads.",
    );
  let envs: SyncVectorEnv<Observation, Action> | undefined;
  const answer = (request: EnvRequest): EnvResponse => {
    if (request.kind === "open") {
      const { count, autoreset } = request;
      envs = new SyncVectorEnv<Observation, Action>(Array.from({ length: count }, create), { autoreset });
      return {
        kind: "open",
        observationSpace: sent(envs.observationSpace),
        actionSpace: sent(envs.actionSpace),
      };
    }
    if (envs === undefined) throw new EpisodeError("serveEnvs: the worker has not been opened.");
    if (request.kind === "step") return { kind: "step", transition: envs.step(request.actions) };
    const { seeds } = request;
    return { kind: "reset", observations: envs.reset(seeds === undefined ? {} : { seed: seeds }) };
  };
  to.addEventListener("message", (event) => {
    if (!("data" in event)) return;
    try {
      to.postMessage(answer(event.data as EnvRequest));
    } catch (error) {
      to.postMessage({ kind: "failure", message: error instanceof Error ? error.message : String(error) });
    }
  });
  to.start?.();
}

/** The global object where there is no document, else nothing. */
function workerScope(): EnvPort | null {
  const isWorker = typeof document === "undefined" && "postMessage" in globalThis;
  return isWorker ? (globalThis as unknown as EnvPort) : null;
}

const sent = (space: Space): SentSpace =>
  space.kind === "discrete"
    ? { kind: "discrete", n: space.n }
    : { kind: "box", low: space.low, high: space.high };
