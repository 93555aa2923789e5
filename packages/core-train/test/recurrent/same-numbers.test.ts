// What the package says is the same must be the same: layers, loops of cells, parts of a sequence, padded and single sequences.
import { useBackend } from "@pellucid/backends";
import {
  DataError,
  GRU,
  GRUCell,
  LengthsError,
  LSTM,
  LSTMCell,
  Rng,
  RNN,
  RNNCell,
} from "@pellucid/core-train";
import { hashedTensor } from "@pellucid/testing";
import {
  concat,
  reshape,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  unstack,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

type Net = RNN | GRU | LSTM;
const options = { numLayers: 2, bidirectional: true } as const;
const nets: Record<string, (more?: object) => Net> = {
  RNN: (more) => new RNN(3, 6, { rng: new Rng(0), ...more }),
  "RNN of ReLUs": (more) => new RNN(3, 6, { rng: new Rng(0), nonlinearity: "relu", ...more }),
  GRU: (more) => new GRU(3, 6, { rng: new Rng(0), ...more }),
  LSTM: (more) => new LSTM(3, 6, { rng: new Rng(0), ...more }),
  "LSTM that projects": (more) => new LSTM(3, 6, { rng: new Rng(0), projSize: 2, ...more }),
};

const input = (batch: number, time: number) => hashedTensor<Tensor3D>([batch, time, 3], 1, (u) => 4 * u);
const one = (x: Tensor3D, b: number, time: number) => slice(x, [b, 0, 0], [1, time, x.shape[2]]);
const exactly = { rtol: 0, atol: 0 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  describe.each(Object.entries(nets))("%s", (_, make) => {
    test("at once, in parts and step by step it says the same", () => {
      const net = make({ numLayers: 2 });
      const x = input(2, 9);
      const whole = net.advance(x);
      for (const parts of [[4, 5], [1, 7, 1], new Array<number>(9).fill(1)]) {
        let state: Parameters<Net["advance"]>[1];
        let from = 0;
        const ys = parts.map((length) => {
          const after = net.advance(slice(x, [0, from, 0], [2, length, 3]), state as never);
          from += length;
          state = after.state;
          return after.y;
        });
        expect(concat(ys, 1)).toBeAllclose(whole.y, { rtol: 0, atol: 1e-6 });
        expect((state as { h: Tensor }).h).toBeAllclose(whole.state.h, { rtol: 0, atol: 1e-6 });
      }
    });

    test("a padded batch is its sequences by themselves, to the last bit, whatever the padding holds", () => {
      const net = make(options);
      const lengths = [4, 7, 1, 5, 7, 2, 3, 6];
      const x = input(8, 7);
      const filled = concat(
        [slice(x, [0, 0, 0], [8, 6, 3]), hashedTensor<Tensor3D>([8, 1, 3], 9, () => 1e30)],
        1,
      );
      const short = lengths.map((length) => Math.min(length, 6));
      const padded = net.advance(filled, undefined, { lengths: short });
      for (const [b, length] of short.entries()) {
        const alone = net.advance(one(x, b, length));
        expect(one(padded.y, b, length)).toBeAllclose(alone.y, exactly);
        const [layers, , size] = alone.state.h.shape;
        expect(slice(padded.state.h, [0, b, 0], [layers, 1, size])).toBeAllclose(alone.state.h, exactly);
        const beyond = slice(padded.y, [b, length, 0], [1, 7 - length, padded.y.shape[2]]);
        expect([...beyond.dataSync()].every((value) => value === 0)).toBe(true);
      }
    });

    test("lengths of all moments change nothing", () => {
      const net = make(options);
      const x = input(3, 5);
      expect(net.advance(x, undefined, { lengths: [5, 5, 5] }).y).toBeAllclose(net.forward(x), exactly);
    });

    test("lengths of 0, beyond the padding, or for another batch are refused", () => {
      const net = make();
      const read = (lengths: number[]) => () => net.advance(input(2, 4), undefined, { lengths });
      const who = `${net.constructor.name}(3, 6)`;
      const advice =
        "expected a whole number from 1 to 4, the moments of x. Leave empty sequences out of the batch; pad the others at the end.";
      expect(read([4, 0])).toThrow(new LengthsError(`${who}: the length of sequence 1 is 0, ${advice}`));
      expect(read([5, 4])).toThrow(new LengthsError(`${who}: the length of sequence 0 is 5, ${advice}`));
      expect(read([2, 1.5])).toThrow(LengthsError);
      expect(read([4])).toThrow(
        new LengthsError(`${who}: 1 lengths for a batch of 2, expected one for each sequence.`),
      );
      expect(() => net.forward(hashedTensor<Tensor3D>([2, 4, 5], 1))).toThrow(
        `${who}: x is [2, 4, 5], expected [batch, time, 3].`,
      );
      expect(() => net.forward(hashedTensor<Tensor3D>([2, 0, 3], 1))).toThrow(
        new DataError(`${who}: x has no moment, expected one at least.`),
      );
      const other = hashedTensor<Tensor3D>([1, 3, 6], 1);
      expect(() => net.advance(input(2, 4), { h: other, c: other })).toThrow(
        /h is \[1, 3, 6\], expected \[1, 2, /,
      );
    });
  });

  test("a layer is the loop of its cell, with the same seed for the same weights", () => {
    const x = input(2, 5);
    const inputs = unstack(x, 1) as Tensor2D[];
    const loop = (step: (x: Tensor2D) => Tensor2D) =>
      stack(
        inputs.map((moment) => step(moment)),
        1,
      );

    const rnn = new RNNCell(3, 6, { rng: new Rng(0) });
    let h: Tensor2D | undefined;
    expect(loop((moment) => (h = rnn.forward(moment, h)))).toBeAllclose(
      nets["RNN"]?.().forward(x) as Tensor,
      { rtol: 0, atol: 1e-6 },
    );

    const gru = new GRUCell(3, 6, { rng: new Rng(0) });
    h = undefined;
    expect(loop((moment) => (h = gru.forward(moment, h)))).toBeAllclose(
      nets["GRU"]?.().forward(x) as Tensor,
      { rtol: 0, atol: 1e-6 },
    );

    const lstm = new LSTMCell(3, 6, { rng: new Rng(0) });
    let state: { h: Tensor2D; c: Tensor2D } | undefined;
    const looped = loop((moment) => (state = lstm.forward(moment, state)).h);
    expect(looped).toBeAllclose(nets["LSTM"]?.().forward(x) as Tensor, { rtol: 0, atol: 1e-6 });
    expect(() =>
      lstm.forward(inputs[0] as Tensor2D, { h: reshape(x, [10, 3]), c: reshape(x, [10, 3]) }),
    ).toThrow("LSTMCell(3, 6): h is [10, 3], expected [2, 6].");
  });
});

test("sizes that are none, and a projection as large as the state, are refused", () => {
  const rng = new Rng(0);
  expect(() => new GRU(3, 0, { rng })).toThrow(
    new DataError("GRU: hiddenSize is 0, expected a whole number above 0."),
  );
  expect(() => new RNN(3, 4, { rng, dropout: 2 })).toThrow(
    new DataError("RNN: dropout is 2, expected a probability, 0 to 1."),
  );
  expect(() => new LSTM(3, 4, { rng, projSize: 4 })).toThrow(
    new DataError("LSTM: projSize is 4, expected a whole number below hiddenSize, 4."),
  );
});
