/** An argument of a constructor. */
export interface Argument {
  /** The name of the parameter; what is positional has one too, for the constructors of classes that pass it on. */
  readonly name: string;
  readonly positional: boolean;
  readonly code: string;
}

/** A layer that `torch.nn` has. */
export interface TorchLayer {
  /** `nn.Conv2d` */
  readonly callee: string;
  readonly args: readonly Argument[];
  /** The order of axes of its input and output: `"first"` is channels first, `"ours"` is that of Pellucid, `"any"` works with both. */
  readonly order: "first" | "ours" | "any";
  /** Whether it is a kind of dropout, the identity in inference. */
  readonly drops?: boolean;
}
