import type { Layer, Module } from "@pellucid/core-train";
import type { Values } from "@pellucid/interpret/draw";
import { type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import type { Subject } from "./subject.ts";
import { subject, type SubjectName } from "./subjects.ts";

/** A trained net, a picture, and a class. */
export interface AboutPicture {
  readonly net: SubjectName;
  /** Which of the net's unseen pictures, or the numbers of one. */
  readonly picture: number | readonly number[];
  /** The class to explain. */
  readonly target: number;
}

/** What a program about a picture works with. */
export interface NetAndPicture {
  readonly net: Module & Layer<Tensor4D, Tensor2D>;
  readonly subject: Subject;
  /** `[height, width, color]` from 0 to 1 */
  readonly image: Values;
  /** `[1, height, width, color]` */
  readonly x: Tensor4D;
  /** The name of the target class. */
  readonly name: string;
}

/** Loads a trained net and a picture for `body`; the picture's tensor is freed afterwards. */
export async function withPicture<T>(
  { net, picture, target }: AboutPicture,
  body: (work: NetAndPicture) => Promise<T>,
): Promise<T> {
  const of = await subject(net);
  const data =
    typeof picture === "number" ? (await of.unseen()).get(picture).x.data : Float32Array.from(picture);
  const x = tensor4d(data, [1, ...of.shape]);
  const name = of.classes[target] ?? String(target);
  try {
    return await body({ net: of.model, subject: of, image: { data, shape: of.shape }, x, name });
  } finally {
    x.dispose();
  }
}
