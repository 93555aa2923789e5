import {
  intercept,
  type Module,
  trace,
  type Trace,
  type TracedCall,
  type TracedStructure,
} from "@pellucid/core-train";
import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { nodesOutside } from "./nodes-outside.ts";
import { refuseDraws } from "./refuse-draws.ts";
import { torchLayer } from "./torch-layers.ts";
import { valuesIn } from "./values-in.ts";
import { torchOps } from "./torch-ops.ts";

/** Any model. */
export type AnyModel = Module & { forward(...inputs: never[]): unknown };

/**
 * A trace in which each dropout is followed by a product with 1, so that its output is another value than its input, as it is in training. An op outside of the
 * layers of `torch.nn` that has no form in PyTorch is taken apart, unless its
 * gradient is not that of its parts, as of spikes.
 */
export function traceForTorch(
  model: AnyModel,
  inputs: readonly unknown[],
  fixed: readonly string[] = [],
): Trace {
  const dropouts = [...model.namedModules()]
    .map(([, module]) => module)
    .filter((module) => torchLayer(module)?.drops === true);
  const run = (known: (op: string) => boolean): Trace =>
    dropouts.reduce<() => Trace>(
      (body, layer) => () => intercept(layer as never, (y: Tensor) => mul(y, 1), body),
      () => refuseDraws(() => trace(model, inputs as never, { known, fixed })),
    )();
  const whole = run(() => true);
  const strange = new Set(
    nodesOutside(whole.root).flatMap(({ op }) =>
      torchOps.has(op) || op.startsWith("PellucidSpike") ? [] : [op],
    ),
  );
  const traced = strange.size === 0 ? whole : run((op) => !strange.has(op));
  return { ...traced, root: withoutFixed(traced) };
}

/** A call without the inputs that are the same in every run: what reads them has them as a field of its own. */
function withoutFixed({ root, inputs }: Trace): TracedCall {
  const fixed = new Set(root.inputs.flatMap(valuesIn).filter((name) => !inputs.includes(name)));
  if (fixed.size === 0) return root;
  const without = (structure: TracedStructure): TracedStructure => {
    if (structure.kind === "value")
      return fixed.has(structure.name) ? { kind: "host", value: null } : structure;
    if (structure.kind === "list") return { kind: "list", items: structure.items.map(without) };
    if (structure.kind === "host") return structure;
    const fields = Object.entries(structure.fields).map(([name, field]) => [name, without(field)]);
    return { kind: "record", fields: Object.fromEntries(fields) as Record<string, TracedStructure> };
  };
  const visit = (call: TracedCall): TracedCall => ({
    ...call,
    inputs: call.inputs.map(without),
    body: call.body.map((item) => (item.kind === "call" ? visit(item) : item)),
  });
  return visit(root);
}
