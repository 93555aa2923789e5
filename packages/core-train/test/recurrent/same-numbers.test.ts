// A layer gives the same numbers at once, in parts and as a loop of cells, and a sequence the same in a padded batch as alone.
import { useBackend } from "@pellucid/backends";
import {
  DataError,
  OptionError,
  GRU,
  GRUCell,
  LengthsError,
  LSTM,
  LSTMCell,
  type LSTMCellState,
  type LSTMState,
  type SequenceOptions,
  Rng,
  RNN,
  RNNCell,
} from "@pellucid/core-train";
import { hashedTensor } from "@pellucid/testing";
import {
  concat,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

type Net = RNN | GRU | LSTM;
const options = { numLayers: 2, bidirectional: true } as const;
const nets: Record<string, (more?: object) => Net> = {
  RNN: (more) => new RNN(3, 6, { rng: new Rng(0), ...more }),
  "RNN with ReLU": (more) => new RNN(3, 6, { rng: new Rng(0), nonlinearity: "relu", ...more }),
  GRU: (more) => new GRU(3, 6, { rng: new Rng(0), ...more }),
  LSTM: (more) => new LSTM(3, 6, { rng: new Rng(0), ...more }),
  "LSTM with a projection": (more) => new LSTM(3, 6, { rng: new Rng(0), projSize: 2, ...more }),
};

const input = (batch: number, time: number) => hashedTensor<Tensor3D>([batch, time, 3], 1, (u) => 4 * u);
const one = (x: Tensor3D, b: number, time: number) => slice(x, [b, 0, 0], [1, time, x.shape[2]]);
const step = (net: Net, x: Tensor3D, options?: SequenceOptions) => net.step(x, undefined, options);
const exactly = { rtol: 0, atol: 0 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  describe.each(Object.entries(nets))("%s", (_, make) => {
    test("gives the same at once, in parts and step by step", () => {
      const net = make({ numLayers: 2 });
      const x = input(2, 9);
      const whole = step(net, x);
      for (const parts of [[4, 5], [1, 7, 1], new Array<number>(9).fill(1)]) {
        let state = net.initialState(2);
        let from = 0;
        const outputs = parts.map((length) => {
          const after = net.step(slice(x, [0, from, 0], [2, length, 3]), state as LSTMState);
          from += length;
          state = after.state;
          return after.output;
        });
        expect(concat(outputs, 1)).toBeAllclose(whole.output, { rtol: 0, atol: 1e-6 });
        expect(state.h).toBeAllclose(whole.state.h, { rtol: 0, atol: 1e-6 });
      }
    });

    test("a sequence gives the same bits in a padded batch as alone, whatever the padding holds", () => {
      const net = make(options);
      const lengths = [4, 7, 1, 5, 7, 2, 3, 6];
      const x = input(8, 7);
      const filled = concat(
        [slice(x, [0, 0, 0], [8, 6, 3]), hashedTensor<Tensor3D>([8, 1, 3], 9, () => 1e30)],
        1,
      );
      const short = lengths.map((length) => Math.min(length, 6));
      const padded = step(net, filled, { lengths: short });
      for (const [b, length] of short.entries()) {
        const alone = step(net, one(x, b, length));
        expect(one(padded.output, b, length)).toBeAllclose(alone.output, exactly);
        const [layers, , size] = alone.state.h.shape;
        expect(slice(padded.state.h, [0, b, 0], [layers, 1, size])).toBeAllclose(alone.state.h, exactly);
        const beyond = slice(padded.output, [b, length, 0], [1, 7 - length, padded.output.shape[2]]);
        expect([...beyond.dataSync()].every((value) => value === 0)).toBe(true);
      }
    });

    test("full lengths change nothing", () => {
      const net = make(options);
      const x = input(3, 5);
      expect(step(net, x, { lengths: [5, 5, 5] }).output).toBeAllclose(net.forward(x), exactly);
    });

    test("lengths of 0, beyond the padding, or for another batch are refused", () => {
      const net = make();
      const read = (lengths: number[]) => () => step(net, input(2, 4), { lengths });
      const caller = `${net.constructor.name}(3, 6)`;
      const advice =
        "expected an integer from 1 to 4, the time steps of x. Leave empty sequences out of the batch, and pad the others at the end.";
      expect(read([4, 0])).toThrow(new LengthsError(`${caller}: the length of sequence 1 is 0, ${advice}`));
      expect(read([5, 4])).toThrow(new LengthsError(`${caller}: the length of sequence 0 is 5, ${advice}`));
      expect(read([2, 1.5])).toThrow(LengthsError);
      expect(read([4])).toThrow(
        new LengthsError(`${caller}: got 1 lengths for a batch of 2, expected one for each sequence.`),
      );
      expect(() => net.forward(hashedTensor<Tensor3D>([2, 4, 5], 1))).toThrow(
        `${caller}: x is [2, 4, 5], expected [batch, time, 3].`,
      );
      expect(() => net.forward(hashedTensor<Tensor3D>([2, 0, 3], 1))).toThrow(
        new DataError(`${caller}: x has no time steps, expected at least one.`),
      );
      const other = hashedTensor<Tensor3D>([1, 3, 6], 1);
      expect(() => net.step(input(2, 4), { h: other, c: other })).toThrow(
        /h is \[1, 3, 6\], expected \[1, 2, /,
      );
    });
  });

  const cells = { RNN: RNNCell, GRU: GRUCell, LSTM: LSTMCell };

  test.each(Object.entries(cells))(
    "an %s is a loop of its cell, which has the same weights from the same seed",
    (name, Cell) => {
      const x = input(2, 5);
      const cell = new Cell(3, 6, { rng: new Rng(0) });
      let state = cell.initialState(2);
      const outputs = (unstack(x, 1) as Tensor2D[]).map((now) => {
        const after = cell.step(now, state as LSTMCellState);
        state = after.state;
        return after.output;
      });
      expect(stack(outputs, 1)).toBeAllclose(nets[name]?.().forward(x) as Tensor, { rtol: 0, atol: 1e-6 });
      expect(state.h).toBeAllclose(outputs[4] as Tensor, exactly);
    },
  );

  test("a cell rejects inputs and states of other shapes, and leaks no tensors", () => {
    const cell = new LSTMCell(3, 6, { rng: new Rng(0) });
    const x: Tensor2D = zeros([2, 3]);
    expect(() => cell.step(x, { h: zeros([10, 3]), c: zeros([2, 6]) })).toThrow(
      "LSTMCell(3, 6): h is [10, 3], expected [2, 6].",
    );
    expect(() => cell.step(zeros([2, 4]), cell.initialState(2))).toThrow(
      "LSTMCell(3, 6): x is [2, 4], expected [batch, 3].",
    );
    const state = cell.initialState(2);
    expect(() => {
      const after = cell.step(x, state);
      return [after.output, after.state.h, after.state.c];
    }).toLeakNothing();
  });
});

test("impossible sizes, and a projection as large as the state, are refused", () => {
  const rng = new Rng(0);
  expect(() => new GRU(3, 0, { rng })).toThrow(new OptionError("GRU", "hiddenSize", 0, "an integer above 0"));
  expect(() => new RNN(3, 4, { rng, dropout: 2 })).toThrow(
    new OptionError("RNN", "dropout", 2, "a probability, 0 to 1"),
  );
  expect(() => new LSTM(3, 4, { rng, projSize: 4 })).toThrow(
    new OptionError("LSTM", "projSize", 4, "an integer below hiddenSize, 4"),
  );
});
