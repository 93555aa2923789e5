import { AttentionWeights, intercept, type Module } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/**
 * The weights of every attention of a model while `body` runs it, by the path of the layer that has it; of those that run. The
 * caller's to dispose of.
 *
 * @returns each `[batch, head, query, key]`
 * @throws {RangeError} If one of them runs twice.
 */
export function attentionMaps(model: Module, body: () => unknown): Readonly<Record<string, Tensor4D>> {
  const kept = new Map<string, Tensor4D>();
  const places = [...model.namedModules()].filter(
    (entry): entry is [string, AttentionWeights] => entry[1] instanceof AttentionWeights,
  );
  const look = ([first, ...others]: readonly [string, AttentionWeights][]): void => {
    if (first === undefined) {
      tidy(() => void body());
      return;
    }
    const path = ownerOf(first[0]);
    const see = (weights: Tensor4D): Tensor4D => {
      if (kept.has(path)) throw new RangeError(`attentionMaps: ${path} ran twice, expected once.`);
      kept.set(path, keep(clone(weights)));
      return weights;
    };
    intercept(first[1], see, () => look(others));
  };
  try {
    look(places);
    return tidy(() => Object.fromEntries([...kept].map(([path, weights]) => [path, clone(weights)])));
  } finally {
    dispose([...kept.values()]);
  }
}

/** `layers.0.selfAttn.attention.weights` -> `layers.0.selfAttn` */
function ownerOf(path: string): string {
  return path.replace(/\.?attention\.weights$/, "");
}
