import { clone, reshape, sum, type Tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { matMul } from "./mat-mul.ts";
import { sizeAlong } from "./size-along.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * Sums of products written with letters, as `torch.einsum`: `"bij,bjk->bik"` is a batch of matrix products. Without an
 * arrow, the letters that occur once remain, in alphabetical order. No ellipsis, and no letter twice in one operand.
 *
 * @throws ShapeError when the letters do not fit the operands
 */
export function einsum<T extends Tensor>(equation: string, ...operands: readonly Tensor[]): T {
  checkArguments("einsum", { text: { equation }, "tensor[]": { operands } });
  const { inputs, output } = parse(equation, operands);
  return tidy(() => {
    const terms = operands.map((tensor, i): Term => ({ letters: inputs[i] as string, tensor }));
    const product = terms.reduce((left, right, i) => {
      // what neither the output nor a later operand needs is summed with this one
      const later = output + inputs.slice(i + 1).join("");
      return contract(left, right, (letter) => later.includes(letter));
    });
    return clone(
      arrange(
        drop(product, (letter) => output.includes(letter)),
        output,
      ).tensor,
    );
  }) as T;
}

interface Term {
  /** One for each axis. */
  readonly letters: string;
  readonly tensor: Tensor;
}

/** One product: batch letters are in both and stay, inner letters are in both and go. */
function contract(a: Term, b: Term, isNeeded: (letter: string) => boolean): Term {
  const left = drop(a, (letter) => b.letters.includes(letter) || isNeeded(letter));
  const right = drop(b, (letter) => a.letters.includes(letter) || isNeeded(letter));
  const shared = only(left.letters, (letter) => right.letters.includes(letter));
  const batch = only(shared, isNeeded);
  const inner = only(shared, (letter) => !isNeeded(letter));
  const rows = only(left.letters, (letter) => !shared.includes(letter));
  const columns = only(right.letters, (letter) => !shared.includes(letter));
  const first = arrange(left, batch + rows + inner).tensor;
  const second = arrange(right, batch + inner + columns).tensor;
  const outer = first.shape.slice(0, batch.length);
  const middle = first.shape.slice(batch.length, batch.length + rows.length);
  const last = second.shape.slice(batch.length + inner.length);
  const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
  const length = size(first.shape.slice(batch.length + rows.length));
  const y = matMul(
    reshape(first, [size(outer), size(middle), length]), //  [batch, row, inner]
    reshape(second, [size(outer), length, size(last)]), //   [batch, inner, column]
  ); //                                                      [batch, row, column]
  return { letters: batch + rows + columns, tensor: reshape(y, [...outer, ...middle, ...last]) };
}

/** Sums over the axes that are not kept. */
function drop({ letters, tensor }: Term, keeps: (letter: string) => boolean): Term {
  const axes = Array.from(letters).flatMap((letter, axis) => (keeps(letter) ? [] : [axis]));
  return axes.length === 0
    ? { letters, tensor }
    : { letters: only(letters, keeps), tensor: sum(tensor, axes) };
}

function arrange({ letters, tensor }: Term, order: string): Term {
  if (letters === order) return { letters, tensor };
  return {
    letters: order,
    tensor: transpose(
      tensor,
      Array.from(order).map((letter) => letters.indexOf(letter)),
    ),
  };
}

function only(letters: string, keeps: (letter: string) => boolean): string {
  return Array.from(letters).filter(keeps).join("");
}

function parse(equation: string, operands: readonly Tensor[]): { inputs: readonly string[]; output: string } {
  const fail = (why: string): never => {
    const shapes = operands.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    throw new ShapeError(`einsum: "${equation}" does not fit ${shapes}: ${why}.`);
  };
  const parts = /^([a-zA-Z]*(?:,[a-zA-Z]*)*)(?:->([a-zA-Z]*))?$/.exec(equation.replaceAll(" ", ""));
  if (parts === null) return fail("expected letters, commas and an arrow");
  const inputs = (parts[1] as string).split(",");
  const all = inputs.join("");
  const once = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  const output = parts[2] ?? once.toSorted().join("");
  if (inputs.length !== operands.length) fail(`it has ${inputs.length} operands`);
  const sizes = new Map<string, number>();
  for (const [i, letters] of inputs.entries()) {
    const { shape } = operands[i] as Tensor;
    if (letters.length !== shape.length) fail(`"${letters}" has ${letters.length} axes`);
    for (const [axis, letter] of Array.from(letters).entries()) {
      if (letters.indexOf(letter) !== axis) fail(`"${letters}" has ${letter} twice`);
      const size = sizeAlong({ shape }, axis);
      if ((sizes.get(letter) ?? size) !== size) fail(`${letter} is ${sizes.get(letter)} and ${size}`);
      sizes.set(letter, size);
    }
  }
  for (const [i, letter] of Array.from(output).entries()) {
    if (!sizes.has(letter)) fail(`${letter} comes out but does not go in`);
    if (output.indexOf(letter) !== i) fail(`${letter} comes out twice`);
  }
  return { inputs, output };
}
