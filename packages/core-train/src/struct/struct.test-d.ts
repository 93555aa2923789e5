import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { expectTypeOf } from "vitest";
import { gradient } from "../gradient.ts";
import type { Layer } from "../module/layer.ts";
import { capture } from "../observe/capture.ts";
import { gradientAt } from "../observe/gradient-at.ts";
import type { Structured } from "./struct.ts";

declare function take<X extends Structured<X>>(x: X): X;
declare const rows: Tensor2D;
declare const score: () => Tensor1D;

interface GraphBatch {
  readonly x: Tensor2D;
  readonly edgeIndex: Tensor2D;
  readonly names?: readonly string[];
}
class Gaussian {
  readonly mean: Tensor2D = rows;
  readonly samples: number = 1;
}
declare const graph: GraphBatch;

// interfaces, class instances, lists and host values are structures, and keep their type
expectTypeOf(take(graph)).toEqualTypeOf<GraphBatch>();
expectTypeOf(take(new Gaussian())).toEqualTypeOf<Gaussian>();
expectTypeOf(take([graph, graph])).toEqualTypeOf<GraphBatch[]>();
expectTypeOf(take(rows)).toEqualTypeOf<Tensor2D>();
expectTypeOf(take({ tokens: rows, lengths: new Int32Array(2), mask: null }).tokens).toEqualTypeOf<Tensor2D>();
const any: Tensor | GraphBatch = take(graph as Tensor | GraphBatch);
void any;

// what is not, is not
// @ts-expect-error: a function
take({ x: rows, f: () => rows });
// @ts-expect-error: also further in
take({ x: [{ f: () => rows }] });
// @ts-expect-error: a map
take({ x: new Map([["a", rows]]) });
// @ts-expect-error: a promise
take({ x: Promise.resolve(rows) });

// observation gives the layer's own output type
declare const encoder: Layer<GraphBatch, Gaussian>;
expectTypeOf(capture(encoder, score)).toEqualTypeOf<Gaussian>();
expectTypeOf(gradientAt(encoder, score).gradient).toEqualTypeOf<Gaussian>();
expectTypeOf(gradient((at: GraphBatch) => at.x)(graph)).toEqualTypeOf<GraphBatch>();
