/** One input map's part in a number: what the window sees, and the weights that it is multiplied by. */
export interface NumberPart {
  /** The index of the input map. */
  readonly from: number;
  readonly window: Float32Array;
  readonly kernel: Float32Array;
  readonly sum: number;
}

/** How a number of a layer is computed: a sum of products and a bias, or the largest of a window. */
export type ExplainedNumber =
  | {
      readonly kind: "sum";
      readonly parts: readonly NumberPart[];
      readonly bias: number;
      readonly result: number;
    }
  | {
      readonly kind: "largest";
      readonly window: Float32Array;
      readonly most: number;
      readonly result: number;
    };

/** Maps on the host, `[height, width, map]`. */
export interface Maps {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly maps: number;
}

/** A layer of which {@link explainNumber} knows how it computes: its weights on the host, as `Conv2d` and `Linear` have them. */
export type ExplainedLayer =
  | {
      readonly kind: "convolution";
      /** `[height, width, in, out]` */
      readonly weight: ArrayLike<number>;
      readonly bias: ArrayLike<number>;
      readonly size: number;
      /** How many maps come out. */
      readonly maps: number;
    }
  | {
      /** The largest of each window, or 0 where it is negative. */
      readonly kind: "pool-relu";
      readonly size: number;
    }
  | {
      /** On maps flattened as PyTorch does, maps first: feature `height · width · map + position`. */
      readonly kind: "linear";
      /** `[feature, out]` */
      readonly weight: ArrayLike<number>;
      readonly bias: ArrayLike<number>;
      readonly maps: number;
    };

/** A position of a layer's output. */
export interface Spot {
  readonly unit: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Computes one number of a layer again, by hand, so that each of its products can be shown. The sum of `parts` and `bias` is `result`, which agrees
 * with the layer's output up to rounding.
 *
 * @throws RangeError if `spot` is outside of the layer's output
 */
export function explainNumber(layer: ExplainedLayer, input: Maps, spot: Spot): ExplainedNumber {
  const { unit, row, column } = spot;
  const [height, width, maps] = outputSize(layer, input);
  const inside = (n: number, size: number) => Number.isInteger(n) && n >= 0 && n < size;
  if (!inside(unit, maps) || !inside(row, height) || !inside(column, width))
    throw new RangeError(
      `explainNumber: map ${unit}, row ${row}, column ${column} is outside of ${maps} maps of ${height} × ${width}.`,
    );
  const at = (r: number, c: number, m: number) => input.values[(r * input.width + c) * input.maps + m] ?? 0;
  if (layer.kind === "pool-relu") {
    const { size } = layer;
    const window = Float32Array.from({ length: size * size }, (_, i) =>
      at(size * row + Math.floor(i / size), size * column + (i % size), unit),
    );
    const most = window.indexOf(Math.max(...window));
    return { kind: "largest", window, most, result: Math.max(0, window[most] ?? 0) };
  }
  const linear = layer.kind === "linear";
  const [tall, wide] = linear ? [input.height, input.width] : [layer.size, layer.size];
  const positions = tall * wide;
  const parts = Array.from({ length: input.maps }, (_, from): NumberPart => {
    const window = Float32Array.from({ length: positions }, (__, i) =>
      at(row + Math.floor(i / wide), column + (i % wide), from),
    );
    const kernel = Float32Array.from({ length: positions }, (__, i) => {
      const feature = linear ? from * positions + i : i * input.maps + from;
      return layer.weight[feature * layer.maps + unit] ?? 0;
    });
    return { from, window, kernel, sum: window.reduce((sum, v, i) => sum + v * (kernel[i] ?? 0), 0) };
  });
  const bias = layer.bias[unit] ?? 0;
  return { kind: "sum", parts, bias, result: parts.reduce((sum, part) => sum + part.sum, bias) };
}

/** `[height, width, maps]` of a layer's output. */
export function outputSize(layer: ExplainedLayer, { height, width, maps }: Maps): [number, number, number] {
  if (layer.kind === "linear") return [1, 1, layer.maps];
  if (layer.kind === "convolution") return [height - layer.size + 1, width - layer.size + 1, layer.maps];
  return [Math.floor(height / layer.size), Math.floor(width / layer.size), maps];
}

/** A square of positions. */
export interface Square {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

/**
 * What a position of the last of `layers` sees in the input of each of them, the first layer's input first.
 *
 * Araujo, Norris and Sim, 2019, section 2. https://distill.pub/2019/computing-receptive-fields
 */
export function seenSquares(
  layers: readonly Exclude<ExplainedLayer, { readonly kind: "linear" }>[],
  { row, column }: { readonly row: number; readonly column: number },
): Square[] {
  let square: Square = { row, column, side: 1 };
  return layers
    .toReversed()
    .map(({ kind, size }) => {
      const stride = kind === "pool-relu" ? size : 1;
      square = {
        row: square.row * stride,
        column: square.column * stride,
        side: (square.side - 1) * stride + size,
      };
      return square;
    })
    .toReversed();
}
