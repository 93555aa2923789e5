import { checkArguments } from "@pellucid/core-train";
import type { Dataset } from "@pellucid/core-train";
import { type HostArray, checkItem, rowsOf } from "./rows.ts";

/** One text with its class. */
export interface LabeledText {
  readonly x: string;
  readonly y: number;
}

/** Texts in memory with their classes: a `Dataset`, and the lists it is made of. */
export class LabeledTexts implements Dataset<LabeledText> {
  readonly texts: readonly string[];
  /** `[text]` */
  readonly labels: HostArray<Int32Array, readonly [number]>;
  /** The name of each class. */
  readonly classes: readonly string[];

  constructor(
    texts: readonly string[],
    labels: HostArray<Int32Array, readonly [number]>,
    classes: readonly string[],
  ) {
    checkArguments("LabeledTexts", { "text[]": { texts, classes }, "{ shape, data }": { labels } });
    this.texts = texts;
    this.labels = labels;
    this.classes = classes;
  }

  get length(): number {
    return this.texts.length;
  }

  /** Text `index`, and its class. */
  get(index: number): LabeledText {
    checkItem(index, this.length);
    return { x: this.texts[index] as string, y: this.labels.data[index] ?? NaN };
  }

  /** Many texts with their classes: `batches` takes them so. */
  gather(indices: Int32Array): { x: readonly string[]; y: HostArray<Int32Array, readonly [number]> } {
    return { x: Array.from(indices, (i) => this.get(i).x), y: rowsOf(this.labels, indices) };
  }

  /** Only these texts, in this order. */
  take(indices: ArrayLike<number>): LabeledTexts {
    const { x, y } = this.gather(Int32Array.from(indices));
    return new LabeledTexts(x, y, this.classes);
  }
}

/** Texts of which each has the name of its class. The classes are in the order of their names. */
export function labeledTexts(rows: readonly (readonly [text: string, name: string])[]): LabeledTexts {
  const classes = [...new Set(rows.map(([, name]) => name))].toSorted();
  const indices = new Map(classes.map((name, index) => [name, index]));
  const labels = Int32Array.from(rows, ([, name]) => indices.get(name) as number);
  return new LabeledTexts(
    rows.map(([text]) => text),
    { data: labels, shape: [rows.length] },
    classes,
  );
}
