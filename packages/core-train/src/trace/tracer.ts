import type { Tensor } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";

/** What hears of everything that runs while a model is traced. */
export interface Tracer {
  /** A module's `forward` runs. */
  call<Y>(module: Module, inputs: readonly unknown[], run: () => Y): Y;
  /** An op that is made of others runs. */
  asOne<Y extends Tensor>(
    name: string,
    inputs: Readonly<Record<string, Tensor>>,
    attributes: object,
    run: () => Y,
  ): Y;
}

/** The trace that is being made, if any. */
export const tracing: { tracer: Tracer | null } = { tracer: null };
