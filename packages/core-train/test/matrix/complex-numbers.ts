import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd, together, spread, total } from "./nd.ts";

// Real numbers go in, and real ones come out: the parts of complex numbers, side by side along the last axis.

/** Parts in 64 bits. */
interface Parts {
  readonly re: Nd;
  readonly im: Nd;
}

const sideBySide = (z: tf.Tensor): tf.Tensor => tf.concat([tf.real(z), tf.imag(z)], -1);

function joined({ re, im }: Parts): Nd {
  const n = re.shape.at(-1) as number;
  return build([...re.shape.slice(0, -1), 2 * n], (index) => {
    const i = index.at(-1) as number;
    return at(i < n ? re : im, index.with(-1, i % n));
  });
}

/** The sum by which the transform is defined, over `n` numbers along the last axis. */
function transformed({ re, im }: Parts, sign: 1 | -1, scale: number): Parts {
  const n = re.shape.at(-1) as number;
  const sum = (index: readonly number[], f: (a: number, b: number, angle: number) => number) =>
    scale *
    total([n], (j) => {
      const position = index.with(-1, j as number);
      const angle = (sign * 2 * Math.PI * (j as number) * (index.at(-1) as number)) / n;
      return f(at(re, position), at(im, position), angle);
    });
  return {
    re: build(re.shape, (index) => sum(index, (a, b, angle) => a * Math.cos(angle) - b * Math.sin(angle))),
    im: build(re.shape, (index) => sum(index, (a, b, angle) => a * Math.sin(angle) + b * Math.cos(angle))),
  };
}

const zerosOf = (x: Nd): Nd => build(x.shape, () => 0);
const forward = (z: Parts) => transformed(z, -1, 1);
const backward = (z: Parts) => transformed(z, 1, 1 / (z.re.shape.at(-1) as number));

const lengths: [string, readonly number[]][] = [
  ["a power of two", [8]],
  ["a product of primes, in a batch", [2, 6]],
  ["a prime, of rank 3", [2, 1, 5]],
];

const twoOf =
  (shape: readonly number[]) =>
  (draw: Draw): Operand[] => [draw.uniform(shape), draw.uniform(shape)];

const transforms = lengths.flatMap(([name, shape], i): MatrixCase[] => [
  {
    name: `fft of ${name}`,
    operands: twoOf(shape),
    run: (a, b) => sideBySide(tf.spectral.fft(tf.complex(a, b))),
    define: (re, im) => joined(forward({ re, im } as Parts)),
    second: i === 1,
  },
  {
    name: `ifft of ${name}`,
    operands: twoOf(shape),
    run: (a, b) => sideBySide(tf.spectral.ifft(tf.complex(a, b))),
    define: (re, im) => joined(backward({ re, im } as Parts)),
    second: i === 1,
  },
]);

/** The first half of a transform, up to and with the middle. */
function half({ re, im }: Parts): Parts {
  const n = Math.floor((re.shape.at(-1) as number) / 2) + 1;
  const first = (x: Nd) => build([...x.shape.slice(0, -1), n], (index) => at(x, index));
  return { re: first(re), im: first(im) };
}

/** Half of a transform of real numbers, and the conjugate of it on the way back. */
function mirrored({ re, im }: Parts): Parts {
  const n = 2 * ((re.shape.at(-1) as number) - 1);
  const whole = (x: Nd, sign: number) =>
    build([...x.shape.slice(0, -1), n], (index) => {
      const i = index.at(-1) as number;
      return i < (x.shape.at(-1) as number) ? at(x, index) : sign * at(x, index.with(-1, n - i));
    });
  return { re: whole(re, 1), im: whole(im, -1) };
}

const sizes = ({ re, im }: Parts): Nd => build(re.shape, (index) => Math.hypot(at(re, index), at(im, index)));

const frames = (x: Nd, length: number, step: number): Nd => {
  const count = 1 + Math.floor(((x.shape[0] as number) - length) / step);
  const hann = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length);
  return build(
    [count, length],
    ([row, i]) => hann(i as number) * at(x, [(row as number) * step + (i as number)]),
  );
};

