import { setBackend } from "@tensorflow/tfjs-core";
import { Unavailable } from "./candidate.ts";

/** Makes `backend`, a name in tfjs' registry, the active one. */
export async function activate(backend: string): Promise<void> {
  if (!(await setBackend(backend))) throw new Unavailable("tfjs could not start it");
}
