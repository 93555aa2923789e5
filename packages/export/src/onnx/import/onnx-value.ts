import { reshape, type Tensor, tensor, transpose } from "@tensorflow/tfjs-core";
import type { OnnxDtype } from "../read/read-tensor.ts";

/** Numbers that follow from shapes and constants alone. They are computed on the host, so that nothing waits for a GPU. */
export interface HostNumbers {
  readonly dtype: OnnxDtype;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

interface Form {
  /** Axis `i` of the tensor is axis `axes[i]` of the file. */
  readonly axes: readonly number[];
  readonly tensor: Tensor;
}

/**
 * A value while a model runs, in the order of axes that the file has or in others. A transpose only notes the order; the first op that needs
 * another order than is there makes it, so that convolutions of channels last follow each other without one.
 */
export class OnnxValue {
  readonly numbers: HostNumbers | null;
  readonly #forms: Form[];

  private constructor(numbers: HostNumbers | null, forms: Form[]) {
    this.numbers = numbers;
    this.#forms = forms;
  }

  /** A tensor in the file's order of axes, or in the given one. */
  static of(x: Tensor, axes: readonly number[] = inOrder(x.rank)): OnnxValue {
    return new OnnxValue(null, [{ axes, tensor: x }]);
  }

  static host(dtype: OnnxDtype, shape: readonly number[], data: ArrayLike<number>): OnnxValue {
    return new OnnxValue({ dtype, shape, data }, []);
  }

  /** The sizes in the file's order. */
  get shape(): readonly number[] {
    if (this.numbers !== null) return this.numbers.shape;
    const { axes, tensor: x } = this.#form;
    return axes.map((_, axis) => x.shape[axes.indexOf(axis)] as number);
  }

  get rank(): number {
    return this.shape.length;
  }

  get dtype(): OnnxDtype {
    if (this.numbers !== null) return this.numbers.dtype;
    const { dtype } = this.#form.tensor;
    return dtype === "bool" || dtype === "int32" ? dtype : "float32";
  }

  /** The tensor with the file's axes. */
  get tensor(): Tensor {
    return this.permuted(inOrder(this.rank));
  }

  /** The tensor with its second axis, the channels, last. */
  get channelsLast(): Tensor {
    return this.permuted(lastChannels(this.rank));
  }

  /** The order of axes in which it is there: the file's if it is there in that. */
  get axes(): readonly number[] {
    const own = inOrder(this.rank);
    return this.numbers !== null || this.has(own) ? own : this.#form.axes;
  }

  /** Whether it is there in an order of axes. */
  has(axes: readonly number[]): boolean {
    return this.#forms.some((form) => form.axes.join() === axes.join());
  }

  /** The tensor whose axis `i` is axis `axes[i]` of the file. */
  permuted(axes: readonly number[]): Tensor {
    if (this.numbers !== null && this.#forms.length === 0) this.#forms.push(asForm(this.numbers));
    const found = this.#forms.find((form) => form.axes.join() === axes.join());
    if (found !== undefined) return found.tensor;
    const { axes: from, tensor: x } = this.#form;
    const perm = axes.map((axis) => from.indexOf(axis));
    const moved = perm.filter((axis) => x.shape[axis] !== 1);
    const isSameOrder = moved.every((axis, i) => i === 0 || axis > (moved[i - 1] as number));
    const made = isSameOrder
      ? reshape(
          x,
          perm.map((axis) => x.shape[axis] as number),
        )
      : transpose(x, perm);
    this.#forms.push({ axes, tensor: made });
    return made;
  }

  /** The value whose axis `i` is this one's axis `perm[i]`. */
  transposed(perm: readonly number[]): OnnxValue {
    if (this.numbers !== null) return OnnxValue.of(this.permuted(perm));
    return new OnnxValue(
      null,
      this.#forms.map(({ axes, tensor: x }) => ({ axes: axes.map((axis) => perm.indexOf(axis)), tensor: x })),
    );
  }

  get #form(): Form {
    return this.#forms[0] as Form;
  }
}

function asForm({ dtype, shape, data }: HostNumbers): Form {
  const made = dtype === "int64" ? "int32" : dtype;
  const values = made === "float32" ? Float32Array.from(data) : Int32Array.from(data);
  const bytes = made === "bool" ? Uint8Array.from(data) : values;
  return { axes: inOrder(shape.length), tensor: tensor(bytes, [...shape], made) };
}

/** `[0, 1, …]` */
export function inOrder(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** `[0, 2, 3, …, 1]` */
export function lastChannels(rank: number): readonly number[] {
  return rank < 3 ? inOrder(rank) : [0, ...inOrder(rank - 2).map((axis) => axis + 2), 1];
}

/** The order of a filter's axes here, `[...kernel, in, out]`, in the file's `[out, in, ...kernel]`. */
export function filterAxes(rank: number): readonly number[] {
  return [...inOrder(rank - 2).map((axis) => axis + 2), 1, 0];
}
