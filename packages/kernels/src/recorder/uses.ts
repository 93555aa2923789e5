import type { TensorInfo } from "@tensorflow/tfjs-core";

/** A tensor that kernels look up in a recorded step. */
export interface Used {
  readonly address: number;
  /** The number by which tfjs' C++ knows it. */
  readonly id: number;
  /** The calls that it may be for: each is the next one when it is looked up. */
  readonly calls: number[];
}

/** The end of the step, where results are read. */
export const AT_END = Infinity;

/** Which calls of a recorded step can read or write which tensors. Kernels look up each tensor before they make the call that it is for. */
export class Uses {
  readonly #tensors = new Map<TensorInfo["dataId"], Used>();
  readonly #byCall = new Map<number, Set<Used>>();

  note(dataId: TensorInfo["dataId"], { address, id }: Omit<Used, "calls">, call: number): void {
    let used = this.#tensors.get(dataId);
    if (used === undefined) this.#tensors.set(dataId, (used = { address, id, calls: [] }));
    used.calls.push(call);
    const others = this.#byCall.get(call);
    if (others === undefined) this.#byCall.set(call, new Set([used]));
    else others.add(used);
  }

  /** The tensors that a call can be for, by their addresses. */
  at(call: number): ReadonlyMap<number, Used> {
    return new Map([...(this.#byCall.get(call) ?? [])].map((used) => [used.address, used]));
  }
}
