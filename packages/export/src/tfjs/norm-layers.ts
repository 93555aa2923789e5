import { BatchNorm1d, freeze, LayerNorm, ShapeError, sizeAlong } from "@pellucid/core-train";
import { reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { LayerConfig } from "./layer-config.ts";
import { type LayerSource, type MadeLayer, put, single, weightOf } from "./made-layer.ts";

/** Norms. */
export const normLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
};

function batchNormalization(source: LayerSource): MadeLayer {
  const { config, own } = source;
  const [center, scale] = [config.boolean("center", true), config.boolean("scale", true)];
  const mean = weightOf(source, "moving_mean", [null]);
  const { shape } = mean;
  const variance = weightOf(source, "moving_variance", shape);
  const gamma = scale ? weightOf(source, "gamma", shape) : null;
  const beta = center ? weightOf(source, "beta", shape) : null;
  const eps = config.number("epsilon", 1e-3);
  const momentum = 1 - config.number("momentum", 0.99);
  const channels = shape[0] ?? NaN;
  const layer = own(new BatchNorm1d(channels, { eps, momentum }));
  const { weight, bias, runningMean, runningVar } = layer;
  if (weight !== null) {
    if (gamma === null) weight.trainable = false;
    else put(weight, gamma);
  }
  if (bias !== null) {
    if (beta === null) bias.trainable = false;
    else put(bias, beta);
  }
  if (runningMean !== null) put(runningMean, mean);
  if (runningVar !== null) put(runningVar, variance);
  if (gamma === null && beta === null) freeze(layer);
  const check = lastAxis(config);
  return single(layer, (x) =>
    tidy(() => {
      check(x);
      const rows = reshape(x, [-1, channels]); // [batch · position, channel]
      return reshape(layer.forward(rows as never) as Tensor, x.shape);
    }),
  );
}

function layerNormalization(source: LayerSource): MadeLayer {
  const { config, own } = source;
  const [center, scale] = [config.boolean("center", true), config.boolean("scale", true)];
  if (!center || !scale) throw config.error("center and scale are expected to be true.");
  const gamma = weightOf(source, "gamma", [null]);
  const beta = weightOf(source, "beta", gamma.shape);
  const layer = own(new LayerNorm(sizeAlong(gamma, 0), { eps: config.number("epsilon", 1e-3) }));
  if (layer.weight !== null) put(layer.weight, gamma);
  if (layer.bias !== null) put(layer.bias, beta);
  const check = lastAxis(config);
  return single(layer, (x) => {
    check(x);
    return layer.forward(x);
  });
}

/** Checks that a layer normalizes the last axis, which a file may count from either end. */
function lastAxis(config: LayerConfig): (x: Tensor) => void {
  const given = config.fields["axis"];
  const axis = Array.isArray(given) && given.length === 1 ? Number(given[0]) : config.integer("axis", -1, -1);
  if (!Number.isInteger(axis)) throw config.error(`axis is ${JSON.stringify(given)}, expected one axis.`);
  return (x) => {
    if (axis !== -1 && axis !== x.rank - 1)
      throw new ShapeError(
        `${config.type} "${config.name}": axis is ${axis}, expected the last one of [${x.shape.join(", ")}].`,
      );
  };
}
