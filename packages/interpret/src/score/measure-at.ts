import { intercept, type Layer } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";

/**
 * What `measure` makes of what each layer puts out while `run` runs, in a way that gradients go through: it outlives the model's own scopes. To be called
 * in a `tidy`.
 *
 * @throws RangeError when a layer did not run
 */
export function measureAt<Y extends Tensor>(
  who: string,
  layers: readonly Layer<never, Y>[],
  measure: (y: Y, layer: number) => Tensor,
  run: () => unknown,
): Tensor[] {
  const measured: Tensor[] = [];
  const seen = new Set<number>();
  const body = layers.reduce<() => unknown>(
    (inner, layer, l) => () =>
      intercept(
        layer,
        (y: Y) => {
          measured.push(keep(measure(y, l)));
          seen.add(l);
          return y;
        },
        inner,
      ),
    run,
  );
  try {
    body();
    const silent = layers.find((_, l) => !seen.has(l));
    if (silent !== undefined) {
      throw new RangeError(`${who}: ${silent.constructor.name} did not run. Is it a layer of the model?`);
    }
    return measured.map((tensor) => clone(tensor));
  } finally {
    dispose(measured);
  }
}
