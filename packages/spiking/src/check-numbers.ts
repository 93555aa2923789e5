import { checkTensor, DataError, hostValues } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Throws a {@link DataError} for a NaN, which no spikes code; not checked where reading the data would wait for a GPU. */
export function checkNumbers(caller: string, data: Tensor): void {
  checkTensor(caller, "data", data);
  const i = Array.from(hostValues(data) ?? []).findIndex(Number.isNaN);
  if (i !== -1)
    throw new DataError(`${caller}: data[${i}] is NaN, expected numbers. Fill in what is missing first.`);
}
