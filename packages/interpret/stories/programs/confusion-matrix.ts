import { matrix, pictures as drawPictures } from "@pellucid/interpret/draw";
import { argMax, dispose, tensor4d } from "@tensorflow/tfjs-core";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  readonly count: number;
}

export const options: Options = { net: "digits", count: 300 };

export async function program({ net, count }: Options, { signal, onProgress }: Run = {}) {
  const { model, classes, shape, unseen } = await subject(net);
  const data = await unseen();
  const { x, y } = data.gather(Int32Array.from({ length: count }, (_, i) => i));
  const size = shape[0] * shape[1] * shape[2];
  const predictions: number[] = [];
  for (let from = 0; from < count; from += 50) {
    signal?.throwIfAborted();
    const to = Math.min(from + 50, count);
    const images = tensor4d(x.data.slice(from * size, to * size), [to - from, ...shape]);
    const logits = model.forward(images);
    const predicted = argMax(logits, 1);
    predictions.push(...(await predicted.data()));
    dispose([images, logits, predicted]);
    onProgress?.(to, count);
  }
  const labels = Array.from(y.data);
  const countOf = (label: number, prediction: number) =>
    labels.filter((actual, i) => actual === label && predictions[i] === prediction).length;
  const counts = classes.flatMap((_, label) => classes.map((__, prediction) => countOf(label, prediction)));
  const wrong = Array.from(labels.keys()).filter((i) => labels[i] !== predictions[i]);
  const pictures = [
    matrix(
      { data: counts, shape: [classes.length, classes.length] },
      {
        title: `${count} unseen images`,
        rowNames: classes,
        columnNames: classes,
        rowLabel: "actual",
        columnLabel: "predicted",
      },
    ),
  ];
  if (wrong.length > 0) {
    const names = wrong.map((i) => `${classes[Number(labels[i])]}, not ${classes[Number(predictions[i])]}`);
    const images = { data: data.gather(Int32Array.from(wrong)).x.data, shape: [wrong.length, ...shape] };
    const how = { title: "Misclassified images", labels: names, columns: 4, each: 80 };
    pictures.push(drawPictures(images, how));
  }
  return { pictures, counts, wrong };
}
