import type { Rng } from "@pellucid/core-train";
import type { TestedLayer } from "@pellucid/testing";
import type { Tensor } from "@tensorflow/tfjs-core";

/** A layer of the contract test, by the title of its case in a fixture. */
export interface LayerRow {
  readonly title: string;
  /** Made with the seed 0. */
  readonly make: (rng: Rng) => TestedLayer;
  /** What it takes of the case's inputs. Default: the first. */
  readonly inputOf?: (tensors: readonly Tensor[]) => unknown;
  /** Whether finite differences cannot tell its gradient: near ties, or by PyTorch's design not that of the value. Default: false. */
  readonly unmeasurable?: boolean;
  /** An input of a shape it refuses, and what it says. Each class has one row with it, unless it takes any shape. */
  readonly refuses?: readonly [shape: readonly number[], message: string];
}
