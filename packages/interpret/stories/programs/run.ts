import type { RunOptions } from "@pellucid/interpret";

/** How a program is run: it can be cancelled, tells how far it is, and shows what it has so far. */
export interface Run extends RunOptions {
  readonly show?: (...pictures: HTMLElement[]) => void;
}
