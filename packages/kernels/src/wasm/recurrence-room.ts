import { productRoom } from "./window.ts";

/**
 * What a recurrence over all time steps works in.
 *
 * @param lengths the number of time steps of each example
 * @param product the matrix that the rows of a batch are multiplied with at each time step
 */
export const recurrenceRoom = (
  batch: number,
  lengths: readonly number[],
  product: { readonly depth: number; readonly columns: number },
) => ({
  lengths: Int32Array.from(lengths),
  z: 4 * batch * product.columns,
  ...productRoom(product.depth, product.columns),
});
