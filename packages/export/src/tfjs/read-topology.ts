import { listOf, type JsonRecord, recordOf, show, textOf } from "./json-record.ts";
import { LayerConfig } from "./layer-config.ts";
import { TfjsError } from "./tfjs-error.ts";

/** An output of a call of a layer. */
export interface TensorOfCall {
  readonly layer: string;
  /** Which call of the layer. */
  readonly call: number;
  /** Which of its outputs. */
  readonly output: number;
}

/** Layers and how they are connected. */
export interface Topology {
  readonly layers: readonly LayerConfig[];
  /** Every call of every layer in an order in which each has its inputs. */
  readonly calls: readonly {
    readonly layer: string;
    readonly call: number;
    readonly inputs: readonly TensorOfCall[];
  }[];
  readonly inputs: readonly TensorOfCall[];
  readonly outputs: readonly TensorOfCall[];
}

/** The class of a model that is made of layers. */
export const modelClasses: readonly string[] = ["Sequential", "Model", "Functional"];

/**
 * Reads the layers of a model, in a row or as a graph.
 *
 * @throws {TfjsError} If it is malformed, or names layers that it does not have, or is a circle.
 */
export function readTopology(type: string, config: unknown): Topology {
  if (!modelClasses.includes(type))
    throw new TfjsError(`fromTfjs: the model is a ${show(type)}, expected ${modelClasses.join(", ")}.`);
  if (type === "Sequential") return inARow(config);
  return asGraph(recordOf(config, "the config of the model"));
}

function inARow(config: unknown): Topology {
  const list = Array.isArray(config) ? config : recordOf(config, "the config of the model")["layers"];
  const layers = checked(
    listOf(list, "layers")
      .map(layerOf)
      .filter(({ type }) => type !== "InputLayer"),
  );
  const [first] = layers;
  if (first === undefined) throw new TfjsError("fromTfjs: the model has no layers.");
  const input = { layer: "input", call: 0, output: 0 };
  const before = (i: number) =>
    i === 0 ? input : { layer: (layers[i - 1] as LayerConfig).name, call: 0, output: 0 };
  const calls = layers.map(({ name }, i) => ({ layer: name, call: 0, inputs: [before(i)] }));
  return { layers, calls, inputs: [input], outputs: [before(layers.length)] };
}

function asGraph(config: JsonRecord): Topology {
  const list = listOf(config["layers"], "layers");
  const layers = checked(list.map(layerOf));
  const nodes = list.map((layer, i) => {
    const { name } = layers[i] as LayerConfig;
    return listOf(recordOf(layer, "a layer")["inbound_nodes"], `inbound_nodes of "${name}"`).map((node) =>
      listOf(node, `a node of "${name}"`).map((reference) => referenceOf(reference, name)),
    );
  });
  const ends = (field: string) => {
    const given = listOf(config[field], field);
    const several = given.length > 0 && given.every(Array.isArray) ? given : [given];
    return several.map((reference) => referenceOf(reference, field));
  };
  const [inputs, outputs] = [ends("input_layers"), ends("output_layers")];
  const all = [...nodes.flat(2), ...outputs];
  const calls = layers.flatMap(({ name, type }, i) => {
    const own = nodes[i] ?? [];
    if (type === "InputLayer") return [];
    const used = all.filter(({ layer }) => layer === name).map(({ call }) => call);
    const first = modelClasses.includes(type) && used.includes(own.length) ? 1 : 0; // a nested model may count its own making
    return own.map((from, call) => ({ layer: name, call: call + first, inputs: from }));
  });
  return {
    layers: layers.filter(({ type }) => type !== "InputLayer"),
    calls: sorted(calls, inputs),
    inputs,
    outputs,
  };
}

function layerOf(value: unknown): LayerConfig {
  const layer = recordOf(value, "a layer");
  const type = textOf(layer["class_name"], "class_name of a layer");
  const given = layer["config"];
  const fields: JsonRecord = Array.isArray(given)
    ? { layers: given }
    : recordOf(given, `config of a ${type}`);
  return new LayerConfig(type, textOf(layer["name"] ?? fields["name"], `name of a ${type}`), fields);
}

function checked(layers: readonly LayerConfig[]): readonly LayerConfig[] {
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name)) throw new TfjsError(`fromTfjs: two layers are called "${name}".`);
    if (name === "" || name === "__proto__") throw new TfjsError(`fromTfjs: a layer is called "${name}".`);
    names.add(name);
  }
  return layers;
}

function referenceOf(value: unknown, where: string): TensorOfCall {
  const [layer, call, output, extra = {}] = listOf(value, `a reference of ${where}`);
  const isIndex = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  if (typeof layer !== "string" || !isIndex(call) || !isIndex(output))
    throw new TfjsError(
      `fromTfjs: a reference of ${where} is ${show(value)}, expected [layer, call, output].`,
    );
  if (Object.keys(recordOf(extra ?? {}, "the arguments of a call")).length > 0)
    throw new TfjsError(
      `fromTfjs: ${where} is called with arguments, ${show(extra)}, which are not imported.`,
    );
  return { layer, call, output };
}

/** Kahn's algorithm, in the file's order where there is a choice. */
function sorted(calls: Topology["calls"], inputs: readonly TensorOfCall[]): Topology["calls"] {
  const key = ({ layer, call }: Pick<TensorOfCall, "layer" | "call">) => `${call} ${layer}`;
  const made = new Set(inputs.map(key));
  const order: Topology["calls"][number][] = [];
  let left = calls;
  while (left.length > 0) {
    const ready = left.filter((one) => one.inputs.every((from) => made.has(key(from))));
    if (ready.length === 0) {
      const [{ layer, inputs: from }] = left as [Topology["calls"][number]];
      throw new TfjsError(
        `fromTfjs: "${layer}" needs ${from.map((one) => `call ${one.call} of "${one.layer}"`).join(", ")}, which is not there or needs it.`,
      );
    }
    order.push(...ready);
    for (const one of ready) made.add(key(one));
    left = left.filter((one) => !ready.includes(one));
  }
  return order;
}
