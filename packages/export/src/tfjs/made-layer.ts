import type { HostTensor, Module, Rng } from "@pellucid/core-train";
import { type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { LayerConfig } from "./layer-config.ts";
import type { TfjsWeights } from "./tfjs-weights.ts";

/** A layer of a model: what it computes, and the module that holds its weights. */
export interface MadeLayer {
  readonly module: Module | null;
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
}

/** What a layer is made from. */
export interface LayerSource {
  readonly config: LayerConfig;
  readonly weights: TfjsWeights;
  readonly rng: Rng;
  /** Under which name its weights are in the manifest: its own, or that of the wrapper it is in. */
  readonly scope: string;
  /** How many models this one is nested in. */
  readonly depth: number;
  /** Notes a module, which is freed if a later layer cannot be imported. */
  readonly own: <M extends Module>(module: M) => M;
}

/** A layer with one input and one output. */
export function single(module: Module | null, run: (x: Tensor) => Tensor): MadeLayer {
  return { module, run: ([x]) => [run(x as Tensor)] };
}

/** Gives a parameter or buffer its value; both have the same number of elements. */
export function put(variable: Variable, { data }: HostTensor): void {
  tidy(() => variable.assign(tensor(data, variable.shape, variable.dtype)));
}

/** The weight of a layer by its own name; see {@link TfjsWeights.take}. */
export function weightOf(
  { weights, scope }: LayerSource,
  name: string,
  shape: readonly (number | null)[],
): HostTensor {
  return weights.take(scope, name, shape);
}
