import { pad, roll } from "@pellucid/core-train";
import {
  reshape,
  slice,
  type Tensor3D,
  tensor3d,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";

type Axes = readonly [height: number, width: number];

/** What happens within windows: from `[batch · window, pixel, channel]`, with a mask `[window, pixel, pixel]` or none, to the same shape. */
type WithinWindows = (windows: Tensor3D, mask: Tensor3D | null) => Tensor3D;

/**
 * Cuts maps into windows, transforms each, and puts them together again. With a shift the windows are cut from maps that are rolled by
 * `−shift`; the mask keeps pixels apart that were not neighbors: 0 within a region, −100 between regions. Liu et al., 2021, figure 4.
 *
 * Maps are padded by zeros to a multiple of the window. Along an axis that is not longer than the window nothing is shifted.
 *
 * @param x `[batch, height, width, channel]`
 * @returns the same shape
 */
export function inShiftedWindows(x: Tensor4D, window: Axes, shift: Axes, within: WithinWindows): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [wh, ww] = window;
  const padded: Axes = [Math.ceil(height / wh) * wh, Math.ceil(width / ww) * ww];
  const [rows, columns] = [padded[0] / wh, padded[1] / ww];
  const [down, right] = [wh >= padded[0] ? 0 : shift[0], ww >= padded[1] ? 0 : shift[1]];
  return tidy(() => {
    const whole = pad(x, [
      [0, 0],
      [0, padded[0] - height],
      [0, padded[1] - width],
      [0, 0],
    ]);
    const rolled = roll(roll(whole, -down, 1), -right, 2);
    const cut = reshape(rolled, [batch * rows, wh, columns, ww * channels]);
    const windows: Tensor3D = reshape(transpose(cut, [0, 2, 1, 3]), [
      batch * rows * columns,
      wh * ww,
      channels,
    ]);
    const mask = down === 0 && right === 0 ? null : regionMask(padded, window, [down, right]);
    const transformed = reshape(within(windows, mask), [batch * rows, columns, wh, ww * channels]);
    const joined: Tensor4D = reshape(transpose(transformed, [0, 2, 1, 3]), [batch, ...padded, channels]);
    const back = roll(roll(joined, down, 1), right, 2);
    return slice(back, [0, 0, 0, 0], [batch, height, width, channels]);
  });
}

/** `[window, pixel, pixel]`: −100 between pixels of different regions, else 0. */
function regionMask([height, width]: Axes, [wh, ww]: Axes, [down, right]: Axes): Tensor3D {
  const region = (i: number, size: number, window: number, shift: number): number => {
    if (shift === 0 || i < size - window) return 0;
    return i < size - shift ? 1 : 2;
  };
  const pixels = wh * ww;
  const windows = (height / wh) * (width / ww);
  const values = new Float32Array(windows * pixels * pixels);
  for (let n = 0; n < windows; n++) {
    const top = Math.floor(n / (width / ww)) * wh;
    const left = (n % (width / ww)) * ww;
    const regions = Array.from({ length: pixels }, (_, p) => {
      const vertical = region(top + Math.floor(p / ww), height, wh, down);
      return 3 * vertical + region(left + (p % ww), width, ww, right);
    });
    for (const [q, mine] of regions.entries())
      for (const [k, other] of regions.entries())
        if (mine !== other) values[(n * pixels + q) * pixels + k] = -100;
  }
  return tensor3d(values, [windows, pixels, pixels]);
}
