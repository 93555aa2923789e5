import type { Argument } from "./torch-layer.ts";

/** A value that the constructor of a class makes. */
export type Construct =
  | { readonly kind: "call"; readonly callee: string; readonly args: readonly Argument[] }
  | { readonly kind: "class"; readonly draft: ClassDraft }
  | { readonly kind: "chain" | "list"; readonly items: readonly Construct[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [key: string, item: Construct])[] }
  | { readonly kind: "parameters"; readonly entries: readonly (readonly [key: string, code: string])[] };

/** A line of a constructor. */
export type FieldDraft =
  | { readonly name: string; readonly kind: "module"; readonly made: Construct }
  | {
      readonly name: string;
      readonly kind: "parameter" | "buffer";
      readonly shape: readonly number[];
      readonly isInteger: boolean;
    }
  | { readonly name: string; readonly kind: "constant"; readonly key: string }
  /** What another field has, too: `self.lm_head.weight = self.wte.weight`. */
  | { readonly name: string; readonly kind: "tie"; readonly code: string };

/** A line of a `forward`, and the shape of what it made. */
export interface CodeLine {
  readonly code: string;
  readonly comment: string;
}

/** A class of the file before it has a name and parameters. */
export interface ClassDraft {
  /** Ours. */
  readonly type: string;
  /** The base: `nn.Module`, or `nn.Sequential` for a chain with a `forward` of its own. */
  readonly base: "nn.Module" | "nn.Sequential";
  readonly fields: readonly FieldDraft[];
  readonly params: readonly string[];
  readonly lines: readonly CodeLine[];
}