const ofReal: MatrixCase[] = [
  ...[6, 7].map((n): MatrixCase => ({
    name: `rfft of ${n} numbers`,
    operands: (draw) => [draw.uniform([draw.size(1, 3), n])],
    run: (x) => sideBySide(tf.spectral.rfft(x)),
    define: (x) => joined(half(forward({ re: x, im: zerosOf(x) }))),
    second: n === 6,
  })),
  {
    name: "rfft of more numbers than there are",
    operands: (draw) => [draw.uniform([2, 5])],
    run: (x) => sideBySide(tf.spectral.rfft(x, 8)),
    define: (x) => {
      const re = build([2, 8], (index) => at(x, index));
      return joined(half(forward({ re, im: zerosOf(re) })));
    },
  },
  {
    name: "irfft",
    operands: twoOf([2, 4]),
    run: (a, b) => tf.spectral.irfft(tf.complex(a, b)),
    define: (re, im) => backward(mirrored({ re, im } as Parts)).re,
    second: true,
  },
  {
    name: "the spectrum's size",
    operands: (draw) => [draw.uniform([2, 8], 0.2, 1)],
    run: (x) => tf.abs(tf.spectral.fft(tf.complex(x, tf.square(x)))),
    define: (x) => sizes(forward({ re: x, im: build(x.shape, (index) => at(x, index) ** 2) })),
    second: true,
  },
  {
    name: "stft",
    operands: (draw) => [draw.uniform([12])],
    run: (x) => sideBySide(tf.signal.stft(x as tf.Tensor1D, 4, 2, 4)),
    define: (x) => {
      const re = frames(x, 4, 2);
      return joined(half(forward({ re, im: zerosOf(re) })));
    },
  },
];

const four =
  (a: readonly number[], b: readonly number[]) =>
  (draw: Draw): Operand[] =>
    [a, a, b, b].map((shape) => draw.uniform(shape));

const products: MatrixCase[] = (
  [
    ["", [2, 3], [2, 3]],
    [", broadcast", [2, 3], [3]],
  ] as const
).map(([name, a, b]) => ({
  name: `mul of complex numbers${name}`,
  operands: four(a, b),
  run: (p, q, r, s) => sideBySide(tf.mul(tf.complex(p, q), tf.complex(r as tf.Tensor, s as tf.Tensor))),
  define: (p, q, r, s) => {
    const shape = together(a, b);
    const by = (f: (p: number, q: number, r: number, s: number) => number) =>
      build(shape, (index) => {
        const [i, j, k, l] = [p, q, r, s].map((x) => spread(x as Nd, index)) as [
          number,
          number,
          number,
          number,
        ];
        return f(i, j, k, l);
      });
    return joined({ re: by((p, q, r, s) => p * r - q * s), im: by((p, q, r, s) => p * s + q * r) });
  },
  second: name === "",
}));

const rough = (c: MatrixCase): MatrixCase => ({ ...c, rough: true }); // they are made of sines

/** Complex numbers, and the Fourier transform. */
export const complexNumbers: readonly MatrixCase[] = [
  ...transforms.map(rough),
  ...ofReal.map(rough),
  ...products,
  ...[["add", tf.add, 1] as const, ["sub", tf.sub, -1] as const].map(([name, run, sign]): MatrixCase => ({
    name: `${name} of complex numbers, broadcast`,
    operands: four([2, 3], [1, 3]),
    run: (p, q, r, s) => sideBySide(run(tf.complex(p, q), tf.complex(r as tf.Tensor, s as tf.Tensor))),
    define: (p, q, r, s) => {
      const by = (a: Nd, b: Nd) => build([2, 3], (index) => at(a, index) + sign * spread(b, index));
      return joined({ re: by(p, r as Nd), im: by(q, s as Nd) });
    },
  })),
  {
    name: "concat and reshape of complex numbers",
    operands: twoOf([2, 3]),
    run: (a, b) => sideBySide(tf.reshape(tf.concat([tf.complex(a, b), tf.complex(b, a)], 0), [3, 4])),
    define: (a, b) => {
      const rows = (x: Nd, y: Nd): Nd => ({ shape: [3, 4], data: Float64Array.of(...x.data, ...y.data) });
      return joined({ re: rows(a, b), im: rows(b, a) });
    },
  },
  {
    name: "a cast to complex and back",
    operands: (draw) => [draw.uniform([2, 3])],
    run: (x) => {
      const z = tf.mul(tf.cast(x, "complex64"), tf.complex(x, tf.square(x)));
      return tf.add(tf.cast(z, "float32"), tf.imag(z));
    },
    define: (x) => build(x.shape, (index) => at(x, index) ** 2 + at(x, index) ** 3),
  },
  {
    name: "a number that is used twice",
    operands: twoOf([2, 3]),
    run: (a, b) => {
      const z = tf.complex(a, b);
      return sideBySide(tf.add(tf.mul(z, z), tf.spectral.fft(z)));
    },
    define: (re, im) => {
      const y = forward({ re, im } as Parts);
      const by = (f: (a: number, b: number) => number, part: Nd) =>
        build(re.shape, (index) => f(at(re, index), at(im as Nd, index)) + at(part, index));
      return joined({ re: by((a, b) => a * a - b * b, y.re), im: by((a, b) => 2 * a * b, y.im) });
    },
    rough: true,
    second: true,
  },
];
