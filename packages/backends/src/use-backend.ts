import { env, getBackend, setBackend, version_core } from "@tensorflow/tfjs-core";
import { candidates } from "#candidates";
import { BackendError } from "./backend-error.ts";
import type { BackendFacts, BackendName, Candidate } from "./candidate/candidate.ts";
import { quietly } from "./quietly.ts";
import { watchMoves } from "./tensor-moves.ts";

/** Options for {@link useBackend}. */
export interface UseBackendOptions {
  /** The only backend to try. Default: in Node what the environment variable `PELLUCID_BACKEND` says, else the best. */
  readonly only?: BackendName;
  /** The backends to try first, in this order, before the others. Default: none. */
  readonly prefer?: readonly BackendName[];
  /** Where the three `.wasm` files are served from. Default: this package, where bundlers find them. */
  readonly wasmFolder?: string | URL;
  /** A part of the name of the GPU to take, for WebGPU in Node. Default: what `PELLUCID_GPU` says, else the first. */
  readonly gpu?: string;
}

/** A backend that was tried and not chosen: it does not work here, or is slower than the next. */
export interface PassedOver {
  readonly name: BackendName;
  readonly reason: string;
}

/** The backend that {@link useBackend} chose, and why it chose no better one. */
export interface BackendReport {
  /** The backend in use from now on. */
  readonly chosen: BackendName;
  /** The better ones, in the order they were tried. */
  readonly passed: readonly PassedOver[];
  /** Facts about the chosen one: versions, threads, the GPU. */
  readonly facts: BackendFacts;
}

/**
 * Activates the best of tfjs' backends that can train here, and registers the kernels that it lacks.
 *
 * In order: in a browser WebGPU, WebGL, WASM, CPU; in Node CUDA, WebGPU, native CPU, WASM, CPU. A software renderer is
 * taken only by name. Call it again to change the backend; tensors stay where they are, see {@link moveTensors}.
 *
 * ```ts
 * const { chosen, passed } = await useBackend();
 * ```
 *
 * @throws {@link BackendError} if a backend was asked for that does not exist or cannot be used; the active one stays
 */
export function useBackend(options: UseBackendOptions = {}): Promise<BackendReport> {
  try {
    checkOptions(options);
  } catch (error) {
    return Promise.reject(error as Error);
  }
  return chooseBackend(options, options.only ?? forcedByEnvironment());
}

const known = ["only", "prefer", "wasmFolder", "gpu"];

function checkOptions(options: unknown): void {
  if (typeof options === "string")
    throw new BackendError(
      `useBackend: the options are "${options}", expected a record. For one backend write useBackend({ only: "${options}" }).`,
    );
  if (typeof options !== "object" || options === null)
    throw new BackendError(`useBackend: the options are ${String(options)}, expected a record.`);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = ["backend", "name"].includes(unknown) ? "only" : known.find((name) => areNear(name, unknown));
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new BackendError(`useBackend: there is no option ${unknown}, expected ${known.join(", ")}.${hint}`);
}

/** Whether they have the same letters, or begin with the same three. */
function areNear(name: string, other: string): boolean {
  const sorted = (text: string) => Array.from(text).sort().join("");
  return name.slice(0, 3) === other.slice(0, 3) || sorted(name) === sorted(other);
}

/** {@link useBackend} with the backend `forced`, whatever the environment says; `undefined` takes the best one. */
export function chooseBackend(
  options: UseBackendOptions,
  forced: string | undefined,
): Promise<BackendReport> {
  const chosen = queue.then(() => quietly(() => choose(options, forced)));
  queue = chosen.catch(() => {});
  return chosen;
}

/** The last call: tfjs gives up a backend that is still starting when another is asked for. */
let queue: Promise<unknown> = Promise.resolve();

async function choose(options: UseBackendOptions, forced: string | undefined): Promise<BackendReport> {
  const { prefer = [], wasmFolder, gpu } = options;
  watchMoves();
  const before = getBackend() as string | undefined;
  const passed: PassedOver[] = [];
  for (const candidate of order(forced, prefer)) {
    const { name } = candidate;
    try {
      const facts = await candidate.start({ forced: name === forced, wasmFolder, gpu });
      return { chosen: name, passed, facts: { "tfjs-core": version_core, ...facts } };
    } catch (error) {
      passed.push({ name, reason: describe(error) });
    }
  }
  if (before) await setBackend(before);
  const reasons = passed.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  throw new BackendError(`useBackend: none of the backends tried can be used. ${reasons}.`, passed);
}

function order(forced: string | undefined, prefer: readonly string[]): readonly Candidate[] {
  const find = (name: string) => {
    const found = candidates.find((candidate) => candidate.name === name);
    if (found === undefined) {
      throw new BackendError(
        `useBackend: there is no backend "${name}" here, expected one of ${candidates.map((c) => c.name).join(", ")}.`,
      );
    }
    return found;
  };
  return forced === undefined ? [...new Set([...prefer.map(find), ...candidates])] : [find(forced)];
}

/** The value of `PELLUCID_BACKEND` in Node. */
export function forcedByEnvironment(): string | undefined {
  return (env().getBool("IS_NODE") && globalThis.process.env["PELLUCID_BACKEND"]) || undefined;
}

/** The message of what was thrown; tfjs does not only throw errors. */
function describe(error: unknown): string {
  return error instanceof Object && "message" in error ? String(error.message) : String(error);
}
