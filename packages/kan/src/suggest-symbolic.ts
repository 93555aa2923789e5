import { checkArguments, checkOptions, checkProbabilities, DataError } from "@pellucid/core-train";
import { reshape, slice, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { edgeActivations } from "./edge-activations.ts";
import { fitSymbolic, type FitSymbolicOptions } from "./fit-symbolic.ts";
import type { KAN } from "./kan.ts";
import { type SymbolicName, symbolicFunctions } from "./symbolic-functions.ts";
import { type Affine, checkEdge } from "./symbolic-kan-layer.ts";

/** Options for {@link suggestSymbolic}. */
export interface SuggestSymbolicOptions extends FitSymbolicOptions {
  /** The functions to try. Default: all of {@link symbolicFunctions}. */
  readonly functions?: readonly SymbolicName[];
  /** How much a simple function counts more than a near one, 0 to 1. Default: 0.8. */
  readonly weightSimple?: number;
}

/** A function that an edge could be locked to. */
export interface SymbolicSuggestion {
  readonly name: SymbolicName;
  readonly affine: Affine;
  readonly r2: number;
  readonly complexity: number;
  /** `weightSimple · complexity + (1 − weightSimple) · log2(1 + 1e-5 − r2)`: the lower the better. */
  readonly loss: number;
}

/**
 * Functions that come near to the curve of an edge at samples, the best first, as pykan's `suggest_symbolic`.
 *
 * @param x `[batch, in]`, the inputs of the network; 100 of them are used
 * @throws {IndexError} If there is no such edge.
 */
export async function suggestSymbolic(
  model: KAN,
  l: number,
  i: number,
  o: number,
  x: Tensor2D,
  options: SuggestSymbolicOptions = {},
): Promise<SymbolicSuggestion[]> {
  checkArguments("suggestSymbolic", { "{ actFun, symbolicFun }": { model }, tensor: { x } });
  checkOptions("suggestSymbolic", options, ["aRange", "bRange", "functions", "weightSimple"]);
  const {
    functions = Object.keys(symbolicFunctions) as SymbolicName[],
    weightSimple = 0.8,
    ...ranges
  } = options;
  checkProbabilities("suggestSymbolic", { weightSimple });
  if (functions.length === 0)
    throw new DataError("suggestSymbolic: functions is empty, expected one name at least.");
  const { layer } = model.layerAt(l);
  checkEdge("suggestSymbolic", i, o, layer.inDim, layer.outDim);
  const [inputs, values] = tidy(() => {
    const few = slice(x, [0, 0], [Math.min(x.shape[0], 100), -1]);
    const found = edgeActivations(model, few)[l];
    if (found === undefined) throw new DataError(`suggestSymbolic: there is no layer ${l}.`);
    return [
      reshape(slice(found.inputs, [0, i], [-1, 1]), [-1]),
      reshape(slice(found.edges, [0, i, o], [-1, 1, 1]), [-1]),
    ] as const;
  });
  try {
    const [xs, ys] = await Promise.all([inputs.data(), values.data()]);
    return functions
      .map((name) => {
        const { affine, r2 } = fitSymbolic(xs, ys, name, ranges);
        const { complexity } = symbolicFunctions[name];
        const loss = weightSimple * complexity + (1 - weightSimple) * Math.log2(1 + 1e-5 - r2);
        return { name, affine, r2, complexity, loss };
      })
      .toSorted((a, b) => a.loss - b.loss);
  } finally {
    inputs.dispose();
    values.dispose();
  }
}
