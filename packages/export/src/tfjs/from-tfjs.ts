import {
  checkArguments,
  checkOptions,
  checkRng,
  type Layer,
  Module,
  type Rng,
  type Struct,
  tidyLeaves,
} from "@pellucid/core-train";
import { clone, Tensor } from "@tensorflow/tfjs-core";
import { recordOf, show, textOf } from "./json-record.ts";
import { LayerGraph } from "./layer-graph.ts";
import { makeLayer } from "./make-layer.ts";
import { readTopology, type Topology } from "./read-topology.ts";
import { TfjsError } from "./tfjs-error.ts";
import { readTfjsWeights, type TfjsFiles } from "./tfjs-weights.ts";

/** Options for {@link fromTfjs}. */
export interface FromTfjsOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
}

/**
 * Imports a model of tfjs-layers, or one that `tensorflowjs_converter` made of a Keras model, to train and explain it here.
 *
 * ```ts
 * const json = await (await fetch("model.json")).text();
 * const model = fromTfjs(json, await (await fetch("group1-shard1of1.bin")).arrayBuffer(), { rng: new Rng(0) });
 * model.forward(images); // what tfjs' model.predict(images) gives
 * ```
 *
 * Layers become those of the core with the same numbers; their weights are at `graph.layers.NAME`, frozen where `trainable` is false. A model
 * of several inputs or outputs takes or gives a record by the names of its input or output layers. Regularizers and constraints are not part
 * of a layer here and are not imported: use `addDecayedWeights`. In training, running variances are PyTorch's, unbiased.
 *
 * @param model `model.json`, as a text or parsed
 * @param weights the files that it names, in its order
 * @throws {TfjsError} If the file is malformed or cut off, or has a class or an option that cannot be imported.
 */
export function fromTfjs<In extends Struct = Tensor, Out extends Struct = Tensor>(
  model: string | object,
  weights: TfjsFiles,
  options: FromTfjsOptions,
): TfjsModel<In, Out> {
  checkRng("fromTfjs", options);
  checkOptions("fromTfjs", options, ["rng"]);
  const json = recordOf(typeof model === "string" ? parsed(model) : model, "model.json");
  if (json["format"] === "graph-model" || "node" in Object(json["modelTopology"]))
    throw new TfjsError(
      "fromTfjs: model.json is a graph model, expected a layers model: convert the Keras model with output format tfjs_layers_model.",
    );
  const saved = recordOf(json["modelTopology"], "modelTopology");
  const outer = "model_config" in saved ? recordOf(saved["model_config"], "model_config") : saved;
  const type = textOf(outer["class_name"], "class_name of the model");
  const topology = readTopology(type, outer["config"]);
  const found = readTfjsWeights(json["weightsManifest"], weights);
  const made: Module[] = [];
  const own = <M extends Module>(module: M): M => {
    made.push(module);
    return module;
  };
  try {
    const graph = new LayerGraph(topology, { weights: found, rng: options.rng, depth: 0, own }, makeLayer);
    found.checkAllTaken();
    return new TfjsModel<In, Out>(graph, topology);
  } catch (error) {
    for (const module of made) module.dispose();
    throw error;
  }
}

/** A model that {@link fromTfjs} imported. */
export class TfjsModel<In extends Struct = Tensor, Out extends Struct = Tensor>
  extends Module
  implements Layer<In, Out>
{
  readonly graph: LayerGraph;
  readonly #inputs: readonly string[];
  readonly #outputs: readonly string[];

  constructor(graph: LayerGraph, topology: Topology) {
    checkArguments("TfjsModel", { module: { graph }, "{ layers, calls, inputs, outputs }": { topology } });
    const { inputs, outputs } = topology;
    super();
    if (!(graph instanceof LayerGraph))
      throw new TfjsError("TfjsModel: it is not made by new, but by fromTfjs(model, weights, options).");
    this.graph = graph;
    this.#inputs = inputs.map(({ layer }) => layer);
    this.#outputs = outputs.map(({ layer }) => layer);
  }

  /**
   * @param input a tensor, or a record by the names of the input layers
   * @returns a tensor, or a record by the names of the output layers
   * @throws {TfjsError} If an input is missing or unknown.
   */
  forward(input: In): Out {
    const tensors = this.#tensorsOf(input);
    return tidyLeaves(() => {
      const outputs = this.graph.run(tensors).map((y) => (tensors.includes(y) ? clone(y) : y));
      const [only] = outputs;
      const result =
        outputs.length === 1 ? only : Object.fromEntries(outputs.map((y, i) => [this.#outputs[i], y]));
      return result as Out;
    });
  }

  #tensorsOf(input: Struct): readonly Tensor[] {
    if (this.#inputs.length === 1 && input instanceof Tensor) return [input];
    const fields = Object.entries(input instanceof Tensor ? {} : input);
    const tensors = this.#inputs.map((name) => fields.find(([field]) => field === name)?.[1]);
    if (fields.length !== this.#inputs.length || !tensors.every((x) => x instanceof Tensor)) {
      const actual = input instanceof Tensor ? "a tensor" : Object.keys(input).join(", ");
      const expected = this.#inputs.length === 1 ? "a tensor" : `tensors ${this.#inputs.join(", ")}`;
      throw new TfjsError(`TfjsModel: the input is ${actual}, expected ${expected}.`);
    }
    return tensors;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TfjsError(`fromTfjs: model.json is not JSON: ${show(text.slice(0, 40))}.`, { cause });
  }
}
