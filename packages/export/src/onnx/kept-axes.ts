import type { Trace } from "@pellucid/core-train";
import { refused } from "./forms/form.ts";

/** What may be made of the boxes that are kept, whose number is another for each picture: what is looked up by them, and what is computed number by number. */
const keeping =
  /^(Cast|Add|Sub|Multiply|RealDiv|Neg|Maximum|Minimum|ClipByValue|Exp|Sqrt|Pellucid(Relu|Sigmoid))$/;

/**
 * The axis of each value that has as many elements as boxes are kept by a suppression.
 *
 * @throws {ExportError} If an op needs that number; the error names the op.
 */
export function keptAxes({ nodes, values }: Trace): ReadonlyMap<string, number> {
  const axes = new Map<string, number>();
  for (const node of nodes) {
    const from = Object.entries(node.inputs).filter(([, value]) => axes.has(value));
    const [output = ""] = node.outputs;
    if (node.op === "NonMaxSuppressionV3") axes.set(output, 0);
    else if (from.length === 0) continue;
    else if (node.op === "GatherV2" && from.every(([name]) => name === "indices"))
      axes.set(output, Number(node.attributes["axis"] ?? 0));
    else if (keeping.test(node.op)) {
      const [value = ""] = from.map(([, name]) => name);
      const rankOf = (name: string): number => values.get(name)?.shape.length ?? 0;
      axes.set(output, (axes.get(value) as number) + rankOf(output) - rankOf(value));
    } else
      throw refused(
        node,
        "how many boxes are kept differs from picture to picture; only look up by them with gather, and leave the rest to who runs the file",
      );
  }
  return axes;
}
