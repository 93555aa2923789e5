import type { TracedCall, TracedStructure } from "@pellucid/core-train";
import { atom, type PythonTensor, ours } from "./python-tensor.ts";
import { valuesIn } from "./values-in.ts";

/** What a call of attention asks of its `forward`. */
export interface MultiheadCallOptions {
  /** Asks for a function at the top of the file. */
  readonly support: (name: string) => string;
  /** The dtype of a value. */
  readonly dtype: (name: string) => string;
}

/** A call of `nn.MultiheadAttention`, whose masks mean what ours do: `True` blocks. */
export function multiheadCall(
  { inputs: [, given] }: TracedCall,
  accessor: string,
  inputs: readonly PythonTensor[],
  { support, dtype }: MultiheadCallOptions,
): string {
  const fields = fieldsOf(given);
  const names = Object.entries(fields).flatMap(([name, field]) => valuesIn(field).map(() => name));
  const found = Object.fromEntries(names.map((name, i) => [name, inputs[i + 1] as PythonTensor]));
  const [query = ""] = inputs.map(ours);
  const { key: keys, value: values, keyPaddingMask: padding, attnMask: mask } = found;
  const key = keys === undefined ? query : ours(keys);
  const value = values === undefined ? key : ours(values);
  const isCausal = isTrue(fields["isCausal"]);
  const args = [query, key, value];
  if (padding !== undefined) args.push(`key_padding_mask=${ours(padding)}`);
  args.push("need_weights=False");
  if (mask !== undefined || isCausal) {
    const later = isCausal ? `${support("causal_mask")}(${query}, ${key})` : "";
    const isBool = dtype(valuesIn(fields["attnMask"] ?? { kind: "list", items: [] })[0] ?? "") === "bool";
    args.push(`attn_mask=${mask === undefined ? later : joined(mask, isBool, later)}`);
  }
  return `${accessor}(${args.join(", ")})[0]`;
}

/** A mask that also blocks later keys. */
function joined(mask: PythonTensor, isBool: boolean, later: string): string {
  if (later === "") return ours(mask);
  return isBool
    ? `${atom({ ...mask, code: ours(mask) })} | ${later}`
    : `${atom({ ...mask, code: ours(mask) })}.masked_fill(${later}, float("-inf"))`;
}

function fieldsOf(given: TracedStructure | undefined): Readonly<Record<string, TracedStructure>> {
  if (given?.kind === "record") return given.fields;
  const options = given?.kind === "host" ? Object.entries(Object(given.value) as object) : [];
  return Object.fromEntries(options.map(([name, value]) => [name, { kind: "host", value }]));
}

function isTrue(field: TracedStructure | undefined): boolean {
  return field?.kind === "host" && field.value === true;
}
