import { Tensor } from "@tensorflow/tfjs-core";
import { isReadingNumbers, noteNumber, recordingNow } from "../compile/recording-now.ts";

/** Reads a tensor of one number, which it frees. */
export function readNumber(x: Tensor | number): Promise<number> {
  if (!(x instanceof Tensor)) return Promise.resolve(x);
  const value = isReadingNumbers() ? (x.dataSync()[0] ?? NaN) : NaN;
  const promise = recordingNow()?.readNumber(x) ?? read(x);
  noteNumber(promise, value);
  return promise;
}

async function read(x: Tensor): Promise<number> {
  try {
    return (await x.data())[0] ?? NaN;
  } finally {
    x.dispose();
  }
}
