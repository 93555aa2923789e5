import type { Module } from "@pellucid/core-train";
import type { Variable } from "@tensorflow/tfjs-core";
import type { ClassDraft, Construct, FieldDraft } from "./class-draft.ts";
import type { WrittenForward } from "./forward-writer.ts";
import { className, isChain } from "./chain.ts";
import { hasLayers } from "./has-layers.ts";
import { fieldsOf, identity, type PythonField, type PythonSlot, type PythonTree } from "./python-tree.ts";
import { torchLayer } from "./torch-layers.ts";

/** The forwards of the classes of a model. */
export type Forwards = ReadonlyMap<Module, WrittenForward>;

/** The class of a model before it has a name and parameters, with the lines that tie its weights. */
export function modelDraft(model: Module, forwards: Forwards, tree: PythonTree): ClassDraft {
  const made = draftOf(model, forwards, tree);
  return { ...made, fields: [...made.fields, ...tiesOf(tree)] };
}

function draftOf(module: Module, forwards: Forwards, tree: PythonTree): ClassDraft {
  const written = forwards.get(module);
  const fields = fieldsOf(module).flatMap(([name, field, key]) => {
    const at = isChain(module) ? key : name;
    return fieldDraft(at, field, module, forwards, tree);
  });
  const constants = [...(written?.constants ?? [])].map(([name, key]): FieldDraft => ({
    name,
    kind: "constant",
    key,
  }));
  return {
    type: className(module),
    base: isChain(module) ? "nn.Sequential" : "nn.Module",
    fields: [...fields, ...constants],
    params: written?.params ?? [],
    lines: written?.lines ?? [],
  };
}

function fieldDraft(
  name: string,
  field: PythonField,
  owner: Module,
  forwards: Forwards,
  tree: PythonTree,
): readonly FieldDraft[] {
  if (field.kind === "variable") {
    const own = [...(tree.modules.get(owner)?.[0]?.steps ?? []), `.${name}`];
    const slot = slotsFor(field.variable, tree).find(({ steps }) => String(steps) === String(own));
    const axes = slot?.axes ?? identity(field.variable.rank);
    const shape = axes.map((_, axis) => field.variable.shape[axes.indexOf(axis)] ?? NaN);
    return [{ name, kind: field.type, shape, isInteger: field.variable.dtype === "int32" }];
  }
  const made = constructOf(field, owner, name, forwards, tree) ?? (isChain(owner) ? identityLayer : null);
  return made === null ? [] : [{ name, kind: "module", made }];
}

/** What stands for a function, so that what comes after it has its number. */
const identityLayer: Construct = { kind: "call", callee: "nn.Identity", args: [] };

function slotsFor(variable: Variable, tree: PythonTree): readonly PythonSlot[] {
  return tree.variables.get(variable) ?? [];
}

/** Lines that tie what two fields share, but for records, whose own lines do it. */
function tiesOf(tree: PythonTree): readonly FieldDraft[] {
  return [...tree.variables.values()].flatMap(([first, ...others]) =>
    others
      .filter(({ steps }) => !(steps.length === 2 && (steps[1] ?? "").startsWith('["')))
      .map(({ steps }): FieldDraft => {
        const at = `self${steps.join("")}`;
        return { name: at, kind: "tie", code: `${at} = self${first?.steps.join("") ?? ""}` };
      }),
  );
}

function constructOf(
  field: PythonField,
  owner: Module,
  name: string,
  forwards: Forwards,
  tree: PythonTree,
): Construct | null {
  if (field.kind === "module") {
    const { module } = field;
    const layer = torchLayer(module);
    if (layer !== null) return { kind: "call", callee: layer.callee, args: layer.args };
    if (!hasLayers(module)) return null;
    const draft = draftOf(module, forwards, tree);
    return isPlainChain(draft)
      ? { kind: "chain", items: draft.fields.flatMap((one) => (one.kind === "module" ? [one.made] : [])) }
      : { kind: "class", draft };
  }
  if (field.kind === "variable") return null;
  const isParameters = field.items.some(([, item]) => item.kind === "variable");
  if (isParameters) {
    const own = tree.modules.get(owner)?.[0]?.steps ?? [];
    const entries = field.items.map(([key, item]) => {
      const { variable } = item as { readonly variable: Variable };
      const [{ steps, axes }] = slotsFor(variable, tree) as [PythonSlot];
      const isElsewhere = own.some((step, i) => steps[i] !== step); // and tied to it by the model
      const isFirst = isElsewhere || (steps.includes(`["${key}"]`) && steps.includes(`.${name}`));
      const shape = axes.map((_, axis) => variable.shape[axes.indexOf(axis)]);
      const code = isFirst
        ? `nn.Parameter(torch.empty(${shape.join(", ")}))`
        : `self${steps.slice(own.length).join("")}`;
      return [key, code] as const;
    });
    return { kind: "parameters", entries };
  }
  const items = field.items.flatMap(([key, item]) => {
    const made = constructOf(item, owner, name, forwards, tree) ?? (field.isList ? identityLayer : null);
    return made === null ? [] : [[key, made] as const];
  });
  if (items.every(([, made]) => isIdentity(made))) return null;
  return !field.isList
    ? { kind: "dict", entries: items }
    : { kind: "list", items: items.map(([, made]) => made) };
}

/** Whether a chain does what `nn.Sequential` does. */
function isPlainChain({ base, lines, fields }: ClassDraft): boolean {
  if (base !== "nn.Sequential") return false;
  const called = lines.map(
    ({ code }) => /^(?:x = |return )self\[(\d+)\]\(x\)$/.exec(code)?.[1] ?? (code === "return x" ? "" : null),
  );
  if (called.includes(null)) return lines.length === 0;
  const order = called.filter((i) => i !== "").map(Number);
  const layers = fields.flatMap((field, i) =>
    field.kind === "module" && !isIdentity(field.made) ? [i] : [],
  );
  return order.length === layers.length && order.every((i, k) => i === layers[k]);
}

function isIdentity(made: Construct): boolean {
  return made.kind === "call" && made.callee === "nn.Identity";
}
