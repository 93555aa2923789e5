import { gradientAt, Linear, type Module, OptionError, ShapeError, trainable } from "@pellucid/core-train";
import { clone, dispose, keep, slice, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** A model of linear layers and whatever has no weights, from vectors to outputs. */
export type LinearModel = Module & { forward(x: Tensor2D): Tensor2D };

/** What reaches a linear layer, and how each output of the model depends on what leaves it, of each example; in 64 bits. */
export interface LayerJacobians {
  readonly layer: Linear;
  /** `[example][in]` */
  readonly inputs: readonly Float64Array[];
  /** `[output][example][out]`: the derivatives of an output of the model by the outputs of the layer. */
  readonly gradients: readonly (readonly Float64Array[])[];
}

/** The linear layers of a model, in order. @throws OptionError where it trains anything else */
export function linearLayers(caller: string, model: LinearModel): readonly Linear[] {
  const layers = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof Linear ? [module] : [],
  );
  const known = new Set<unknown>(layers.flatMap(({ weight, bias }) => [weight, bias]));
  const others = Object.entries(trainable(model)).filter(([, parameter]) => !known.has(parameter));
  if (layers.length === 0 || others.length > 0)
    throw new OptionError(
      caller,
      "model",
      others.length > 0 ? `a model that trains ${others[0]?.[0]}` : "a model without weights",
      "one whose weights are those of Linear layers; freeze the others",
    );
  return layers;
}

/** Runs a model, and takes what a Kronecker factorization needs of each of its linear layers. */
export async function layerJacobians(
  model: LinearModel,
  layers: readonly Linear[],
  x: Tensor2D,
): Promise<{ readonly outputs: readonly Float64Array[]; readonly layers: readonly LayerJacobians[] }> {
  const made = tidy(() => {
    const y = model.forward(x); // [example, output]
    const classes = y.shape[1];
    return {
      y: keep(y),
      parts: layers.map((layer) => ({
        input: inputOf(layer, () => model.forward(x)),
        gradients: Array.from({ length: classes }, (_, c) =>
          keep(gradientAt<Tensor>(layer as never, () => slice(model.forward(x), [0, c], [-1, 1])).gradient),
        ),
      })),
    };
  });
  const tensors = [made.y, ...made.parts.flatMap(({ input, gradients }) => [input, ...gradients])];
  try {
    if (tensors.some(({ rank }) => rank !== 2))
      throw new ShapeError(
        "KroneckerLaplace: a layer reads more than vectors, expected [example, feature] everywhere.",
      );
    const outputs = await rowsOf(made.y);
    const found = made.parts.map(async ({ input, gradients }, i) => ({
      layer: layers[i] as Linear,
      inputs: await rowsOf(input),
      gradients: await Promise.all(gradients.map(rowsOf)),
    }));
    return { outputs, layers: await Promise.all(found) };
  } finally {
    dispose(tensors);
  }
}

/** What a layer is given while `body` runs; kept. */
function inputOf(layer: Linear, body: () => unknown): Tensor {
  let input: Tensor | undefined;
  const forward = layer.forward.bind(layer);
  Object.defineProperty(layer, "forward", {
    configurable: true,
    writable: true,
    value: (x: Tensor2D) => {
      input?.dispose();
      input = keep(clone(x));
      return forward(x);
    },
  });
  try {
    body();
  } finally {
    Reflect.deleteProperty(layer, "forward");
  }
  if (input === undefined)
    throw new ShapeError("KroneckerLaplace: the model has a linear layer that it does not run.");
  return input;
}

async function rowsOf(x: Tensor): Promise<Float64Array[]> {
  const values = await x.data();
  const [rows = 0, columns = 0] = x.shape;
  return Array.from({ length: rows }, (_, i) =>
    Float64Array.from(values.slice(i * columns, (i + 1) * columns)),
  );
}
