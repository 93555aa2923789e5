import {
  checkShape,
  type HasTorchLayout,
  isTraining,
  type Layer,
  Module,
  parameter,
  permute,
  stateBuffer,
  type Struct,
  tidyLeaves,
  type TorchLayout,
  TraceError,
  updateBuffer,
} from "@pellucid/core-train";
import { cast, clone, Tensor, type Variable } from "@tensorflow/tfjs-core";
import { OnnxError } from "../read/onnx-error.ts";
import type { OnnxGraphFile, OnnxModelFile, OnnxNode } from "../read/read-model.ts";
import { Call, type Surroundings } from "./call.ts";
import { isGraph } from "./check-graph.ts";
import { onHost } from "./host-ops.ts";
import { OnnxValue } from "./onnx-value.ts";
import { ops } from "./ops/ops.ts";
import type { Border } from "./border.ts";
import type { WeightPlan } from "./weight-plan.ts";

/** An input or output of an imported model. */
export interface OnnxPort {
  /** Its name in the file. */
  readonly name: string;
  readonly dtype: "float32" | "int32" | "bool";
  /** Its sizes in the layout here, where a name is a free size; `null` if the file does not say. */
  readonly shape: readonly (number | string)[] | null;
}

/** The values that a graph can use. */
type Scope = (name: string) => OnnxValue | undefined;

