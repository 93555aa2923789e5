import {
  LSTM,
  type HostTensor,
  Module,
  type Parameter,
  parameter,
  RNN,
  type Rng,
  withoutInit,
  linear,
  matMul,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  concat,
  type Rank,
  reverse,
  slice,
  split,
  squeeze,
  stack,
  sub,
  mul,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { type Activation, activationOf } from "./activation.ts";
import { recordOf, textOf } from "./json-record.ts";
import { LayerConfig } from "./layer-config.ts";
import { type LayerSource, type MadeLayer, put, single, weightOf } from "./made-layer.ts";

/** Recurrent layers, forward and in both directions. */
export const recurrentLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  Bidirectional: bidirectional,
  GRU: recurrent,
  LSTM: recurrent,
  SimpleRNN: recurrent,
};

const gates: Readonly<Record<string, number>> = { GRU: 3, LSTM: 4, SimpleRNN: 1 };

/** The weights of a recurrence with the activations and gates of tfjs. */
class TfjsRecurrence extends Module {
  /** `[input, gates · units]` */
  readonly kernel: Parameter<Rank.R2>;
  /** `[units, gates · units]` */
  readonly recurrentKernel: Parameter<Rank.R2>;
  /** `[gates · units]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly #step: Step;

  constructor(kernel: HostTensor, recurrentKernel: HostTensor, bias: HostTensor | null, step: Step) {
    super();
    this.kernel = parameter(kernel);
    this.recurrentKernel = parameter(recurrentKernel);
    this.bias = bias === null ? null : parameter(bias);
    this.#step = step;
  }

  /** `[batch, time, input]` -> `[batch, time, units]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const [batch, time] = x.shape;
      const units = this.recurrentKernel.shape[0];
      const inputs = linear(x, this.kernel, this.bias); // [batch, time, gates · units]
      let state = [zeros<Rank.R2>([batch, units]), zeros<Rank.R2>([batch, units])];
      const outputs: Tensor2D[] = [];
      for (let t = 0; t < time; t++) {
        const now = squeeze<Tensor2D>(slice(inputs, [0, t, 0], [batch, 1, inputs.shape[2]]), [1]);
        state = this.#step(now, state as [Tensor2D, Tensor2D], this.recurrentKernel);
        outputs.push(state[0] as Tensor2D);
      }
      return stack(outputs, 1) as Tensor3D;
    });
  }
}

/** From `x W + b` and the states to the next states, the first of which is the output. */
type Step = (x: Tensor2D, state: [Tensor2D, Tensor2D], recurrentKernel: Tensor2D) => Tensor2D[];

function stepOf(type: string, activation: Activation, gate: Activation): Step {
  if (type === "SimpleRNN") return (x, [h], kernel) => [activation(add(x, matMul(h, kernel))) as Tensor2D];
  if (type === "LSTM") {
    return (x, [h, c], kernel) => {
      const [i, f, g, o] = split(add(x, matMul(h, kernel)), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      const next = add(mul(gate(f), c), mul(gate(i), activation(g)));
      return [mul(gate(o), activation(next)), next] as Tensor2D[];
    };
  }
  return (x, [h], kernel) => {
    const units = h.shape[1];
    const [xz, xr, xh] = split(x, 3, 1) as [Tensor, Tensor, Tensor];
    const [hz, hr] = split(matMul(h, slice(kernel, [0, 0], [units, 2 * units])), 2, 1) as [Tensor, Tensor];
    const [z, r] = [gate(add(xz, hz)), gate(add(xr, hr))];
    const candidate = activation(add(xh, matMul(mul(r, h), slice(kernel, [0, 2 * units], [units, units]))));
    return [add(mul(z, h), mul(sub(1, z), candidate))] as Tensor2D[];
  };
}

/** One direction: from a sequence to its outputs at all time steps. */
interface Direction {
  readonly module: Module;
  readonly run: (x: Tensor3D) => Tensor3D;
}

/**
 * Where the activations are PyTorch's, the layer is the core's `LSTM` or `RNN`; tfjs' default for gates, `hard_sigmoid`, and its GRU,
 * which resets before the product, have no equal there.
 */
function directionOf(source: LayerSource): Direction {
  const { config, rng, own } = source;
  for (const field of ["return_state", "stateful", "reset_after"]) config.only(field, false);
  for (const field of ["dropout", "recurrent_dropout"]) config.only(field, 0);
  const units = config.integer("units", 1);
  const size = (gates[config.type] ?? NaN) * units;
  const kernel = weightOf(source, "kernel", [null, size]);
  const recurrentKernel = weightOf(source, "recurrent_kernel", [units, size]);
  const bias = config.boolean("use_bias", true) ? weightOf(source, "bias", [size]) : null;
  const { activation = "tanh", recurrent_activation: gate = "hard_sigmoid" } = config.fields;
  const isTorch =
    activation === "tanh" && (config.type === "SimpleRNN" || (config.type === "LSTM" && gate === "sigmoid"));
  if (isTorch) {
    const made = coreLayer(config.type, [sizeAlong(kernel, 0), units], bias !== null, rng);
    const layer = own(made);
    const [weights] = layer.directions;
    if (weights !== undefined) {
      put(weights.weightIh, kernel);
      put(weights.weightHh, recurrentKernel);
      if (bias !== null && weights.biasIh !== null) put(weights.biasIh, bias);
      if (weights.biasHh !== null) weights.biasHh.trainable = false; // tfjs has one bias
    }
    return { module: layer, run: (x) => layer.forward(x) };
  }
  const step = stepOf(
    config.type,
    activationOf(config, "activation", "tanh"),
    activationOf(config, "recurrent_activation", "hard_sigmoid"),
  );
  const module = own(new TfjsRecurrence(kernel, recurrentKernel, bias, step));
  return { module, run: (x) => module.forward(x) };
}

function coreLayer(type: string, [input, units]: [number, number], bias: boolean, rng: Rng): LSTM | RNN {
  return withoutInit(() => new (type === "LSTM" ? LSTM : RNN)(input, units, { rng, bias }));
}

function recurrent(source: LayerSource): MadeLayer {
  const { config } = source;
  const { module, run } = directionOf(source);
  const backwards = config.boolean("go_backwards", false);
  const sequences = config.boolean("return_sequences", false);
  return single(module, (x) =>
    tidy(() => {
      const y = run((backwards ? reverse(x, 1) : x) as Tensor3D);
      return sequences ? y : last(y);
    }),
  );
}

class BothWays extends Module {
  readonly forwardLayer: Module;
  readonly backwardLayer: Module;
  constructor(forwardLayer: Module, backwardLayer: Module) {
    super();
    this.forwardLayer = forwardLayer;
    this.backwardLayer = backwardLayer;
  }
}

function bidirectional(source: LayerSource): MadeLayer {
  const { config, own } = source;
  const wrapped = recordOf(config.fields["layer"], `layer of "${config.name}"`);
  const type = textOf(wrapped["class_name"], "class_name");
  if (gates[type] === undefined)
    throw config.error(`its layer is a ${type}, expected ${Object.keys(gates).join(", ")}.`);
  const fields = recordOf(wrapped["config"], "config");
  const inner = new LayerConfig(type, textOf(fields["name"], "name"), fields);
  inner.only("go_backwards", false);
  const merge = config.choice("merge_mode", ["concat", "sum", "mul", "ave"], "concat");
  const sequences = inner.boolean("return_sequences", false);
  const [there, back] = ["forward", "backward"].map((way) =>
    directionOf({ ...source, config: inner, scope: `${way}_${inner.name}` }),
  ) as [Direction, Direction];
  const module = own(new BothWays(there.module, back.module));
  return single(module, (x) =>
    tidy(() => {
      const [ahead, reversed] = [there.run(x as Tensor3D), back.run(reverse(x, 1) as Tensor3D)];
      const both: [Tensor, Tensor] = sequences
        ? [ahead, reverse(reversed, 1)]
        : [last(ahead), last(reversed)];
      if (merge === "concat") return concat(both, -1);
      if (merge === "mul") return mul(...both);
      return merge === "sum" ? add(...both) : mul(add(...both), 0.5);
    }),
  );
}

/** The output of the last time step, `[batch, units]`. */
function last(y: Tensor3D): Tensor2D {
  const [batch, time, units] = y.shape;
  return squeeze<Tensor2D>(slice(y, [0, time - 1, 0], [batch, 1, units]), [1]);
}
