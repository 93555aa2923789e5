import { type Rng } from "@pellucid/core-train";
import { StyleNet, trainStyleNet } from "@pellucid/interpret";
import { add, mean, mul, type Scalar, slice, square, sub, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { batchOf, cut, type Motion, type Picture } from "./clip.ts";
import { distanceFrom, type Eye } from "./eye.ts";

interface Training {
  readonly rng: Rng;
  readonly eye: Eye;
  /** Of the squares that it learns from. */
  readonly size: number;
  readonly steps: number;
  readonly styleWeight: number;
  /** How much flicker counts: 0 for a painter of single pictures. */
  readonly temporal: number;
  readonly channels?: number;
  readonly onStep?: (step: number, loss: number) => void;
}

/** Teaches a net one style, on pairs of frames between which the camera has moved. */
export async function trainPainter(
  style: Picture,
  pictures: readonly Picture[],
  { rng, eye, size, steps, styleWeight, temporal, channels = 12, onStep = () => {} }: Training,
): Promise<StyleNet> {
  const [first] = pictures;
  if (first === undefined) throw new RangeError("There is no picture to learn from.");
  const net = new StyleNet({ rng, channels, blocks: 2 });
  const distance = distanceFrom(eye, [[style, 1]], first, styleWeight);
  const motions: Motion[] = [];
  const steady = (painted: Tensor4D): Scalar => {
    const { dx, dy } = motions.at(-1) ?? { dx: 0, dy: 0 };
    const [earlier, later] = [
      slice(painted, [0, dy, dx, 0], [1, size - dy, size - dx, 3]),
      slice(painted, [1, 0, 0, 0], [1, size - dy, size - dx, 3]),
    ];
    return mean(square(sub(earlier, later)));
  };
  const loss = (painted: Tensor4D) =>
    tidy(() => add<Scalar>(distance.loss(painted), mul(steady(painted), temporal)));
  await trainStyleNet(net, pairs(pictures, { size, steps, rng, motions }), {
    style: temporal === 0 ? distance.loss : loss,
    content: { run: eye.run, layer: eye.contentLayer },
    learningRate: 3e-3,
    onStep,
  });
  distance.dispose();
  return net;
}

interface Drawing {
  readonly size: number;
  readonly steps: number;
  readonly rng: Rng;
  readonly motions: Motion[];
}

/** Frames two by two, with the motion between them. */
function* pairs(pictures: readonly Picture[], { size, steps, rng, motions }: Drawing): Generator<Tensor4D> {
  for (let step = 0; step < steps; step++) {
    const [dx = 0, dy = 0] = rng.randint(0, 4, [2]).data;
    const picture = pictures[step % pictures.length];
    if (picture === undefined) throw new RangeError("There is no picture.");
    const [x = 0] = rng.randint(0, picture.width - size - 3, [1]).data;
    const [y = 0] = rng.randint(0, picture.height - size - 3, [1]).data;
    motions.push({ dx, dy });
    const batch = batchOf([cut(picture, x, y, size), cut(picture, x + dx, y + dy, size)], size);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}

/** Paints frames in one pass each. */
export async function paint(
  net: StyleNet,
  frames: readonly Float32Array[],
  size: number,
): Promise<Float32Array[]> {
  const painted: Float32Array[] = [];
  for (const frame of frames) {
    const x = batchOf([frame], size);
    const y = net.forward(x);
    painted.push(Float32Array.from(await y.data()));
    x.dispose();
    y.dispose();
  }
  return painted;
}