/** A model that `fromOnnx` imported. Its graph stays that of the file. */
export class OnnxModel<In extends Struct = Tensor, Out extends Struct = Tensor>
  extends Module
  implements Layer<In, Out>, HasTorchLayout
{
  /** The parameters and buffers by their names in the file. A filter or a matrix is held as the ops here have it; a saved file has it as the ONNX file. */
  readonly weights: Readonly<Record<string, Variable>>;
  readonly #file: OnnxModelFile;
  readonly #plans: ReadonlyMap<string, WeightPlan>;
  readonly #inputs: readonly Border[];
  readonly #outputs: readonly Border[];

  constructor(
    file: OnnxModelFile,
    plans: readonly WeightPlan[],
    borders: { readonly inputs: readonly Border[]; readonly outputs: readonly Border[] },
  ) {
    super();
    const given: unknown = (borders as typeof borders | undefined)?.inputs;
    if (!Array.isArray(plans) || !Array.isArray(given))
      throw new OnnxError("OnnxModel: it is not made by new, but by fromOnnx(bytes).");
    this.#file = file;
    this.#plans = new Map(plans.map((plan) => [plan.tensor.name, plan]));
    this.#inputs = borders.inputs;
    this.#outputs = borders.outputs;
    this.weights = Object.fromEntries(
      plans
        .filter(({ kind }) => kind !== "constant")
        .map(({ tensor, kind, axes }) => {
          const { data, shape } = permute(tensor, axes);
          const values = { data: data instanceof Uint8Array ? Int32Array.from(data) : data, shape };
          return [tensor.name, kind === "parameter" ? parameter(values) : stateBuffer(values)];
        }),
    );
  }

  /** What `forward` takes: one tensor, or a record of tensors by these names. */
  get inputs(): readonly OnnxPort[] {
    return this.#inputs.map(({ port }) => port);
  }

  /** What `forward` gives: one tensor, or a record of tensors by these names. */
  get outputs(): readonly OnnxPort[] {
    return this.#outputs.map(({ port }) => port);
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(
      Object.keys(this.weights).map((name) => [
        `weights.${name}`,
        { name, axes: this.#plans.get(name)?.axes ?? [] },
      ]),
    );
  }

  /**
   * @param input a tensor, or a record by the names of {@link inputs}
   * @returns a tensor, or a record by the names of {@link outputs}
   * @throws {OnnxError} If an input is missing or unknown, or an op cannot take what it gets; the error names the op and its node.
   */
  forward(input: In): Out {
    const tensors = this.#tensorsOf(input);
    return tidyLeaves(() => {
      const values = this.#inputs.map(({ axes }, i) => OnnxValue.of(tensors[i] as Tensor, axes ?? undefined));
      const { graph } = this.#file;
      const found = this.#run(
        graph,
        new Map(this.#inputs.map(({ port }, i) => [port.name, values[i] as OnnxValue])),
      );
      const outputs = this.#outputs.map(({ axes }, i) => {
        const value = found[i] as OnnxValue;
        const y = axes === null ? value.tensor : value.permuted(axes);
        const isShared = tensors.includes(y) || Object.values(this.weights).includes(y as Variable);
        return isShared ? clone(y) : y;
      });
      const [only] = outputs;
      const result =
        outputs.length === 1
          ? only
          : Object.fromEntries(outputs.map((y, i) => [this.#outputs[i]?.port.name, y]));
      return result as Out;
    });
  }

  /** Runs a graph, whose values are its own and those of the graphs around it. */
  #run(
    graph: OnnxGraphFile,
    inputs: Map<string, OnnxValue>,
    outer: Scope = () => undefined,
  ): readonly OnnxValue[] {
    const values = inputs;
    for (const { name } of graph.initializers) if (!values.has(name)) values.set(name, this.#weight(name));
    const scope: Scope = (name) => values.get(name) ?? outer(name);
    for (const node of graph.nodes) {
      const found = this.#step(node, scope);
      for (const [i, name] of node.outputs.entries()) {
        const value = found[i];
        if (name !== "" && value !== undefined) values.set(name, value);
      }
    }
    return graph.outputs.map(({ name }) => {
      const value = scope(name);
      if (value === undefined) throw new OnnxError(`fromOnnx: nothing made ${JSON.stringify(name)}.`);
      return value;
    });
  }

  #step(node: OnnxNode, scope: Scope): readonly OnnxValue[] {
    const inputs = node.inputs.map((name) => (name === "" ? null : (scope(name) ?? null)));
    const call = new Call(node, inputs, this.#around(node, scope));
    try {
      const found = onHost(call) ?? ops.get(node.op)?.(call);
      if (found === undefined) throw call.error("this op cannot be imported");
      return found instanceof OnnxValue ? [found] : found;
    } catch (cause) {
      if (cause instanceof OnnxError || cause instanceof TraceError) throw cause;
      throw call.error(cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause), cause);
    }
  }

  #around(node: OnnxNode, scope: Scope): Surroundings {
    return {
      opset: this.#file.opset,
      training: isTraining(this),
      runBody: (name, inputs) => {
        const body = node.attributes.get(name);
        if (!isGraph(body))
          throw new OnnxError(`fromOnnx: ${node.op} ${JSON.stringify(node.name)} has no ${name}.`);
        return this.#run(
          body,
          new Map(body.inputs.map((port, i) => [port.name, inputs[i] as OnnxValue])),
          scope,
        );
      },
      update: (name, next) => {
        const buffer = this.weights[name];
        if (buffer !== undefined && this.#plans.get(name)?.kind === "buffer") updateBuffer(buffer, next);
      },
    };
  }

  #weight(name: string): OnnxValue {
    const { tensor, axes } = this.#plans.get(name) as WeightPlan;
    const held = this.weights[name];
    if (held === undefined) return OnnxValue.host(tensor.dtype, tensor.shape, tensor.data);
    return OnnxValue.of(tensor.dtype === "bool" ? cast(held, "bool") : held, axes);
  }

  #tensorsOf(input: Struct): readonly Tensor[] {
    const single = this.#inputs.length === 1 && input instanceof Tensor;
    const given = new Map(Object.entries(single ? {} : (input ?? {})));
    const names = this.#inputs.map(({ port }) => port.name);
    if (
      !single &&
      (given.size !== names.length || !names.every((name) => given.get(name) instanceof Tensor))
    ) {
      const actual = input instanceof Tensor ? "a tensor" : [...given.keys()].join(", ") || typeof input;
      const expected = names.length === 1 ? "a tensor" : `a record of tensors ${names.join(", ")}`;
      throw new OnnxError(`OnnxModel: the input is ${actual}, expected ${expected}.`);
    }
    return this.#inputs.map(({ port: { name, dtype, shape } }) => {
      const x = (single ? input : given.get(name)) as Tensor;
      if (x.dtype !== dtype)
        throw new OnnxError(`OnnxModel: ${name} is ${x.dtype}, expected ${dtype}. Use cast.`);
      if (shape !== null) checkShape("OnnxModel", name, x, shape);
      return x;
    });
  }
}
