import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { ByPath } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** How a parameter stands to its gradient. */
export interface Flow {
  readonly path: string;
  /** `‖gradient‖ / ‖parameter‖`; a step of learning rate `r` moves it by `r` times that. */
  readonly ratio: number;
  readonly gradientNorm: number;
  readonly alarm: "not a number" | "infinite" | "no gradient" | "vanishing" | "exploding" | null;
}

/** Where {@link gradientFlow} raises an alarm. */
export interface GradientFlowOptions {
  /** Below this ratio a gradient vanishes. Default: 1e-7. */
  readonly vanishing?: number;
  /** Above this ratio it explodes. Default: 10. */
  readonly exploding?: number;
}

/** Does every parameter learn? From the gradients of `valueAndGradients`, with an alarm where not. */
export async function gradientFlow(
  parameters: ByPath<Tensor>,
  gradients: ByPath<Tensor>,
  options: GradientFlowOptions = {},
): Promise<Flow[]> {
  checkArguments("gradientFlow", {
    record: { parameters, gradients },
    "tensor[]": { parameters: Object.values(Object(parameters)) },
  });
  checkOptions("gradientFlow", options, ["vanishing", "exploding"]);
  const { vanishing = 1e-7, exploding = 10 } = options;
  const flows = Object.entries(parameters).map(async ([path, parameter]): Promise<Flow> => {
    const gradient = gradients[path];
    if (gradient === undefined) return { path, ratio: 0, gradientNorm: 0, alarm: "no gradient" };
    const [value, gradientValues] = await Promise.all([parameter.data(), gradient.data()]);
    const gradientNorm = norm(gradientValues);
    const ratio = gradientNorm / (norm(value) || 1);
    return { path, ratio, gradientNorm, alarm: alarmOf([...value, ...gradientValues], ratio) };
  });
  return Promise.all(flows);

  function alarmOf(values: readonly number[], ratio: number): Flow["alarm"] {
    if (values.some((v) => Number.isNaN(v))) return "not a number";
    if (values.some((v) => !Number.isFinite(v))) return "infinite";
    if (ratio < vanishing) return "vanishing";
    return ratio > exploding ? "exploding" : null;
  }
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? NaN) ** 2;
  return Math.sqrt(sum);
}
