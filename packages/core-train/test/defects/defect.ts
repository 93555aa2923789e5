/** Something that tfjs 4.22 gets wrong, or does not have. */
export interface Defect {
  readonly title: string;
  /** An expression in `tf`, small enough to be reported. */
  readonly code: string;
  /** What should come out. */
  readonly right: readonly number[];
  /** Whether what comes out instead is what was in memory. Default: false. */
  readonly varies?: boolean;
  /** Whether it shows only where tfjs-core is used without the package `@tensorflow/tfjs`. Default: false. */
  readonly alone?: boolean;
}

/** A backend, or `core` for what is wrong on each. */
export type Scope = "core" | "cpu" | "wasm" | "webgpu";

/** What an expression gives; throws what it throws. */
export async function evaluate(tf: object, { code }: Defect): Promise<number[]> {
  // oxlint-disable-next-line typescript/no-implied-eval -- the page in docs shows what is run here
  const run = new Function("tf", `return ${code};`) as (tf: object) => { data(): Promise<ArrayLike<number>> };
  return Array.from(await run(tf).data());
}

/** Whether numbers are right, for 32 bits. */
export const isRight = (found: readonly number[], { right }: Defect): boolean =>
  found.length === right.length &&
  right.every((n, i) => Math.abs(n - (found[i] as number)) <= 1e-5 * Math.max(1, Math.abs(n)));
