/** How PyTorch stores one field of a module. */
export interface TorchField {
  /** Its name there, where it is not the field's own in snake_case. A child module named `""` adds nothing to the path. */
  readonly name?: string;
  /** Our axis `i` is axis `axes[i]` of PyTorch's: `permute(theirs, axes)` is ours. Default: the same order. */
  readonly axes?: readonly number[];
  /**
   * Other names under which files have it. They are read, not written. Of a child module, `""` reads files in which its entries have
   * no prefix, and `../other` those that have it next to the module in which it is.
   */
  readonly aliases?: readonly string[];
  /** Whether a file may lack it; it then stays as it is. Default: false. */
  readonly optional?: boolean;
  /** Whether a file may have an entry of this name although the module has no such field. It is not read. Default: false. */
  readonly ignored?: boolean;
}

/**
 * How PyTorch stores the fields of a module, by path within it (`weight`, `blocks.0`), where it does otherwise than we do. A path into a
 * module among the fields (`mlp.0`) adds to what that module says of itself.
 */
export type TorchLayout = Readonly<Record<string, TorchField>>;

/** A module of which PyTorch stores some field in another layout. */
export interface HasTorchLayout {
  readonly torchLayout: TorchLayout;
}
