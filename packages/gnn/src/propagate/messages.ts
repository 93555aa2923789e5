import { type Layer, Module } from "@pellucid/core-train";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";

/** What the edges of a graph carry in one layer. */
export interface MessageRecord {
  /** What each edge brings to its target: `[edge, …]`. */
  readonly messages: Tensor;
  /** The edges, int32 `[2, edge]`: also those that the layer adds, such as self-loops. */
  readonly edgeIndex: Tensor2D;
}

/**
 * The messages of a layer, for explanations to observe or change by `capture` and `intercept`: each layer of this package has it as
 * its field `messages`. It returns them as they are.
 *
 * While no one looks, layers whose messages are only added up never have them in memory.
 */
export class Messages extends Module implements Layer<MessageRecord, MessageRecord> {
  /** @returns `record` */
  forward(record: MessageRecord): MessageRecord {
    return record;
  }
}
