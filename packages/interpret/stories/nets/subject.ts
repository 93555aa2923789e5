import type { Conv2d, Layer, Module } from "@pellucid/core-train";
import type { LabeledImages } from "@pellucid/datasets";
import type { SubjectName } from "./subjects.ts";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** A trained net with what it was trained for: what a story asks about. */
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
  /** What goes into its last, linear layer: `[batch, feature]`. */
  readonly features: (images: Tensor4D) => Tensor2D;
  /** Pictures that it has not seen in training. */
  readonly unseen: () => Promise<LabeledImages<Float32Array>>;
  /** From which brightness on a pixel is part of what is drawn. */
  readonly inkFrom: number;
}

/** The first or the last of these layers, with its path. */
export function layerAt(
  { layers }: Subject,
  end: "first" | "last",
): readonly [path: string, layer: Layer<never, Tensor4D>] {
  return Object.entries(layers).at(end === "first" ? 0 : -1) as [string, Layer<never, Tensor4D>];
}
