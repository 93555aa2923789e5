import { checkOptions } from "../check-options.ts";
import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import { stateOf } from "../module/state-of.ts";
import type { FitEvent } from "./fit-event.ts";
import { lowestLoss, type Monitor } from "./monitor.ts";

/** Options for {@link keepBest}. */
export interface KeepBestOptions {
  /** Default: the validation loss, else the training loss. */
  readonly monitor?: Monitor;
}

/**
 * Forwards the events of {@link fit} and, when they end for any reason, restores the weights and buffers that `model` had after
 * its best epoch. The model stays as it is if no epoch has ended, or none with a number: NaN is never the best.
 */
export async function* keepBest(
  model: Module,
  events: AsyncIterable<FitEvent>,
  options: KeepBestOptions = {},
): AsyncGenerator<FitEvent, void, undefined> {
  checkOptions("keepBest", options, ["monitor"]);
  const { monitor = lowestLoss } = options;
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
