import { aggregated, aggregations } from "./aggregations.ts";
import { type ConvRow, convolutions } from "./convolutions.ts";
import { denseRows } from "./dense.ts";
import { models } from "./models.ts";
import { normalized, norms } from "./norms.ts";

/** The row of a convolution, model, norm or aggregation, by the title of its case. */
export function layerRow(title: string): ConvRow {
  const known = convolutions[title] ?? models[title] ?? denseRows[title];
  if (known !== undefined) return known;
  const norm = norms[title.replace(", one graph", "")];
  const make = norm ?? aggregations[title];
  if (make === undefined) throw new Error(`No row is named ${title}.`);
  return { make: make as ConvRow["make"], input: norm === undefined ? aggregated : normalized(title) };
}
