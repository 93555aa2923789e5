import { intercept, type Layer } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** The outputs of layers that `body` calls once each. They are kept; the caller disposes of them. */
export function outputsOf<Y extends Tensor>(
  caller: string,
  layers: readonly Layer<never, Y>[],
  body: () => unknown,
): Y[] {
  const kept = new Map<number, Y>();
  const look = (i: number): void => {
    const layer = layers[i];
    if (layer === undefined) {
      tidy(() => void body());
      return;
    }
    const see = (y: Y): Y => {
      if (kept.has(i)) throw new RangeError(`${caller}: layer ${i} ran twice, expected once.`);
      kept.set(i, keep(clone(y)));
      return y;
    };
    intercept(layer, see, () => look(i + 1));
  };
  try {
    look(0);
    return layers.map((_, i) => {
      const y = kept.get(i);
      if (y === undefined)
        throw new RangeError(`${caller}: layer ${i} did not run. Is it one that body runs?`);
      return y;
    });
  } catch (error) {
    dispose([...kept.values()]);
    throw error;
  }
}
