import { clone, keep, type Rank, type Tensor, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { replaceModule } from "../module/replace-module.ts";
import { intercept } from "../observe/intercept.ts";
import { OptionError } from "../option-error.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import { Identity } from "./identity.ts";
import type { Backbone, FeatureMapInfo, FeatureMaps } from "./backbone.ts";

/** What {@link IntermediateLayers} takes apart: a classifier with `forwardFeatures`, or a chain of layers. */
export type FeatureModel = Module &
  (
    | { readonly forwardFeatures: (images: Tensor4D) => readonly Tensor[] }
    | { readonly forward: (images: Tensor4D) => Tensor4D }
  );

/** Options for {@link IntermediateLayers}. */
export interface IntermediateLayersOptions {
  /** Channels of the images. Default: 3. */
  readonly inChannels?: number;
}

/**
 * A model up to the last of some of its layers, as a backbone whose maps are the outputs of these: torchvision's
 * `IntermediateLayerGetter`, with its names in files. What comes after, such as a head, is disposed of: the model is taken over.
 *
 * ```ts
 * new IntermediateLayers(resnet50({ rng }), { layer3: "aux", layer4: "out" }); // what torchvision's segmentation models build on
 * ```
 */
export class IntermediateLayers
  extends Module
  implements Backbone, Layer<Tensor4D, FeatureMaps>, HasTorchLayout
{
  /** The kept children of the model by their names. */
  readonly layers: Readonly<Record<string, Module>>;
  readonly returnLayers: Readonly<Record<string, string>>;
  readonly maps: readonly FeatureMapInfo[];
  readonly #model: FeatureModel;

  /** @param returnLayers names of children of the model, each with the name of its map */
  constructor(
    model: FeatureModel,
    returnLayers: Readonly<Record<string, string>>,
    { inChannels = 3 }: IntermediateLayersOptions = {},
  ) {
    super();
    if (!(model instanceof Module))
      throw new OptionError(
        "IntermediateLayers",
        "model",
        typeof model,
        "a module whose children are layers",
      );
    const children = Object.entries(model).filter(([, field]) => field instanceof Module) as [
      string,
      Module,
    ][];
    const names = children.map(([name]) => name);
    const wanted = Object.keys(Object(returnLayers));
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown !== undefined || wanted.length === 0) {
      const expected = `layers of the model: ${names.join(", ")}`;
      throw new OptionError("IntermediateLayers", "returnLayers", JSON.stringify(returnLayers), expected);
    }
    const end = Math.max(...wanted.map((name) => names.indexOf(name))) + 1;
    const kept = children.slice(0, end);
    this.layers = Object.fromEntries(kept);
    this.returnLayers = returnLayers;
    this.#model = model;
    for (const [name] of children.slice(end)) replaceModule(model, name, new Identity());
    this.maps = this.#measure(inChannels);
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(
      Object.keys(this.layers).map((name) => [`layers.${name}`, { name: snakeCase(name) }]),
    );
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, height / stride, width / stride, channel]` by name
   */
  forward(images: Tensor4D): FeatureMaps {
    const caught: Record<string, Tensor4D> = {};
    const run = (): unknown => {
      const model = this.#model;
      return "forwardFeatures" in model ? model.forwardFeatures(images) : model.forward(images);
    };
    const through = Object.entries(this.returnLayers).reduce((body, [layer, name]) => {
      const keepCopy = (y: Tensor4D): Tensor4D => {
        caught[name] = keep(clone(y));
        return y;
      };
      return () => intercept(this.layers[layer] as Module & Layer<never, Tensor4D>, keepCopy, body);
    }, run);
    try {
      return tidyLeaves(() => {
        through();
        const ordered = Object.values(this.returnLayers).map((name) => [name, caught[name] as Tensor4D]);
        return mapLeaves(Object.fromEntries(ordered) as Record<string, Tensor4D>, (map) => clone(map));
      });
    } finally {
      disposeLeaves(caught);
    }
  }

  /** The maps of an image of zeros, whose size is a multiple of every stride. */
  #measure(inChannels: number): FeatureMapInfo[] {
    const size = 64;
    const shapes = tidyLeaves(() =>
      Object.entries(this.forward(zeros<Rank.R4>([1, size, size, inChannels]))).map(([name, { shape }]) => ({
        name,
        channels: shape[3],
        stride: size / shape[1],
      })),
    );
    return shapes.toSorted((a, b) => a.stride - b.stride);
  }
}

function snakeCase(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
}
