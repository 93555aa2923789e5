import { clone, dispose, keep, type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { recordingNow } from "../compile/recording-now.ts";
import { detach } from "../no-grad.ts";
import { checkShape } from "../shape-error.ts";
import type { Module } from "./module.ts";
import type { Buffer } from "./parameter.ts";
import { checkModule, checkFunction } from "../check-callable.ts";
import { checkTensor } from "../check-tensor.ts";

const inTraining = new WeakSet<Module>();

/** The new values of buffers, set when a {@link training} scope ends without an error. */
interface Scope {
  readonly outer: Scope | null;
  readonly updates: Map<Buffer, Tensor>;
}

let scope: Scope | null = null;

/** Whether a module is in training mode: dropout drops, batch norm uses and updates batch statistics. */
export function isTraining(module: Module): boolean {
  return inTraining.has(module);
}

/**
 * Runs `body` with `model` and all modules below it in training mode, and returns them to inference mode, also when `body`
 * throws: then no buffer has changed. Synchronous, like a training step. PyTorch's `model.train()` stays on until
 * `model.eval()`.
 */
export function training<T>(model: Module, body: () => T): T {
  checkModule("training", model);
  checkFunction("training", "body", body);
  const woken = [...model.namedModules()]
    .map(([, module]) => module)
    .filter((module) => !inTraining.has(module));
  recordingNow()?.modules.add(model);
  const outer = scope;
  const updates = new Map<Buffer, Tensor>();
  scope = { outer, updates };
  for (const module of woken) inTraining.add(module);
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => {}); // the error below is the one to be seen
      throw new TypeError("training(model, body): body is asynchronous, but a training step is synchronous.");
    }
    if (outer === null) for (const [buffer, next] of updates) buffer.assign(next as typeof buffer);
    else {
      for (const [buffer, next] of updates) put(outer, buffer, next);
      updates.clear();
    }
    return result;
  } finally {
    dispose([...updates.values()]);
    scope = outer;
    for (const module of woken) inTraining.delete(module);
  }
}

/**
 * Runs `body`, and drops the updates of buffers in it: a second forward pass in training mode that must not count, such as that of a
 * discriminator which is frozen while a generator learns from it. Synchronous, like {@link training}.
 */
export function discardUpdates<T>(body: () => T): T {
  checkFunction("discardUpdates", "body", body);
  const outer = scope;
  const updates = new Map<Buffer, Tensor>();
  scope = { outer, updates };
  try {
    return body();
  } finally {
    dispose([...updates.values()]);
    scope = outer;
  }
}

/** The value of a buffer with the updates of the surrounding {@link training} scope so far, as a constant. */
export function bufferValue<R extends Rank>(buffer: Buffer<R>): Tensor<R> {
  checkTensor("bufferValue", "buffer", buffer);
  return detach(currentIn(scope, buffer)) as Tensor<R>;
}

/**
 * Updates a buffer when the surrounding {@link training} scope ends without an error, or at once outside of one. `next` computes
 * the new value from the current one, of the same shape.
 */
export function updateBuffer<B extends Buffer>(buffer: B, next: (current: Tensor) => Tensor): void {
  checkTensor("updateBuffer", "buffer", buffer);
  checkFunction("updateBuffer", "next", next);
  if (scope === null) tidy(() => buffer.assign(valueAfter(buffer, buffer, next) as B));
  else put(scope, buffer, keep(tidy(() => valueAfter(buffer, currentIn(scope, buffer), next))));
}

function currentIn(from: Scope | null, buffer: Buffer): Tensor {
  return from === null ? buffer : (from.updates.get(buffer) ?? currentIn(from.outer, buffer));
}

function valueAfter(buffer: Buffer, current: Tensor, next: (current: Tensor) => Tensor): Tensor {
  const value = next(current);
  checkShape("updateBuffer", "the next value", value, buffer.shape);
  if (value.dtype !== buffer.dtype) {
    throw new TypeError(`updateBuffer: the next value is ${value.dtype}, but the buffer is ${buffer.dtype}.`);
  }
  return value === current ? clone(value) : value;
}

function put({ updates }: Scope, buffer: Buffer, next: Tensor): void {
  updates.get(buffer)?.dispose();
  updates.set(buffer, next);
}
