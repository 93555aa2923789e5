import { intercept, type Layer } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";

/**
 * `measure` of the output of each layer that `run` calls, differentiable: it outlives the model's own scopes. To be called
 * in a `tidy`.
 *
 * @throws RangeError when a layer did not run
 */
export function measureAt<Y extends Tensor>(
  caller: string,
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
      throw new RangeError(`${caller}: ${silent.constructor.name} did not run. Is it a layer of the model?`);
    }
    return measured.map((tensor) => clone(tensor));
  } finally {
    dispose(measured);
  }
}
