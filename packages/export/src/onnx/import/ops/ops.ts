import type { OnnxOp } from "../call.ts";
import { convolutionOps } from "./convolution.ts";
import { detectionOps } from "./detection.ts";
import { elementwiseOps } from "./elementwise.ts";
import { indexingOps } from "./indexing.ts";
import { linearOps } from "./linear.ts";
import { normOps } from "./norm.ts";
import { poolingOps } from "./pooling.ts";
import { recurrentOps } from "./recurrent.ts";
import { reductionOps } from "./reduction.ts";
import { resizeOps } from "./resize.ts";
import { shapeOps } from "./shape.ts";

/** The ops that can be imported. */
export const ops: ReadonlyMap<string, OnnxOp> = new Map(
  Object.entries({
    ...convolutionOps,
    ...detectionOps,
    ...elementwiseOps,
    ...indexingOps,
    ...linearOps,
    ...normOps,
    ...poolingOps,
    ...recurrentOps,
    ...reductionOps,
    ...resizeOps,
    ...shapeOps,
  }),
);
