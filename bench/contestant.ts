/** One training step; the loss before it. */
export type Step = () => Promise<number>;

/** What a contestant's module exports. */
export interface Contestant {
  prepare(backend: string): Promise<Step>;
  /** How good what the last step made is, where faster may be worse. */
  quality?(): Promise<number>;
}
