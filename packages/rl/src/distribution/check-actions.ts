import { checkOnHost, IndexError } from "@pellucid/core-train";
import type { Tensor1D } from "@tensorflow/tfjs-core";

/** Throws an {@link IndexError} unless every action is an integer from 0 to `count − 1`; not checked where reading them would wait for a GPU. */
export function checkActions(caller: string, actions: Tensor1D, count: number): void {
  checkOnHost(actions, (taken) => {
    for (let i = 0; i < taken.length; i++) {
      const action = taken[i] ?? NaN;
      if (Number.isInteger(action) && action >= 0 && action < count) continue;
      throw new IndexError(
        `${caller}: action ${i} is ${action}, expected an integer from 0 to ${count - 1}.`,
      );
    }
  });
}
