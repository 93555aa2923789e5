import { Tensor } from "@tensorflow/tfjs-core";
import { isReadingNumbers, noteNumber, recordingNow } from "../compile/recording-now.ts";

/** Reads a tensor of one number, which it frees. */
export function readNumber(x: Tensor | number): Promise<number> {
  if (!(x instanceof Tensor)) return Promise.resolve(x);
  if (isReadingNumbers()) noteNumber(x.dataSync()[0] ?? NaN);
  return recordingNow()?.readNumber(x) ?? read(x);
}

async function read(x: Tensor): Promise<number> {
  try {
    return (await x.data())[0] ?? NaN;
  } finally {
    x.dispose();
  }
}
