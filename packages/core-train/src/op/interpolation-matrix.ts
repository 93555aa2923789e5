/** The kind of interpolation along one axis. */
export type AxisInterpolation = "nearest" | "nearest-exact" | "linear" | "cubic";

/** The resizing of one axis from `input` to `output` elements. */
export interface AxisResize {
  readonly input: number;
  readonly output: number;
  /** Whether the centers of the first and last pixels are aligned, rather than the outer borders of these pixels. */
  readonly alignCorners: boolean;
  /** The scale factor that was passed; `null` where the output size was. */
  readonly scaleFactor: number | null;
}

/** Whether each input is repeated a fixed number of times: not where the output size was rounded. */
export function repeats(kind: "nearest" | "nearest-exact", resize: AxisResize): boolean {
  const times = resize.output / resize.input;
  if (!Number.isInteger(times)) return false;
  const from = (i: number) => taps[kind](i, resize)[0]?.[0];
  return Array.from({ length: resize.output }, (_, i) => i).every((i) => from(i) === Math.floor(i / times));
}

/** The weight of each input in each output: `[output, input]`, row-major. */
export function interpolationMatrix(kind: AxisInterpolation, resize: AxisResize): Float32Array {
  const { input, output } = resize;
  const matrix = new Float32Array(input * output);
  for (let i = 0; i < output; i++) {
    for (const [at, share] of taps[kind](i, resize)) {
      const index = i * input + Math.min(Math.max(at, 0), input - 1);
      matrix[index] = (matrix[index] ?? NaN) + share;
    }
  }
  return matrix;
}

/**
 * As {@link interpolationMatrix}, with a window that is as wide as what an output covers of the input: shrinking averages. The cubic is that of Keys, with a = −1/2, as in
 * PyTorch and Pillow.
 */
export function antialiasingMatrix(kind: "linear" | "cubic", resize: AxisResize): Float32Array {
  const { input, output } = resize;
  const matrix = new Float32Array(input * output);
  const scale = stepOf(resize);
  const stretch = Math.max(scale, 1);
  const reach = (kind === "linear" ? 1 : 2) * stretch;
  for (let i = 0; i < output; i++) {
    const center = scale * (i + 0.5);
    const first = Math.max(Math.trunc(center - reach + 0.5), 0);
    const end = Math.min(Math.trunc(center + reach + 0.5), input);
    const shares = Array.from({ length: end - first }, (_, j) => {
      const distance = Math.abs(first + j + 0.5 - center) / stretch;
      return kind === "linear" ? Math.max(1 - distance, 0) : cubic(distance, -0.5);
    });
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (const [j, share] of shares.entries()) matrix[i * input + first + j] = share / total;
  }
  return matrix;
}

type Taps = (index: number, resize: AxisResize) => (readonly [at: number, share: number])[];

const taps: Readonly<Record<AxisInterpolation, Taps>> = {
  nearest: (i, resize) => {
    // PyTorch doubles exactly, also where the factor was only about 2.
    const step = resize.output === 2 * resize.input ? 0.5 : nearestStep(resize);
    return [[Math.floor(Math.fround(i * step)), 1]];
  },
  "nearest-exact": (i, resize) => [[Math.floor(Math.fround((i + 0.5) * nearestStep(resize))), 1]],
  linear: (i, resize) => {
    const from = Math.max(source(i, resize), 0);
    const at = Math.min(Math.floor(from), resize.input - 1);
    const rest = from - at;
    return [
      [at, 1 - rest],
      [at + 1, rest],
    ];
  },
  cubic: (i, resize) => {
    const from = source(i, resize);
    const at = Math.floor(from);
    return [-1, 0, 1, 2].map((offset) => [at + offset, cubic(Math.abs(from - at - offset))]);
  },
};

/** Input indices for each output index, in the 32 bits in which PyTorch rounds: at a tie, the last bit decides. */
function nearestStep({ input, output, scaleFactor }: AxisResize): number {
  return Math.fround(scaleFactor === null ? Math.fround(input) / Math.fround(output) : 1 / scaleFactor);
}

/** How many inputs lie between the centers of two outputs. */
function stepOf({ input, output, alignCorners, scaleFactor }: AxisResize): number {
  if (alignCorners) return output > 1 ? (input - 1) / (output - 1) : 0;
  return scaleFactor === null ? input / output : 1 / scaleFactor;
}

/** The position of an output's center in the input. */
function source(i: number, resize: AxisResize): number {
  return resize.alignCorners ? i * stepOf(resize) : (i + 0.5) * stepOf(resize) - 0.5;
}

/** Keys, 1981, eq. 4, with a = −3/4 as in PyTorch and OpenCV. */
function cubic(distance: number, a = -0.75): number {
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((distance - 5) * distance + 8) * distance * a - 4 * a;
  return 0;
}
