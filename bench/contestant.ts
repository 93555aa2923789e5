/** One training step; the loss before it. */
export type Step = () => Promise<number>;

/** What a contestant's module exports. */
export interface Contestant {
  prepare(backend: string): Promise<Step>;
}
