import { modelGraph } from "@pellucid/interpret";
import { graph } from "@pellucid/interpret/draw";
import { type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { subject, type SubjectName } from "../nets/subjects.ts";

export interface Options {
  readonly net: SubjectName;
}

export const options: Options = { net: "shapes" };

export async function program({ net }: Options) {
  const { model, shape, title } = await subject(net);
  const x: Tensor4D = zeros([1, ...shape]);
  const { nodes, edges } = modelGraph(model, x);
  x.dispose();
  return { pictures: [graph({ nodes, edges }, { title })], nodes, edges };
}
