import { dispose, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Module } from "./module.ts";
import type { Buffer } from "./parameter.ts";

const inTraining = new WeakSet<Module>();
let pending: Map<Buffer, Tensor> | null = null;

/** Whether a module trains now: dropout drops, batch norm uses and updates batch statistics. */
export function isTraining(module: Module): boolean {
  return inTraining.has(module);
}

/**
 * Runs `body` while `model` and everything below it trains, and lets it rest in inference again, also when `body`
 * throws: then no buffer has changed. Synchronous, like a training step. PyTorch's `model.train()` stays on until
 * `model.eval()`.
 */
export function training<T>(model: Module, body: () => T): T {
  const woken = [...model.namedModules()]
    .map(([, module]) => module)
    .filter((module) => !inTraining.has(module));
  const outer = pending;
  const updates = (pending = new Map(outer));
  for (const module of woken) inTraining.add(module);
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new TypeError("training(model, body): body is asynchronous, but a training step is synchronous.");
    }
    if (outer === null) for (const [buffer, next] of updates) buffer.assign(next as typeof buffer);
    else for (const [buffer, next] of updates) replace(outer, buffer, next);
    return result;
  } finally {
    const kept = new Set(outer?.values());
    for (const next of updates.values()) if (!kept.has(next)) dispose(next);
    pending = outer;
    for (const module of woken) inTraining.delete(module);
  }
}

/**
 * Changes a buffer when the surrounding {@link training} scope ends well, or at once outside of one. `next` computes
 * the new value from the current one, `[…]` -> the same shape.
 */
export function updateBuffer<B extends Buffer>(buffer: B, next: (current: Tensor) => Tensor): void {
  if (pending === null) {
    tidy(() => buffer.assign(next(buffer) as B));
    return;
  }
  const updates = pending;
  replace(updates, buffer, keep(tidy(() => next(updates.get(buffer) ?? buffer))));
}

function replace(updates: Map<Buffer, Tensor>, buffer: Buffer, next: Tensor): void {
  const previous = updates.get(buffer);
  updates.set(buffer, next);
  if (previous !== next) previous?.dispose();
}
