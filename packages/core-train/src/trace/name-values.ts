import { type RecordedCall, type RecordedRun, valuesIn } from "./recorded-run.ts";

/**
 * Gives each value a name: inputs, parameters and buffers theirs, what a module returns the path of the module (of the innermost, if several
 * return it), and other results the path of their module and their op. A name that is taken gets a number.
 */
export function nameValues({ values, root }: RecordedRun): readonly string[] {
  const taken = new Set<string>();
  const unique = (name: string): string => {
    let found = name;
    for (let n = 2; taken.has(found); n++) found = `${name}_${n}`;
    taken.add(found);
    return found;
  };
  const names = values.map(({ kind, name }) =>
    kind === "input" || kind === "parameter" || kind === "buffer" ? unique(name) : "",
  );
  const nameOutputs = (call: RecordedCall): void => {
    const made = new Set<number>();
    for (const part of call.body) {
      if (part.kind === "call") nameOutputs(part);
      for (const value of part.kind === "call" ? valuesIn(part.output) : part.outputs) made.add(value);
    }
    const outputs = valuesIn(call.output);
    for (const [i, value] of outputs.entries())
      if (call.path !== "" && made.has(value) && names[value] === "")
        names[value] = unique(outputs.length === 1 ? call.path : `${call.path}.output${i}`);
  };
  nameOutputs(root);
  return names.map((name, value) => (name === "" ? unique(values[value]?.name ?? "value") : name));
}
