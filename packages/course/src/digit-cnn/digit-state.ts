import { inkText } from "@pellucid/interpret/parts/ink-text";
import { type AddressCodec, integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import type { FlowSpot } from "@pellucid/interpret/parts/layer-flow";
import type { Cursor } from "@pellucid/interpret/parts/method-strip";
import { columns } from "./digit-layers.ts";

/** What is selected on the page. */
export interface DigitState {
  /** 28 × 28 from 0 to 1 */
  readonly pixels: Float32Array;
  /** Which ready-made digit it is; null if it was drawn. */
  readonly ready: number | null;
  readonly spot: FlowSpot;
  readonly hover: FlowSpot | null;
  readonly cursor: Cursor | null;
  /** The class to explain; null for the predicted one. */
  readonly target: number | null;
  readonly rival: number | null;
  /** The share of ink that is erased in the test. */
  readonly hide: number;
}

const ink = inkText(784);
const digit = integerText(9);

/** An index of a class, or none. */
const optional = {
  write: (value: number | null) => (value === null ? "" : String(value)),
  read: (text: string) => (text === "" ? null : digit.read(text)),
};

/** A number of a layer as `layer.unit.row.column`. */
const spotText = {
  write: ({ layer, unit, row, column }: FlowSpot) => [layer, unit, row, column].join("."),
  read: (text: string): FlowSpot | undefined => {
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(text)) return undefined;
    const [layer = 0, unit = 0, row = 0, column = 0] = text.split(".").map(Number);
    const { maps, height, width } = columns[layer] ?? { maps: 10, height: 1, width: 1 };
    const known = layer <= columns.length && unit < maps && row < height && column < width;
    return known ? { layer, unit, row, column } : undefined;
  },
};

/** What the address keeps: a drawing is about 150 letters. */
export const digitAddress: AddressCodec<DigitState> = {
  pixels: ink,
  ready: optional,
  spot: spotText,
  target: optional,
  rival: optional,
  hide: numberText(0, 1),
};
