import { AttentionWeights, checkArguments, intercept, type Module } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/**
 * The attention weights of every attention layer that runs while `body` does, by the path of the layer. The caller owns them.
 *
 * @returns each `[batch, head, query, key]`
 * @throws {StructError} For what is not a module, or not a function.
 * @throws {RangeError} If a layer runs twice.
 */
export function attentionMaps(model: Module, body: () => unknown): Readonly<Record<string, Tensor4D>> {
  checkArguments("attentionMaps", { module: { model }, function: { body } });
  const recorded = new Map<string, Tensor4D>();
  const layers = [...model.namedModules()].filter(
    (entry): entry is [string, AttentionWeights] => entry[1] instanceof AttentionWeights,
  );
  const record = ([first, ...others]: readonly [string, AttentionWeights][]): void => {
    if (first === undefined) {
      tidy(() => void body());
      return;
    }
    const path = ownerOf(first[0]);
    const store = (weights: Tensor4D): Tensor4D => {
      if (recorded.has(path)) throw new RangeError(`attentionMaps: ${path} ran twice, expected once.`);
      recorded.set(path, keep(clone(weights)));
      return weights;
    };
    intercept(first[1], store, () => record(others));
  };
  try {
    record(layers);
    return tidy(() => Object.fromEntries([...recorded].map(([path, weights]) => [path, clone(weights)])));
  } finally {
    dispose([...recorded.values()]);
  }
}

/** `layers.0.selfAttn.attention.weights` -> `layers.0.selfAttn` */
function ownerOf(path: string): string {
  return path.replace(/\.?attention\.weights$/, "");
}
