import type { Layer } from "@pellucid/core-train";
import {
  ablationCam,
  type Attribution,
  type Baseline,
  classScore,
  completenessDelta,
  deepLift,
  gradCam,
  gradientShap,
  inputXGradient,
  integratedGradients,
  kernelShap,
  lime,
  lrp,
  occlusion,
  rise,
  saliency,
  type Score,
  type Segments,
  shapley,
  smooth,
  tokenScore,
} from "@pellucid/interpret";
import type { Rng } from "@pellucid/core-train";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { expectTypeOf } from "vitest";

interface Graph {
  readonly x: Tensor2D;
  readonly edgeIndex: Tensor2D;
  readonly names?: readonly string[];
}
interface Text {
  readonly tokens: Tensor2D;
  readonly lengths: Tensor1D;
}
declare const model: Layer<Graph, Tensor2D>;
declare const language: Layer<Text, Tensor3D>;
declare const graph: Graph;
declare const rng: Rng;
declare const segments: Segments;
declare const images: Layer<Tensor4D, Tensor2D>;

// a score takes what its model takes, and an attribution is what was attributed
const score = classScore(model, 1);
expectTypeOf(score).toEqualTypeOf<Score<Graph>>();
expectTypeOf(saliency(score)(graph)).toEqualTypeOf<Graph>();
expectTypeOf(inputXGradient(score)(graph)).toEqualTypeOf<Graph>();
expectTypeOf(integratedGradients(score)(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(gradientShap(score, { rng, baselines: graph })(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(smooth(saliency(score), { rng })(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(completenessDelta(score, { map: graph, x: graph })).toEqualTypeOf<Tensor1D>();
// @ts-expect-error an attribution and its input have names, so that they cannot be swapped
completenessDelta(score, graph, graph);
expectTypeOf(tokenScore(language, 3)).toEqualTypeOf<Score<Text>>();
declare const layer: Layer<never, Tensor>;
expectTypeOf(gradCam(score, layer)(graph)).toEqualTypeOf<Tensor>();
expectTypeOf<Attribution<Graph>>().toEqualTypeOf<(x: Graph) => Graph | Promise<Graph>>();
expectTypeOf<Baseline<Graph>>().toEqualTypeOf<number | Graph>();
expectTypeOf<Baseline<Tensor4D>>().toEqualTypeOf<number | Tensor>();

// a baseline of a structure is a structure
declare const image: Tensor4D;
integratedGradients(score, { baseline: graph });
// @ts-expect-error: a tensor
integratedGradients(score, { baseline: image });

// what hides parts of an image does not take a graph
// @ts-expect-error: an image has a window, a graph has none
occlusion(score, { window: [2, 2] });
// @ts-expect-error: nor masks of an image
rise(score, { rng });

// what hides float tensors takes structures; segments are one for each of them
expectTypeOf(shapley(score, { rng })(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(kernelShap(score, { rng, baseline: graph })(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(lime(score, { rng, segments: [segments] })(graph)).toEqualTypeOf<Promise<Graph>>();
expectTypeOf(deepLift(score, { baseline: graph })(graph)).toEqualTypeOf<Graph>();
expectTypeOf(lrp(score)(graph)).toEqualTypeOf<Graph>();
expectTypeOf(ablationCam(score, layer)(graph)).toEqualTypeOf<Promise<Tensor>>();
// @ts-expect-error: segments of one tensor
shapley(score, { rng, segments });
const pixels = classScore(images, 1);
expectTypeOf(shapley(pixels, { rng, segments })(image)).toEqualTypeOf<Promise<Tensor4D>>();

// inputs must be structures
// @ts-expect-error: a function
type Wrong = Score<{ readonly f: () => Tensor }>;
declare const wrong: Wrong;
void wrong;
