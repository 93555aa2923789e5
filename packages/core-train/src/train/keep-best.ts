import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import { stateOf } from "../module/state-of.ts";
import type { FitEvent } from "./fit-event.ts";
import { lowestLoss, type Monitor } from "./monitor.ts";

/** What {@link keepBest} compares. */
export interface KeepBestOptions {
  /** Default: the validation loss, else the training loss. */
  readonly monitor?: Monitor;
}

/**
 * Passes the events of {@link fit} on and, when they are over, however that comes, gives `model` the weights and buffers
 * of its best epoch. Before the first epoch has ended there is no best one, and the model stays as it is.
 */
export async function* keepBest(
  model: Module,
  events: AsyncIterable<FitEvent>,
  { monitor = lowestLoss }: KeepBestOptions = {},
): AsyncGenerator<FitEvent, void, undefined> {
  let best = Number.POSITIVE_INFINITY;
  let copy: ByPath<Tensor> = {};
  try {
    for await (const event of events) {
      if (event.kind === "epoch" && monitor(event) < best) {
        best = monitor(event);
        dispose(copy);
        copy = snapshot(model);
      }
      yield event;
    }
  } finally {
    const state = stateOf(model);
    for (const [path, tensor] of Object.entries(copy)) state[path]?.assign(tensor as (typeof state)[string]);
    dispose(copy);
  }
}

function snapshot(model: Module): ByPath<Tensor> {
  const copies = Object.entries(stateOf(model)).map(([path, tensor]) => [path, keep(clone(tensor))] as const);
  return Object.fromEntries(copies);
}
