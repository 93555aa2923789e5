import { BatchNorm1d, BatchNorm2d, checkArguments, Conv2d, Linear, type Module } from "@pellucid/core-train";
import {
  add,
  clone,
  div,
  mul,
  sqrt,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
  zeros,
  keep,
  ones,
} from "@tensorflow/tfjs-core";

type Affine = Conv2d | Linear;
type Norm = BatchNorm1d | BatchNorm2d;

/**
 * Runs `body` while each batch norm that stands right behind a convolution or linear layer is part of it: the layer has
 * `w · scale` and `(b − mean) · scale + shift`, the norm does nothing. The numbers stay the same, and a rule that looks at
 * weights sees those that count. Afterwards all are themselves again, also when `body` throws.
 *
 * @param run something that runs the model once, to see which norm follows which layer
 */
export function withFoldedBatchNorms<T>(model: Module, run: () => unknown, body: () => T): T {
  checkArguments("withFoldedBatchNorms", { module: { model }, function: { run, body } });
  const undo: (() => void)[] = [];
  try {
    for (const [layer, norm] of pairs(model, run)) fold(layer, norm, undo);
    return body();
  } finally {
    for (const back of undo.toReversed()) back();
  }
}

/** Which norm follows which layer: its input is the layer's output, and each is called once. */
function pairs(model: Module, run: () => unknown): [Affine, Norm][] {
  const undo: (() => void)[] = [];
  const made = new Map<number, Affine>();
  const found: [Affine, Norm][] = [];
  const runs = new Map<Module, number>();
  const watch = (layer: Affine | Norm) => {
    const forward = layer.forward.bind(layer) as (x: Tensor) => Tensor;
    undo.push(
      override(layer, "forward", (x: Tensor) => {
        runs.set(layer, (runs.get(layer) ?? 0) + 1);
        const before = made.get(x.id);
        if (isNorm(layer) && before !== undefined) found.push([before, layer]);
        const y = forward(x);
        if (!isNorm(layer)) made.set(y.id, layer);
        return y;
      }),
    );
  };
  try {
    for (const [, module] of model.namedModules()) {
      if (module instanceof Conv2d || module instanceof Linear || isNorm(module)) watch(module);
    }
    tidy(() => {
      run();
    });
  } finally {
    for (const back of undo) back();
  }
  return found.filter(([layer, norm]) => runs.get(layer) === 1 && runs.get(norm) === 1);
}

function fold(layer: Affine, norm: Norm, undo: (() => void)[]): void {
  const { runningMean, runningVar, eps, numFeatures } = norm;
  if (runningMean === null || runningVar === null) return;
  const [weight, bias] = tidy(() => {
    const scale = div(norm.weight ?? ones([numFeatures]), sqrt(add(runningVar, eps))); // [out]
    const shifted = sub(layer.bias ?? zeros([numFeatures]), runningMean);
    const folded = add<Tensor1D>(mul(shifted, scale), norm.bias ?? zeros([numFeatures]));
    return [keep(mul(layer.weight as Tensor, scale)), keep(folded)] as const;
  });
  undo.push(() => {
    weight.dispose();
    bias.dispose();
  });
  undo.push(override(layer, "weight", weight));
  undo.push(override(layer, "bias", bias));
  undo.push(override(norm, "forward", (x: Tensor) => clone(x)));
}

/** Puts something in place of a property; the function returned puts the old one back. */
function override(owner: object, key: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, key);
    else Object.defineProperty(owner, key, own);
  };
}

function isNorm(module: Module): module is Norm {
  return module instanceof BatchNorm1d || module instanceof BatchNorm2d;
}
