import type { Module } from "./module.ts";

/** Runs a module in another way: `forward` is the module's own. */
type Forward = (inputs: unknown[], forward: (inputs: unknown[]) => unknown) => unknown;

/** Modules whose `forward` runs in another way. */
export const forwards = new WeakMap<Module, Forward>();
