import type { HidingTest, MethodName } from "./program.ts";

/** What the worker can be asked. */
export type PhotoCall =
  | { readonly does: "load"; readonly weights: ArrayBuffer }
  | { readonly does: "predict"; readonly pixels: Float32Array }
  | {
      readonly does: "map";
      readonly pixels: Float32Array;
      readonly method: MethodName;
      readonly target: number;
    }
  | {
      readonly does: "hide";
      readonly pixels: Float32Array;
      readonly map: Float32Array;
      readonly target: number;
      readonly count: number;
    }
  | { readonly does: "tensors" };

/** What it answers. */
export interface PhotoAnswers {
  readonly load: string;
  readonly predict: Float32Array;
  readonly map: Float32Array;
  readonly hide: HidingTest;
  readonly tensors: number;
}

/** A call with its number. */
export interface Asked {
  readonly id: number;
  readonly call: PhotoCall;
}

/** Asks a worker, one call after the other. */
export type AskPhotos = <Does extends PhotoCall["does"]>(
  call: Extract<PhotoCall, { readonly does: Does }>,
) => Promise<PhotoAnswers[Does]>;

interface Answered {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A worker with the network; a worker that fails fails every call that waits. */
export function startPhotoWorker(): { readonly ask: AskPhotos; readonly stop: () => void } {
  const worker = new Worker(new URL("./photo-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error === undefined) call?.resolve(data.result as never);
    else call?.reject(new Error(data.error));
  });
  worker.addEventListener("error", ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`The worker failed: ${message}`));
    waiting.clear();
  });
  let last = 0;
  return {
    ask: (call) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, call } satisfies Asked);
      }),
    stop: () => worker.terminate(),
  };
}
