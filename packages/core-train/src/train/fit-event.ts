/** What {@link fit} tells while it runs. A consumer picks what it needs by `kind`. */
export type FitEvent = FitStart | FitStep | FitEpoch | FitEnd;

/** Training begins. */
export interface FitStart {
  readonly kind: "start";
  /** The last epoch, counted from 1. */
  readonly epochs: number;
  /** Batches in an epoch, where the data knows. */
  readonly batches: number | undefined;
}

/** Some steps were taken: one, or `logEvery`. */
export interface FitStep {
  readonly kind: "step";
  /** From 1. */
  readonly epoch: number;
  /** Within the epoch, from 1. */
  readonly batch: number;
  readonly batches: number | undefined;
  /** Over all epochs, from 1. */
  readonly step: number;
  /** The mean loss over the steps since the last event. */
  readonly loss: number;
}

/** An epoch is over. */
export interface FitEpoch {
  readonly kind: "epoch";
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** The mean training loss of the epoch, per example. */
  readonly loss: number;
  /** What {@link evaluate} found on the validation data, where there is any. */
  readonly validation: Evaluation | undefined;
  /** How long the epoch took, validation included. */
  readonly seconds: number;
}

/** Training is over: all epochs ran, the signal asked to stop, or a consumer such as {@link earlyStopping} did. */
export interface FitEnd {
  readonly kind: "end";
  readonly reason: "completed" | "aborted" | "stopped";
  readonly step: number;
}

/** A model's loss and metrics on data. */
export interface Evaluation {
  /** The mean loss per example. */
  readonly loss: number;
  /** By the names given to {@link evaluate}. */
  readonly metrics: Readonly<Record<string, number>>;
}
