import {
  type Buffer,
  checkFinite,
  initialized,
  OptionError,
  type Parameter,
  stateBuffer,
} from "@pellucid/core-train";

/** A number for all neurons, or one for each along the last axis. */
export type PerNeuron = number | readonly number[];

/** Throws an {@link OptionError} unless it is a finite number, or one for each neuron. */
export function checkPerNeuron(caller: string, name: string, value: PerNeuron, neurons: number): void {
  if (typeof value === "number") return checkFinite(caller, { [name]: value });
  if (!Array.isArray(value) || value.length !== neurons || !value.every(Number.isFinite))
    throw new OptionError(
      caller,
      name,
      Array.isArray(value) ? `${value.length} numbers` : String(value),
      `a finite number, or one for each of ${neurons} neurons`,
    );
}

/** A parameter where it is learned, a buffer where not. */
export function perNeuron(value: PerNeuron, isLearned: boolean): Parameter | Buffer {
  const data = Float32Array.of(...[value].flat());
  const shape = typeof value === "number" ? [] : [data.length];
  return isLearned ? initialized(shape, (asked) => ({ data, shape: asked })) : stateBuffer({ data, shape });
}
