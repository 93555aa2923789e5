import { Rng } from "@pellucid/core-train";
import { classScore, conceptVector, tcav } from "@pellucid/interpret";
import { matrix, pictures as drawPictures } from "@pellucid/interpret/draw";
import { dispose, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { subject } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

/** Which classes have the concept. */
export const concepts: Readonly<Record<string, readonly string[]>> = {
  "made of arms": ["star", "cross"],
  "round outside": ["circle", "ring"],
  "a hole": ["ring"],
};

export interface Options {
  readonly concept: string;
  readonly kind: string;
  readonly randomConcepts: number;
}

export const options: Options = { concept: "made of arms", kind: "cross", randomConcepts: 4 };

export async function program({ concept, kind, randomConcepts }: Options, { signal, onProgress }: Run = {}) {
  const { model, shape, classes, layers, unseen } = await subject("shapes");
  const layer = layers["layer2"];
  if (layer === undefined) throw new RangeError("tcav: the net has no layer2.");
  const data = await unseen();
  const named = Array.from(data.labels.data, (label) => String(classes[label]));
  const first = Array.from({ length: 200 }, (_, i) => i);
  const positive = first.filter((i) => concepts[concept]?.includes(String(named[i])));
  const negative = first.filter((i) => !positive.includes(i));
  const examined = Array.from(named.keys()).filter((i) => i >= 200 && named[i] === kind);
  const load = (which: readonly number[]) =>
    tensor4d(data.gather(Int32Array.from(which)).x.data, [which.length, ...shape]);

  const score = classScore<Tensor4D>(model, classes.indexOf(kind));
  const x = load(examined);
  const shareOf = async (inside: readonly number[], outside: readonly number[]) => {
    const examples = { concept: load(inside.slice(0, 24)), others: load(outside.slice(0, 24)) };
    const fit = { rng: new Rng(0), steps: 40, ...(signal && { signal }) };
    try {
      const direction = await conceptVector((at: Tensor4D) => model.forward(at), layer, examples, fit);
      const share = tcav(score, layer, direction)(x);
      const [value = NaN] = await share.data();
      dispose([direction, share]);
      return value;
    } finally {
      dispose(Object.values(examples));
    }
  };
  try {
    const shares = [await shareOf(positive, negative)];
    for (let seed = 1; seed <= randomConcepts; seed++) {
      const order = Array.from(new Rng(seed).randperm(200));
      shares.push(await shareOf(order, order.slice(24)));
      onProgress?.(seed, randomConcepts);
    }
    const columnNames = shares.map((_, i) => (i === 0 ? concept : `random ${i}`));
    const how = { rowNames: [kind], columnNames, signed: false, limit: 1 };
    const eight = (which: readonly number[], title: string) =>
      drawPictures(
        { data: data.gather(Int32Array.from(which.slice(0, 8))).x.data, shape: [8, ...shape] },
        { title, columns: 4, each: 64 },
      );
    return {
      pictures: [
        matrix({ data: shares, shape: [1, shares.length] }, { title: "Share whose score rises", ...how }),
        eight(positive, `With “${concept}”`),
        eight(negative, "Without"),
        eight(examined, `Examined: ${kind}`),
      ],
      shares,
      count: examined.length,
    };
  } finally {
    x.dispose();
  }
}
