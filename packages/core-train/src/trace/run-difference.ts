import type { RecordedRun } from "./recorded-run.ts";

/** How two runs differ in more than sizes, in words; `null` if they do not. */
export function differenceOf(a: RecordedRun, b: RecordedRun): string | null {
  for (const [i, node] of a.nodes.entries()) {
    const other = b.nodes[i];
    if (other === undefined || other.op !== node.op || other.path !== node.path)
      return `inputs of another size run ${other?.op ?? "nothing"} where ${node.op}${at(node.path)} runs.`;
    if (other.inputs.map(String).join() !== node.inputs.map(String).join())
      return `inputs of another size give ${node.op}${at(node.path)} other inputs.`;
    const ranks = [a, b].map(({ values }) => node.outputs.map((value) => values[value]?.sizes.length).join());
    if (other.outputs.length !== node.outputs.length || ranks[0] !== ranks[1])
      return `inputs of another size make ${node.op}${at(node.path)} return another number of tensors or axes.`;
  }
  if (b.nodes.length > a.nodes.length) return "inputs of another size run more ops.";
  return a.values.length === b.values.length &&
    JSON.stringify(a.root.output) === JSON.stringify(b.root.output)
    ? null
    : "inputs of another size give an output of another structure.";
}

function at(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}
