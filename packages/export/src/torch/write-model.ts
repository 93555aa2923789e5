import type { HostTensor, Module, Trace } from "@pellucid/core-train";
import { ClassWriter } from "./class-writer.ts";
import { ForwardRegistry } from "./forward-registry.ts";
import { channelsFirst, type PythonTensor, pythonTensor } from "./python-tensor.ts";
import { className } from "./chain.ts";
import { layerClass } from "./layer-class.ts";
import { MissingSizeError } from "./missing-size-error.ts";
import { modelDraft } from "./model-draft.ts";
import { modelFile } from "./model-file.ts";
import { identity, type PythonTree, pythonTree } from "./python-tree.ts";
import { torchLayer } from "./torch-layers.ts";
import { type AnyModel, traceForTorch } from "./trace-for-torch.ts";

/** A model as Python source. */
export interface WrittenModel {
  /** `model.py` */
  readonly source: string;
  /** The class of the model. */
  readonly name: string;
  readonly tree: PythonTree;
  /** Numbers that the source reads from a file of their own. */
  readonly tables: Readonly<Record<string, HostTensor>>;
  /** The inputs by name, with what each is in Python: images have their channels first. */
  readonly inputs: readonly WrittenInput[];
  /** The order of the axes of each output: our axis `i` is axis `axes[i]` in Python. */
  readonly outputs: readonly (readonly number[])[];
}

/** An input of a model in Python. */
export interface WrittenInput {
  readonly name: string;
  readonly axes: readonly number[];
}

/** Writes a model from a trace of it. */
export function writeModel(
  model: AnyModel,
  inputs: readonly unknown[],
  fixed: readonly string[],
): WrittenModel {
  const tree = pythonTree(model);
  const traced = traceForTorch(model, inputs, fixed);
  const given = traced.inputs.map((name) => inputOf(traced, name));
  const layer = torchLayer(model);
  const written = { name: className(model), tree, inputs: inputsOf(traced, given) };
  if (layer !== null) {
    const { classes, outputs } = layerClass(traced, layer, given);
    const source = modelFile({
      name: written.name,
      classes,
      supports: [],
      hasTables: false,
      hasImages: hasImages(given),
    });
    return { ...written, source, tables: {}, outputs };
  }
  const { registry, outputs } = registryOf(traced, tree, given);
  const source = modelFile({
    name: written.name,
    classes: new ClassWriter(modelDraft(model, registry.forwards, tree)).source(),
    supports: [...registry.supports],
    hasTables: registry.tables.size > 0,
    hasImages: hasImages(given),
  });
  const axes = outputs.map((y) => y.axes);
  return { ...written, source, tables: Object.fromEntries(registry.tables), outputs: axes };
}

/**
 * Writes the `forward` of every class. A module whose code needs a size that only its caller knows is written within its caller: where one is found,
 * all are written again with it inlined.
 */
function registryOf(
  traced: Trace,
  tree: PythonTree,
  given: readonly PythonTensor[],
  inlined: ReadonlySet<Module> = new Set(),
): { readonly registry: ForwardRegistry; readonly outputs: readonly PythonTensor[] } {
  const registry = new ForwardRegistry(traced, tree, inlined);
  try {
    return { registry, outputs: registry.write(traced.root, given, true).outputs };
  } catch (error) {
    if (!(error instanceof MissingSizeError) || error.module === traced.root.module) throw error;
    return registryOf(traced, tree, given, new Set([...inlined, error.module]));
  }
}

function hasImages(given: readonly PythonTensor[]): boolean {
  return given.some(({ axes }) => axes.length > 3);
}

function inputsOf({ inputs }: Trace, given: readonly PythonTensor[]): readonly WrittenInput[] {
  return inputs.map((name, i) => ({ name, axes: (given[i] as PythonTensor).axes }));
}

/** Images and volumes of real numbers come with their channels first. */
function inputOf({ values }: Trace, name: string): PythonTensor {
  const value = values.get(name);
  const rank = value?.shape.length ?? 0;
  const axes = rank > 3 && value?.dtype === "float32" ? channelsFirst(rank) : identity(rank);
  return pythonTensor(name, rank, [], { axes });
}
