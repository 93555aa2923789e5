/** An event of {@link dqn}, {@link ppo} and the other training loops; `kind` says which. */
export type LearningEvent = EpisodeEvent | UpdateEvent | LearningEnd;

/** An episode has ended. */
export interface EpisodeEvent {
  readonly kind: "episode";
  /** Steps in all environments so far. */
  readonly step: number;
  /** The sum of the rewards of the episode. */
  readonly return: number;
  readonly length: number;
}

/** The networks have been updated. */
export interface UpdateEvent {
  readonly kind: "update";
  readonly step: number;
  /** Losses and other measures by name. */
  readonly losses: Readonly<Record<string, number>>;
}

/** Training has ended. */
export interface LearningEnd {
  readonly kind: "end";
  readonly reason: "completed" | "aborted";
  readonly step: number;
}
