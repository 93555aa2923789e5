import { Rng } from "@pellucid/core-train";
import { clipOf, flicker, type Picture } from "./clip.ts";
import type { Eye } from "./eye.ts";
import { paint, trainPainter } from "./painter.ts";
import { search } from "./search.ts";

const motion = { dx: 2, dy: 1 };

interface Asked {
  readonly style: Picture;
  /** To learn from. */
  readonly pictures: readonly Picture[];
  /** What the video is of. */
  readonly unseen: Picture;
  readonly eye: Eye;
  readonly size?: number;
  readonly steps?: number;
  readonly frames?: number;
  readonly styleWeight?: number;
  readonly temporal?: number;
  readonly channels?: number;
  readonly searchSteps?: number;
  readonly onStep?: (step: number, loss: number) => void;
}

/** Paints a video by three ways: a net that was taught to be steady, one that was not, and a search for each frame. */
export async function paintVideo({
  style,
  pictures,
  unseen,
  eye,
  size = 64,
  steps = 600,
  frames: count = 8,
  styleWeight = 3,
  temporal = 200,
  channels = 12,
  searchSteps = 40,
  onStep = () => {},
}: Asked) {
  const frames = clipOf(unseen, { ...motion, size, frames: count });
  const training = { eye, size, steps, styleWeight, channels, onStep };
  const steady = await trainPainter(style, pictures, { ...training, temporal, rng: new Rng(0) });
  const single = await trainPainter(style, pictures, { ...training, temporal: 0, rng: new Rng(0) });
  await paint(steady, frames.slice(0, 1), size); // the first pass is slower
  const began = performance.now();
  const painted = await paint(steady, frames, size);
  const milliseconds = (performance.now() - began) / count;
  const bySingle = await paint(single, frames, size);
  const searched: Float32Array[] = [];
  for (const [t, data] of frames.entries()) {
    const how = { eye, styles: [[style, 1]] as const, styleWeight, steps: searchSteps, noise: t };
    searched.push((await search({ data, height: size, width: size }, how)).data);
  }
  const flickers = {
    original: flicker(frames, motion, size),
    steady: flicker(painted, motion, size),
    single: flicker(bySingle, motion, size),
    searched: flicker(searched, motion, size),
  };
  steady.dispose();
  single.dispose();
  return { frames, painted, bySingle, searched, flickers, milliseconds, size };
}
