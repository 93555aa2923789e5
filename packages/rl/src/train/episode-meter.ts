import type { EpisodeEvent } from "./learning-event.ts";

/** Adds up the rewards of an episode. */
export class EpisodeMeter {
  #return = 0;
  #length = 0;

  /** Adds a step; gives the event of the episode if it was the last. */
  add(step: number, reward: number, isOver: boolean): EpisodeEvent | undefined {
    this.#return += reward;
    this.#length++;
    if (!isOver) return undefined;
    const event = { kind: "episode", step, return: this.#return, length: this.#length } as const;
    this.#return = 0;
    this.#length = 0;
    return event;
  }
}
