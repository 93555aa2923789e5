import {
  type Buffer,
  checkChoice,
  checkShape,
  checkSizes,
  IndexError,
  initialized,
  type Layer,
  Module,
  type Parameter,
  stateBuffer,
} from "@pellucid/core-train";
import {
  add,
  equal,
  mul,
  range,
  type Rank,
  reshape,
  slice,
  stack,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tidy,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { type SymbolicName, symbolicFunctions } from "./symbolic-functions.ts";

/** The numbers of `c · f(a · x + b) + d`. */
export type Affine = readonly [a: number, b: number, c: number, d: number];

/**
 * A layer whose edges are known functions with learned scales and offsets, which a {@link KAN} adds to that of its splines:
 *
 *     y[o] = Σ over i of mask[o, i] · (c · f[o][i](a · x[i] + b) + d)
 *
 * Edges have no function at the start. Names and layouts are those of pykan's `Symbolic_KANLayer`; the functions are not part of its `state_dict`, and neither are they here.
 */
export class SymbolicKANLayer extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly inDim: number;
  readonly outDim: number;
  /** `[out, in]`, 1 for edges that are locked */
  readonly mask: Buffer<Rank.R2>;
  /** `[out, in, 4]`: `a`, `b`, `c`, `d` */
  readonly affine: Parameter<Rank.R3>;
  readonly #functions: (SymbolicName | null)[][];

  constructor(inDim: number, outDim: number) {
    super();
    checkSizes("SymbolicKANLayer", { inDim, outDim });
    this.inDim = inDim;
    this.outDim = outDim;
    this.mask = stateBuffer({ data: new Float32Array(inDim * outDim), shape: [outDim, inDim] });
    this.affine = initialized([outDim, inDim, 4], (shape) => ({
      data: new Float32Array(4 * inDim * outDim),
      shape,
    }));
    this.#functions = Array.from({ length: outDim }, () => new Array<SymbolicName | null>(inDim).fill(null));
  }

  /** The function of each edge, `[out][in]`. */
  get functions(): readonly (readonly (SymbolicName | null)[])[] {
    return this.#functions;
  }

  /** Locks an edge to a function: `c · f(a · x + b) + d`. */
  lock(i: number, o: number, name: SymbolicName, affine: Affine = [1, 0, 1, 0]): void {
    checkSymbolic("SymbolicKANLayer", name);
    this.#checkEdge(i, o);
    (this.#functions[o] as (SymbolicName | null)[])[i] = name;
    assignEdge(this.mask, [o, i], 1);
    tidy(() => {
      const [outDim, inDim] = this.mask.shape;
      const isEdge = equal(range(0, outDim * inDim, 1, "int32"), o * inDim + i);
      const values = tensor3d([...affine], [1, 1, 4]);
      this.affine.assign(where(reshape(isEdge, [outDim, inDim, 1]), values, this.affine));
    });
  }

  /** Takes the function of an edge away. */
  unlock(i: number, o: number): void {
    this.#checkEdge(i, o);
    (this.#functions[o] as (SymbolicName | null)[])[i] = null;
    assignEdge(this.mask, [o, i], 0);
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => sum<Tensor2D>(this.edges(x), 1));
  }

  /**
   * What each edge adds to its node.
   *
   * @param x `[batch, in]`
   * @returns `[batch, in, out]`
   */
  edges(x: Tensor2D): Tensor3D {
    checkShape(`SymbolicKANLayer(${this.inDim}, ${this.outDim})`, "x", x, ["batch", this.inDim]);
    const [batch] = x.shape;
    return tidy(() => {
      const none = zeros<Rank.R1>([batch]);
      const nodes = this.#functions.map((names, o) =>
        stack(
          names.map((name, i) => (name === null ? none : this.#edge(x, i, o, name))),
          1,
        ),
      ); // out of [batch, in]
      return stack(nodes, 2) as Tensor3D;
    });
  }

  #edge(x: Tensor2D, i: number, o: number, name: SymbolicName): Tensor1D {
    const at = (j: number): Tensor => reshape(slice(this.affine, [o, i, j], [1, 1, 1]), [1]);
    const input = reshape<Rank.R1>(slice(x, [0, i], [-1, 1]), [-1]);
    const argument = add<Tensor1D>(mul(input, at(0)), at(1));
    const value = add<Tensor1D>(mul(symbolicFunctions[name].tensor(argument), at(2)), at(3));
    return mul(value, reshape(slice(this.mask, [o, i], [1, 1]), [1]));
  }

  #checkEdge(i: number, o: number): void {
    checkEdge("SymbolicKANLayer", i, o, this.inDim, this.outDim);
  }
}

/** Sets one entry of a matrix. */
export function assignEdge(
  matrix: Buffer<Rank.R2>,
  [row, column]: readonly [number, number],
  value: number,
): void {
  tidy(() => {
    const [rows, columns] = matrix.shape;
    const isEdge = reshape(equal(range(0, rows * columns, 1, "int32"), row * columns + column), [
      rows,
      columns,
    ]);
    matrix.assign(where(isEdge, value, matrix));
  });
}

/** Throws an {@link IndexError} unless there is such an edge. */
export function checkEdge(caller: string, i: number, o: number, inDim: number, outDim: number): void {
  const exists = (index: number, size: number) => Number.isInteger(index) && index >= 0 && index < size;
  if (!exists(i, inDim) || !exists(o, outDim))
    throw new IndexError(
      `${caller}: there is no edge from ${i} to ${o}, expected 0 to ${inDim - 1} and 0 to ${outDim - 1}.`,
    );
}

/** Throws an error unless there is such a function. */
export function checkSymbolic(caller: string, name: string): asserts name is SymbolicName {
  const [first, ...others] = Object.keys(symbolicFunctions);
  checkChoice(caller, "function", name, [first, ...others]);
}
