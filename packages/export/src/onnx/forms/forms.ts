import type { TracedNode } from "@pellucid/core-train";
import { elementwiseForms } from "./elementwise-forms.ts";
import type { Form } from "./form.ts";
import { linearForms } from "./linear.ts";
import { shapeForms } from "./shape.ts";

type Forms = Readonly<Record<string, Form>>;

/** The forms that most models need. */
const usual: Forms = { ...elementwiseForms, ...linearForms, ...shapeForms };

/** Others, which are loaded for models that have one of these ops. */
export const parts: readonly (readonly [ops: string, load: () => Promise<Forms>])[] = [
  [
    "PellucidConv2d PellucidConv2dWithBias PellucidConv2dInput maxPool2d avgPool2d interpolate",
    async () => (await import("./convolution.ts")).convolutionForms,
  ],
  [
    "Sum Mean Max Min Prod All Any PellucidAmax PellucidAmin PellucidMax PellucidMin PellucidLogSumExp Softmax LogSoftmax PellucidSoftmax PellucidLogSoftmax ArgMax ArgMin Cumsum TopK",
    async () => (await import("./reduction.ts")).reductionForms,
  ],
  [
    "PellucidBatchNormInference PellucidLayerNorm PellucidRmsNorm PellucidGroupNorm",
    async () => (await import("./norm.ts")).normForms,
  ],
  ["PellucidAttention", async () => (await import("./attention.ts")).attentionForms],
  [
    "PellucidLstm PellucidGru PellucidRnn PellucidSelectiveScan",
    async () => (await import("./recurrent.ts")).recurrentForms,
  ],
  [
    "PellucidEmbedding GatherV2 GatherNd ScatterNd UnsortedSegmentSum OneHot",
    async () => (await import("./indexing.ts")).indexingForms,
  ],
  ["Slice StridedSlice Reverse", async () => (await import("./slicing.ts")).slicingForms],
  ["Concat SplitV Pack Unpack", async () => (await import("./joining.ts")).joiningForms],
  [
    "PadV2 pad MirrorPad Fill ZerosLike OnesLike Range",
    async () => (await import("./filling.ts")).fillingForms,
  ],
  ["roiAlign NonMaxSuppressionV3", async () => (await import("./detection.ts")).detectionForms],
];

const partOf = new Map(parts.flatMap(([ops, load]) => ops.split(" ").map((op) => [op, load] as const)));

/** Whether an op has a form in ONNX. */
export function hasForm(op: string): boolean {
  return Object.hasOwn(usual, op) || partOf.has(op);
}

/** The forms of the ops of a trace, by their names there. */
export async function formsOf(nodes: readonly TracedNode[]): Promise<Forms> {
  const needed = new Set(nodes.flatMap(({ op }) => partOf.get(op) ?? []));
  const loaded = await Promise.all([...needed].map((load) => load()));
  return Object.assign({}, usual, ...loaded) as Forms;
}
