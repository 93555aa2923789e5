import { PbfWriter } from "pbf";
import type { PngImage } from "./encode-image.ts";
import { encodeRecord } from "./encode-record.ts";
import type { Histogram } from "./histogram.ts";

/** Something to be seen in TensorBoard. */
export type SummaryValue =
  | { readonly kind: "scalar"; readonly tag: string; readonly value: number }
  | { readonly kind: "histogram"; readonly tag: string; readonly histogram: Histogram }
  | { readonly kind: "image"; readonly tag: string; readonly image: PngImage }
  | { readonly kind: "text"; readonly tag: string; readonly text: string };

/** When something happened. */
export interface EventTime {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** How many training steps were done. */
  readonly step: number;
}

/**
 * One record of an event file. A file is {@link encodeFileStart} and then such records, in any number of pieces:
 *
 * ```ts
 * const time = { wallTime: Date.now() / 1000, step: 1 };
 * const file = new Blob([encodeFileStart(time.wallTime), encodeEvent(time, [{ kind: "scalar", tag: "loss", value: 0.5 }])]);
 * ```
 *
 * The bytes are those that PyTorch's `SummaryWriter` writes: TensorBoard's `Event`, a protocol buffer, in a TFRecord.
 */
export function encodeEvent(time: EventTime, values: readonly SummaryValue[]): Uint8Array<ArrayBuffer> {
  return event(time, (pbf) => {
    pbf.writeMessage(
      5,
      (all, summary) => {
        for (const value of all) summary.writeMessage(1, writeValue, value);
      },
      values,
    );
  });
}

/** The first record of an event file. */
export function encodeFileStart(wallTime: number): Uint8Array<ArrayBuffer> {
  return event({ wallTime, step: 0 }, (pbf) => {
    pbf.writeStringField(3, "brain.Event:2");
    pbf.writeMessage(10, (writer, source) => source.writeStringField(1, writer), "@pellucid/core-train");
  });
}

/** Says that training began again at a step: TensorBoard then hides what earlier files say of later ones. */
export function encodeRestart(time: EventTime): Uint8Array<ArrayBuffer> {
  return event(time, (pbf) => {
    pbf.writeMessage(7, (status, log) => log.writeVarintField(1, status), 1);
  });
}

function event({ wallTime, step }: EventTime, write: (pbf: PbfWriter) => void): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`encodeEvent: the step is ${step}, expected an integer from 0.`);
  }
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, wallTime);
  if (step !== 0) pbf.writeVarintField(2, step);
  write(pbf);
  return encodeRecord(pbf.finish());
}

function writeValue(value: SummaryValue, pbf: PbfWriter): void {
  if (value.kind === "text") {
    pbf.writeStringField(1, `${value.tag}/text_summary`);
    pbf.writeMessage(8, writeText, value.text);
    pbf.writeMessage(9, (name, metadata) => metadata.writeMessage(1, writePlugin, name), "text");
    return;
  }
  pbf.writeStringField(1, value.tag);
  if (value.kind === "scalar") pbf.writeFloatField(2, value.value);
  else if (value.kind === "image") pbf.writeMessage(4, writeImage, value.image);
  else pbf.writeMessage(5, writeHistogram, value.histogram);
}

function writeImage({ height, width, channels, png }: PngImage, pbf: PbfWriter): void {
  pbf.writeVarintField(1, height);
  pbf.writeVarintField(2, width);
  pbf.writeVarintField(3, channels);
  pbf.writeBytesField(4, png);
}

function writeHistogram(
  { min, max, count, sum, sumOfSquares, limits, counts }: Histogram,
  pbf: PbfWriter,
): void {
  for (const [i, value] of [min, max, count, sum, sumOfSquares].entries()) {
    if (value !== 0) pbf.writeDoubleField(i + 1, value);
  }
  pbf.writePackedDouble(6, [...limits]);
  pbf.writePackedDouble(7, [...counts]);
}

/** A tensor of one text: `dtype` string, `tensor_shape` [1]. */
function writeText(text: string, pbf: PbfWriter): void {
  pbf.writeVarintField(1, 7);
  pbf.writeMessage(
    2,
    (size, shape) => shape.writeMessage(2, (n, axis) => axis.writeVarintField(1, n), size),
    1,
  );
  pbf.writeStringField(8, text);
}

function writePlugin(name: string, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
}
