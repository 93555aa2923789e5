import type { RunOptions } from "@pellucid/interpret";

/** How a program is run: it can be cancelled, and tells how far it is. */
export type Run = RunOptions;

/** Shows what a program has so far. */
export type Show = (...pictures: HTMLElement[]) => void;
