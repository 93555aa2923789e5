import {
  AlphaDropout,
  Dropout,
  Dropout1d,
  elu,
  Embedding,
  leakyRelu,
  Linear,
  PReLU,
  relu,
  softmax,
  withoutInit,
  sizeAlong,
} from "@pellucid/core-train";
import {
  broadcastTo,
  clone,
  expandDims,
  minimum,
  mul,
  greater,
  cast,
  reshape,
  type Tensor,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { activationOf } from "./activation.ts";
import { listOf } from "./json-record.ts";
import { type LayerSource, type MadeLayer, put, single, weightOf } from "./made-layer.ts";

/** Linear layers, embeddings, dropout, activations, and changes of shape. */
export const denseLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  Activation: ({ config }) => single(null, activationOf(config)),
  AlphaDropout: ({ config, rng, own }) => dropping(own(new AlphaDropout(config.number("rate"), { rng }))),
  Dense: dense,
  Dropout(source) {
    const { config, rng, own } = source;
    config.only("noise_shape");
    return dropping(own(new Dropout(config.number("rate"), { rng })));
  },
  ELU: ({ config }) => single(null, (x) => elu(x, { alpha: config.number("alpha", 1) })),
  Embedding: embedding,
  Flatten({ config }) {
    config.only("data_format", "channels_last");
    return single(null, (x) => reshape(x, [sizeAlong(x, 0), -1]));
  },
  InputLayer: () => single(null, clone),
  LeakyReLU: ({ config }) =>
    single(null, (x) => leakyRelu(x, { negativeSlope: config.number("alpha", 0.3) })),
  Permute({ config }) {
    const order = listOf(config.fields["dims"], "dims");
    const dims = config.integers("dims", order.length, 1);
    if (new Set(dims).size !== dims.length || Math.max(...dims) > dims.length)
      throw config.error(`dims is ${dims.join(", ")}, expected each axis from 1 once.`);
    return single(null, (x) => transpose(x, [0, ...dims]));
  },
  PReLU: preluLayer,
  ReLU({ config }) {
    const most = config.fields["max_value"] == null ? Infinity : config.number("max_value");
    return single(null, (x) => tidy(() => minimum(relu(x), most === Infinity ? relu(x) : most)));
  },
  RepeatVector({ config }) {
    const n = config.integer("n", 1);
    return single(null, (x) =>
      tidy(() => broadcastTo(expandDims(x, 1), [sizeAlong(x, 0), n, sizeAlong(x, 1)])),
    );
  },
  Reshape({ config }) {
    const shape = listOf(config.fields["target_shape"], "target_shape");
    const sizes = config.integers("target_shape", shape.length, -1);
    return single(null, (x) => reshape(x, [sizeAlong(x, 0), ...sizes]));
  },
  Softmax: ({ config }) => {
    const axis = config.integer("axis", -5, -1);
    return single(null, (x) => softmax(x, axis));
  },
  SpatialDropout1D: ({ config, rng, own }) => dropping(own(new Dropout1d(config.number("rate"), { rng }))),
  ThresholdedReLU({ config }) {
    const theta = config.number("theta", 1);
    return single(null, (x) => tidy(() => mul(x, cast(greater(x, theta), "float32"))));
  },
};

function dropping(module: AlphaDropout | Dropout | Dropout1d): MadeLayer {
  return single(module, (x) => module.forward(x as never) as Tensor);
}

/** `activation(x W + b)` over the last axis. */
export function dense(source: LayerSource): MadeLayer {
  const { config, rng, own } = source;
  const units = config.integer("units", 1);
  const bias = config.boolean("use_bias", true);
  const activation = activationOf(config);
  const kernel = weightOf(source, "kernel", [null, units]);
  const shift = bias ? weightOf(source, "bias", [units]) : null;
  const layer = own(withoutInit(() => new Linear(sizeAlong(kernel, 0), units, { rng, bias })));
  put(layer.weight, kernel);
  if (shift !== null && layer.bias !== null) put(layer.bias, shift);
  return single(layer, (x) => activation(layer.forward(x)));
}

function embedding(source: LayerSource): MadeLayer {
  const { config, rng, own } = source;
  config.only("mask_zero", false);
  const rows = config.integer("input_dim", 1);
  const features = config.integer("output_dim", 1);
  const table = weightOf(source, "embeddings", [rows, features]);
  const layer = own(withoutInit(() => new Embedding(rows, features, { rng })));
  put(layer.weight, table);
  return single(layer, (x) => tidy(() => layer.forward(cast(x, "int32"))));
}

function preluLayer(source: LayerSource): MadeLayer {
  const { config, own } = source;
  const { fields } = config;
  const shared = fields["shared_axes"];
  const axes =
    shared === null || shared === undefined
      ? []
      : config.integers("shared_axes", listOf(shared, "shared_axes").length, 1);
  const alpha = weightOf(source, "alpha", new Array<null>(Math.max(1, axes.length + 1)).fill(null));
  if (alpha.shape.slice(0, -1).some((size) => size !== 1))
    throw config.error(`alpha is [${alpha.shape.join(", ")}], expected one number for each channel.`);
  const layer = own(new PReLU(sizeAlong(alpha, -1)));
  put(layer.weight, alpha);
  return single(layer, (x) => layer.forward(x));
}
