import type { Tensor } from "@tensorflow/tfjs-core";
import { tracing } from "./tracer.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * Runs `body`, which a {@link trace} shows as one op called `name`, not as the ops that it is made of: other frameworks have this op,
 * and what it is made of depends on the sizes of its inputs.
 */
export function traceable<Y extends Tensor>(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object,
  body: () => Y,
): Y {
  checkFunction("traceable", "body", body);
  return tracing.tracer === null ? body() : tracing.tracer.asOne(name, inputs, attributes, body);
}
