/** An event of {@link fit}; `kind` says which. */
export type FitEvent = FitStart | FitStep | FitEpoch | FitEnd;

/** Training begins. */
export interface FitStart {
  readonly kind: "start";
  /** The last epoch, counted from 1. */
  readonly epochs: number;
  /** Batches in an epoch, where known. */
  readonly batches: number | undefined;
}

/** One step was taken, or `logEvery` steps. */
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

/** An epoch has ended. */
export interface FitEpoch {
  readonly kind: "epoch";
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** The mean training loss of the epoch, over all targets. */
  readonly loss: number;
  /** The result of {@link evaluate} on the validation data, where there is any. */
  readonly validation: Evaluation | undefined;
  /** How long the epoch took, validation included. */
  readonly seconds: number;
}

/** Training has ended: all epochs ran, the signal was aborted, or a consumer such as {@link earlyStopping} stopped it. */
export interface FitEnd {
  readonly kind: "end";
  readonly reason: "completed" | "aborted" | "stopped";
  readonly step: number;
}

/** A model's loss and metrics on data. */
export interface Evaluation {
  /** The mean loss over all targets. */
  readonly loss: number;
  /** By the names given to {@link evaluate}. */
  readonly metrics: Readonly<Record<string, number>>;
}
