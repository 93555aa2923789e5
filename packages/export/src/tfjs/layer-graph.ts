import { Module } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerSource, MadeLayer } from "./made-layer.ts";
import { TfjsError } from "./tfjs-error.ts";
import type { TensorOfCall, Topology } from "./read-topology.ts";

/** Layers by name, and what runs them in their order. */
export class LayerGraph extends Module {
  readonly layers: Readonly<Record<string, Module>>;
  readonly #topology: Topology;
  readonly #made: ReadonlyMap<string, MadeLayer>;

  constructor(
    topology: Topology,
    source: Omit<LayerSource, "config" | "scope">,
    make: (source: LayerSource) => MadeLayer,
  ) {
    super();
    const made = new Map(
      topology.layers.map((config) => [config.name, make({ ...source, config, scope: config.name })]),
    );
    const modules = [...made].flatMap(([name, { module }]) =>
      module === null ? [] : [[name, module] as const],
    );
    this.layers = Object.fromEntries(modules);
    this.#topology = topology;
    this.#made = made;
    const outputs = new Set([...topology.inputs, ...topology.calls].map((one) => `${one.call} ${one.layer}`));
    for (const { layer, call } of topology.outputs)
      if (!outputs.has(`${call} ${layer}`))
        throw new TfjsError(`fromTfjs: the output is call ${call} of "${layer}", which is not there.`);
  }

  /** The outputs for the inputs, in the order of the file. */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    const { calls, inputs: from, outputs } = this.#topology;
    const results = new Map(
      from.map(({ layer, call }, i) => [`${call} ${layer}`, [inputs[i] as Tensor] as readonly Tensor[]]),
    );
    const at = ({ layer, call, output }: TensorOfCall): Tensor => {
      const found = results.get(`${call} ${layer}`)?.[output];
      if (found === undefined) throw new TfjsError(`TfjsModel: "${layer}" has no output ${output}.`);
      return found;
    };
    for (const one of calls) {
      const made = this.#made.get(one.layer) as MadeLayer;
      results.set(`${one.call} ${one.layer}`, made.run(one.inputs.map(at)));
    }
    return outputs.map(at);
  }
}
