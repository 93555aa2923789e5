import { intercept, type Layer } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** What layers put out while `body` runs each of them once; kept, and the caller's to dispose of. */
export function outputsOf<Y extends Tensor>(
  who: string,
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
      if (kept.has(i)) throw new RangeError(`${who}: layer ${i} ran twice, expected once.`);
      kept.set(i, keep(clone(y)));
      return y;
    };
    intercept(layer, see, () => look(i + 1));
  };
  try {
    look(0);
    return layers.map((_, i) => {
      const y = kept.get(i);
      if (y === undefined) throw new RangeError(`${who}: layer ${i} did not run. Is it one that body runs?`);
      return y;
    });
  } catch (error) {
    dispose([...kept.values()]);
    throw error;
  }
}
