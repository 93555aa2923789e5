import { engine } from "@tensorflow/tfjs-core";

/** Tensors are made before a backend is there to compute with them. */
export class NoBackendError extends Error {
  override readonly name = "NoBackendError";
}

/**
 * Throws where no backend is registered, for which tfjs says only "No backend found in registry".
 *
 * @throws NoBackendError
 */
export function requireBackend(caller: string): void {
  if (Object.keys(engine().registryFactory).length > 0) return;
  throw new NoBackendError(
    `${caller}: there is no backend to compute with. Call await useBackend() of @pellucid/backends before anything else.`,
  );
}
