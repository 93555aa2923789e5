import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { engine, type TensorInfo } from "@tensorflow/tfjs-core";

/** Refuses a step in which JavaScript reads tensors, or computes with their numbers. */
export function refuseReads(
  backend: BackendWasm,
  replace: (name: keyof BackendWasm, value: unknown) => void,
  refuse: (reason: string) => void,
): void {
  const readSync = backend.readSync.bind(backend);
  const typedArrayFromHeap = backend.typedArrayFromHeap.bind(backend);
  replace("readSync", (...given: Parameters<typeof readSync>) => {
    refuse(`the step reads a tensor${whereNow()}`);
    return readSync(...given);
  });
  replace("typedArrayFromHeap", (given: TensorInfo) => {
    refuse(`JavaScript computes${whereNow()}`);
    return typedArrayFromHeap(given);
  });
}

/** The op that runs, for a reason. */
function whereNow(): string {
  const { activeScope } = engine().state;
  const name = (activeScope as { readonly name?: string } | undefined)?.name ?? "";
  return name === "" ? "" : ` in ${name}`;
}
