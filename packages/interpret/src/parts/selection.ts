/** Called with the state and the keys that have changed. */
export type Hear<S> = (state: Readonly<S>, changed: ReadonlySet<keyof S>) => void;

/** What is selected on a page: every view reads it, any view writes it. Views hear of changes once a frame. */
export class Selection<S extends object> {
  #state: S;
  readonly #heard = new Set<Hear<S>>();
  #pending: Set<keyof S> | null = null;

  constructor(start: S) {
    this.#state = start;
  }

  get state(): Readonly<S> {
    return this.#state;
  }

  /** Changes some of it. */
  set(change: Partial<S>): void {
    const keys = (Object.keys(change) as (keyof S)[]).filter(
      (key) => !Object.is(change[key], this.#state[key]),
    );
    if (keys.length === 0) return;
    this.#state = { ...this.#state, ...change };
    if (this.#pending !== null) {
      for (const key of keys) this.#pending.add(key);
      return;
    }
    const pending = new Set(keys);
    this.#pending = pending;
    requestAnimationFrame(() => {
      this.#pending = null;
      for (const hear of this.#heard) hear(this.#state, pending);
    });
  }

  /** Calls `hear` now, and whenever one of `keys` has changed; gives what ends that. */
  on(keys: readonly (keyof S)[], hear: Hear<S>): () => void {
    const listener: Hear<S> = (state, changed) => {
      if (keys.some((key) => changed.has(key))) hear(state, changed);
    };
    this.#heard.add(listener);
    hear(this.#state, new Set(keys));
    return () => this.#heard.delete(listener);
  }
}
