import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";

/**
 * One step of an optimizer, or a part of one: turns gradients into updates, which are *added* to the parameters. Pure:
 * its state goes in and comes out as `State`, plain records of tensors and numbers. It runs inside a `tidy`: tensors that
 * are in neither result are freed.
 */
export interface Transform<State> {
  /** The state before the first step. */
  init(parameters: ByPath<Tensor>): State;
  /**
   * @param gradients by path, borrowed: a state never holds one, but a copy
   * @param parameters all of them, also those without a gradient
   */
  update(
    gradients: ByPath<Tensor>,
    state: State,
    parameters: ByPath<Tensor>,
  ): readonly [updates: ByPath<Tensor>, state: State];
}

/** The states of transforms, in their order. */
export type StatesOf<T extends readonly Transform<unknown>[]> = {
  readonly [I in keyof T]: T[I] extends Transform<infer State> ? State : never;
};

/** The state of a transform that needs none. */
export type Stateless = Readonly<Record<string, never>>;
