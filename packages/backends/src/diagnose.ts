import { candidates } from "#candidates";
import { env, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { BackendFacts, BackendName } from "./candidate/candidate.ts";
import { chooseBackend } from "./use-backend.ts";

/** Whether a backend works here, and why not. */
export interface BackendState {
  readonly name: BackendName;
  readonly works: boolean;
  /** Whether `useBackend()` would take it, were it the only one and `PELLUCID_BACKEND` not set. */
  readonly isTaken: boolean;
  /** Why it does not work, or works and is passed over all the same. */
  readonly reason: string | null;
  readonly facts: BackendFacts;
}

/**
 * Tries every backend here, best first, and reports whether it works, with facts about it, or why not. The active backend
 * stays.
 *
 * @param names only these. Default: all.
 */
export async function diagnose(names?: readonly BackendName[]): Promise<readonly BackendState[]> {
  const before = getBackend() as string | undefined;
  const states: BackendState[] = [];
  for (const { name } of candidates) {
    if (names === undefined || names.includes(name)) states.push(await stateOf(name));
  }
  if (before) await setBackend(before);
  return states;
}

async function stateOf(name: BackendName): Promise<BackendState> {
  const environment = surroundings();
  try {
    const { facts } = await chooseBackend({}, name);
    const { passed } = await chooseBackend({ prefer: [name] }, undefined);
    const reason = passed.find((own) => own.name === name)?.reason ?? null;
    return { name, works: true, isTaken: reason === null, reason, facts: { ...environment, ...facts } };
  } catch (error) {
    const { passed } = error as { passed?: readonly { readonly reason: string }[] };
    const reason = passed?.[0]?.reason ?? String(error);
    return { name, works: false, isTaken: false, reason, facts: environment };
  }
}

/** What decides whether a page has threads and GPUs. */
function surroundings(): BackendFacts {
  if (env().getBool("IS_NODE")) return {};
  return {
    "secure context": globalThis.isSecureContext ? "yes" : "no",
    "cross-origin isolated": globalThis.crossOriginIsolated ? "yes" : "no",
  };
}
