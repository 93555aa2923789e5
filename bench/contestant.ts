/** One training step; the loss before it. */
export type Step = () => Promise<number>;

/** A compiled step. */
export interface Plan {
  readonly calls: number;
  readonly bytes: number;
}

/** What a contestant's module exports. */
export interface Contestant {
  prepare(backend: string): Promise<Step>;
  /** CPU time in milliseconds that another process used so far for its steps. */
  cpuElsewhere?(): number;
  /** The calls of WebAssembly in a compiled step, and the bytes that they work in. */
  plan?(): Plan | undefined;
  /** How good what the last step made is, where faster may be worse. */
  quality?(): Promise<number>;
}
