/** Data that cannot be given as batches: an empty dataset, items that do not fit together, a size that is none. */
export class DataError extends RangeError {
  override readonly name = "DataError";
  /** Which item of the dataset, if it is one's fault. */
  readonly item: number | null;

  constructor(message: string, options: ErrorOptions & { readonly item?: number } = {}) {
    super(message, options);
    this.item = options.item ?? null;
  }
}
