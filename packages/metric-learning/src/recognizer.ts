import { checkNotNegative, checkOptions, type HostTensor, OptionError } from "@pellucid/core-train";
import { NeighborIndex, type NeighborIndexOptions } from "./neighbor-index.ts";

/** Options for {@link Recognizer}. */
export interface RecognizerOptions extends NeighborIndexOptions {
  /** The distance up to which two embeddings are of one person; `verification` finds one. */
  readonly threshold: number;
}

/** Who an embedding is of. */
export interface Recognized {
  /** The name of the nearest enrolled embedding, or null if none is within the threshold. */
  readonly name: string | null;
  /** The distance of the nearest, Infinity without any. */
  readonly distance: number;
}

/**
 * Recognition from a single example of each person: an embedding is of the person whose enrolled embedding is nearest, if it is nearer than a threshold, otherwise of an unknown one. New people are
 * enrolled without training.
 */
export class Recognizer {
  readonly threshold: number;
  readonly names: string[] = [];
  readonly #index: NeighborIndex;

  constructor(features: number, options: RecognizerOptions) {
    checkOptions("Recognizer", options, ["threshold", "metric"]);
    const { threshold, ...how } = options;
    checkNotNegative("Recognizer", { threshold });
    this.threshold = threshold;
    this.#index = new NeighborIndex(features, how);
  }

  /** @param embeddings `[row, feature]` of one person */
  enroll(name: string, embeddings: HostTensor): void {
    if (name === "") throw new OptionError("Recognizer.enroll", "name", '""', "a name");
    this.#index.add(embeddings);
    while (this.names.length < this.#index.length) this.names.push(name);
  }

  /** @param embeddings `[row, feature]` */
  recognize(embeddings: HostTensor): Recognized[] {
    return this.#index.search(embeddings, 1).map(([nearest]) => {
      if (nearest === undefined) return { name: null, distance: Infinity };
      const { index, distance } = nearest;
      return { name: distance <= this.threshold ? (this.names[index] as string) : null, distance };
    });
  }
}
