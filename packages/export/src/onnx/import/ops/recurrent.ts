import { gruScan, linear, lstmScan, rnnScan } from "@pellucid/core-train";
import {
  add,
  concat,
  type Rank,
  slice,
  split,
  stack,
  squeeze,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { OnnxValue } from "../onnx-value.ts";

/** One direction of a layer, with our gates in our order: `[in, gates · hidden]`, `[hidden, gates · hidden]`, `[gates · hidden]`. */
interface Direction {
  readonly input: Tensor2D;
  readonly hidden: Tensor2D;
  readonly inputBias: Tensor1D;
  readonly hiddenBias: Tensor1D;
}

interface Recurrence {
  readonly lengths: readonly number[];
  readonly reverse: boolean;
}

/** Outputs `[batch, time, hidden]` and the last states `[batch, hidden]`. */
type Scan = (
  x: Tensor3D,
  direction: Direction,
  states: readonly Tensor2D[],
  recurrence: Recurrence,
) => readonly Tensor[];

interface Layer {
  /** ONNX's gates in our order: `i, o, f, c` there are `i, f, g, o` here; `z, r, h` are `r, z, n`. */
  readonly gates: readonly number[];
  readonly states: number;
  readonly check: (call: Call) => void;
  readonly scan: (call: Call, side: number) => Scan;
}

function recurrent({ gates, states, check, scan }: Layer): OnnxOp {
  return (call) => {
    check(call);
    call.refuse(call.attribute("clip") === undefined, "it clips its cells");
    const isBatchFirst = call.number("layout", 0) === 1;
    const hidden = call.number("hidden_size", 0);
    const value = call.input(0);
    call.refuse(value.rank === 3 && call.input(1).rank === 3, "its input or its weights have not three axes");
    const x = value.permuted(isBatchFirst ? [0, 1, 2] : [1, 0, 2]) as Tensor3D; //  [batch, time, in]
    const [batch, time] = x.shape;
    const direction = call.text("direction", "forward", ["forward", "reverse", "bidirectional"]);
    const reverses = direction === "bidirectional" ? [false, true] : [direction === "reverse"];
    const fits = call.input(1).shape.join() === [reverses.length, gates.length * hidden, x.shape[2]].join();
    call.refuse(fits, `its weights are [${call.input(1).shape.join(", ")}] for ${x.shape[2]} features`);
    const lengths = call.optional(4) === null ? new Array<number>(batch).fill(time) : [...call.integers(4)];
    const initial = (index: number, side: number): Tensor2D => {
      const given = call.optional(index);
      if (given === null) return zeros<Rank.R2>([batch, hidden]);
      return at(given.permuted(isBatchFirst ? [1, 0, 2] : [0, 1, 2]), side);
    };
    const sides = reverses.map((reverse, side) =>
      scan(call, side)(
        x,
        directionOf(call, side, gates, hidden),
        Array.from({ length: states }, (_, i) => initial(5 + i, side)),
        { lengths, reverse },
      ),
    );
    const all = stack(
      sides.map(([y]) => y as Tensor),
      isBatchFirst ? 2 : 1,
    ); //  [batch, direction, time, hidden]
    const outputs = isBatchFirst
      ? OnnxValue.of(all) //  [batch, time, direction, hidden]
      : OnnxValue.of(all, [2, 1, 0, 3]);
    const last = Array.from({ length: states }, (_, i) =>
      OnnxValue.of(
        stack(
          sides.map((side) => side[i + 1] as Tensor),
          isBatchFirst ? 1 : 0,
        ),
      ),
    );
    return [outputs, ...last];
  };
}

/** The weights of one direction. */
function directionOf(call: Call, side: number, gates: readonly number[], hidden: number): Direction {
  const ordered = (x: Tensor): Tensor => {
    const parts = split(x, gates.length, 0);
    return gates.length === 1
      ? x
      : concat(
          gates.map((gate) => parts[gate] as Tensor),
          0,
        );
  };
  const matrix = (index: number): Tensor2D =>
    transpose(ordered(at(call.input(index).tensor, side))) as Tensor2D;
  const biases = call.optional(3);
  const size = gates.length * hidden;
  const both = biases === null ? zeros([2 * size]) : at(biases.tensor, side);
  const [inputBias, hiddenBias] = [0, 1].map((i) => ordered(slice(both, [i * size], [size]))) as [
    Tensor1D,
    Tensor1D,
  ];
  return { input: matrix(1), hidden: matrix(2), inputBias, hiddenBias };
}

const at = <X extends Tensor>(x: Tensor, index: number): X => squeeze(slice(x, [index], [1]), [0]) as X;

/** The names of activations, lower case, for one direction; the layer's own where there are none. */
function activationsOf(call: Call, side: number, usual: readonly string[]): readonly string[] {
  const given = call.attribute("activations");
  if (given === undefined) return usual;
  const names = ([given].flat() as unknown[]).map((name) => String(name).toLowerCase());
  return names.slice(side * usual.length, (side + 1) * usual.length);
}

function checkActivations(call: Call, usual: readonly string[]): void {
  for (const side of [0, 1]) {
    const found = activationsOf(call, side, usual);
    call.refuse(
      found.length === 0 || found.join() === usual.join(),
      `its activations are ${found.join(", ")}`,
    );
  }
}

const lstm = recurrent({
  gates: [0, 2, 3, 1],
  states: 2,
  check: (call) => {
    checkActivations(call, ["sigmoid", "tanh", "tanh"]);
    call.refuse(call.optional(7) === null, "it has peepholes");
    call.refuse(call.number("input_forget", 0) === 0, "it couples the input and forget gates");
  },
  scan:
    () =>
    (x, { input, hidden, inputBias, hiddenBias }, states, recurrence) => {
      const [h, c] = states as [Tensor2D, Tensor2D];
      const z = linear(x, input, add(inputBias, hiddenBias)); //  [batch, time, 4 hidden]
      return lstmScan({ x: z, weight: hidden, h, c }, recurrence).slice(0, 3);
    },
});

const gru = recurrent({
  gates: [1, 0, 2],
  states: 1,
  check: (call) => {
    checkActivations(call, ["sigmoid", "tanh"]);
    call.refuse(call.number("linear_before_reset", 0) === 1, "its linear_before_reset is 0, PyTorch's is 1");
  },
  scan:
    () =>
    (x, { input, hidden, inputBias, hiddenBias }, states, recurrence) => {
      const [h] = states as [Tensor2D];
      const z = linear(x, input, inputBias); //  [batch, time, 3 hidden]
      return gruScan({ x: z, weight: hidden, bias: hiddenBias, h }, recurrence).slice(0, 2);
    },
});

const rnn = recurrent({
  gates: [0],
  states: 1,
  check: (call) => {
    const names = [0, 1].flatMap((side) => activationsOf(call, side, ["tanh"]));
    call.refuse(
      names.every((name) => name === "tanh" || name === "relu"),
      `its activations are ${names.join(", ")}`,
    );
  },
  scan:
    (call, side) =>
    (x, { input, hidden, inputBias, hiddenBias }, states, recurrence) => {
      const [h] = states as [Tensor2D];
      const [name] = activationsOf(call, side, ["tanh"]);
      const z = linear(x, input, add(inputBias, hiddenBias)); //  [batch, time, hidden]
      return rnnScan(
        { x: z, weight: hidden, h },
        { ...recurrence, nonlinearity: name === "relu" ? "relu" : "tanh" },
      );
    },
});

/** One graph for each time step, with states that go from one to the next. */
const scan: OnnxOp = (call) => {
  const scanned = call.number("num_scan_inputs", 1);
  const values = call.inputs.map((_, i) => call.input(i));
  const count = values.length - scanned;
  call.refuse(scanned >= 1 && count >= 0, `it scans ${scanned} of ${values.length} inputs`);
  const outputs = call.node.outputs.length - count;
  const axis = (name: string, index: number, rank: number): number =>
    call.axis(call.list(name, [])[index] ?? 0, rank);
  const isForward = [...call.list("scan_input_directions", []), ...call.list("scan_output_directions", [])];
  call.refuse(
    isForward.every((n) => n === 0),
    "it scans backward",
  );
  const sequences = values.slice(count).map((value, i) => {
    const along = axis("scan_input_axes", i, value.rank);
    return { x: value.tensor, along, time: value.shape[along] as number };
  });
  const time = sequences[0]?.time ?? 0;
  call.refuse(
    time > 0 && sequences.every((one) => one.time === time),
    "its sequences have other lengths, or none",
  );
  let states: readonly OnnxValue[] = values.slice(0, count);
  const steps: (readonly OnnxValue[])[] = [];
  const parts = sequences.map(({ x, along }) => split(x, time, along).map((part) => squeeze(part, [along])));
  for (let t = 0; t < time; t++) {
    const now = parts.map((part) => OnnxValue.of(part[t] as Tensor));
    const found = call.around.runBody("body", [...states, ...now]);
    states = found.slice(0, count);
    steps.push(found.slice(count));
  }
  const all = Array.from({ length: outputs }, (_, i) => {
    const found = steps.map((step) => step[i]?.tensor as Tensor);
    return OnnxValue.of(stack(found, axis("scan_output_axes", i, (found[0]?.rank ?? 0) + 1)));
  });
  return [...states, ...all];
};

/** One of two graphs, by what follows from shapes and constants. */
const branch: OnnxOp = (call) => {
  const [condition = 0] = call.integers(0);
  return call.around.runBody(condition === 0 ? "else_branch" : "then_branch", []);
};

/** The layers over time, and the ops that run graphs. */
export const recurrentOps: OnnxOps = { GRU: gru, If: branch, LSTM: lstm, RNN: rnn, Scan: scan };
