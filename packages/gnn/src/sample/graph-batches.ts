import {
  batches,
  type BatchesOptions,
  type BatchesState,
  checkArguments,
  type Dataset,
  disposeLeaves,
  type TensorsOf,
} from "@pellucid/core-train";
import { cast, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { GraphSampler } from "./graph-sampler.ts";

/** The tensors of what a sampler gives; masks are booleans. */
export type SampledBatch<Sampler extends GraphSampler> = TensorsOf<Awaited<ReturnType<Sampler["get"]>>>;

/**
 * The batches of a sampler, as {@link batches} gives those of a dataset: with its order, workers and generator. Each `for await` is a new epoch.
 *
 * ```ts
 * const sampler = neighborSampler(graph, [10, 10], { nodes: trainNodes });
 * for await (const batch of graphBatches(sampler, { size: 64, shuffle: true, rng })) {
 *   const logits = gather(model.forward(batch), batch.seeds);
 *   …
 * }
 * ```
 *
 * The loader owns the tensors of a batch and frees them with the next.
 */
export function graphBatches<Sampler extends GraphSampler>(
  sampler: Sampler,
  options: BatchesOptions,
): GraphBatches<SampledBatch<Sampler>> {
  return new GraphBatches(sampler, options);
}

/** The batches of a sampler. */
export class GraphBatches<Batch> implements AsyncIterable<Batch> {
  /** How many batches an epoch has. */
  readonly length: number;
  readonly #batches: AsyncIterable<unknown> & {
    state(): BatchesState;
    restore(state: BatchesState): void;
  };

  constructor(sampler: GraphSampler, options: BatchesOptions) {
    checkArguments("GraphBatches", { "{ length, get, gather }": { sampler } });
    const loader = batches(sampler as unknown as Dataset<number>, options);
    this.length = loader.length;
    this.#batches = loader;
  }

  /** The position of the loader, for {@link restore}. */
  state(): BatchesState {
    return this.#batches.state();
  }

  /** Resumes where `state` was taken. */
  restore(state: BatchesState): void {
    this.#batches.restore(state);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    for await (const batch of this.#batches) {
      const masks = tidy(() =>
        Object.fromEntries(
          Object.entries(batch as Record<string, Tensor>)
            .filter(([name]) => name.endsWith("Mask"))
            .map(([name, mask]) => [name, cast(mask, "bool")]),
        ),
      );
      try {
        yield { ...(batch as object), ...masks } as Batch;
      } finally {
        disposeLeaves(masks);
      }
    }
  }
}
