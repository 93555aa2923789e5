import type { Conv2d, Layer, Module } from "@pellucid/core-train";
import type { LabeledImages } from "@pellucid/datasets";
import type { SubjectName } from "./subjects.ts";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** A trained model with its data: what a story is about. */
export interface Subject {
  readonly name: SubjectName;
  /** What visitors choose: `8×8 digits`. */
  readonly title: string;
  readonly model: Module & Layer<Tensor4D, Tensor2D>;
  /** Of one picture. */
  readonly shape: readonly [height: number, width: number, color: number];
  readonly classes: readonly string[];
  /** The layers with spatial outputs, from the first to the last, by their paths. */
  readonly layers: Readonly<Record<string, Layer<never, Tensor4D>>>;
  readonly first: Conv2d;
  /** The input of its last, linear layer: `[batch, feature]`. */
  readonly features: (images: Tensor4D) => Tensor2D;
  /** Pictures unseen in training. */
  readonly unseen: () => Promise<LabeledImages<Float32Array>>;
  /** The least brightness of a pixel that is part of the drawing. */
  readonly inkFrom: number;
}

/** The first or the last of these layers, with its path. */
export function layerAt(
  { layers }: Subject,
  end: "first" | "last",
): readonly [path: string, layer: Layer<never, Tensor4D>] {
  return Object.entries(layers).at(end === "first" ? 0 : -1) as [string, Layer<never, Tensor4D>];
}
