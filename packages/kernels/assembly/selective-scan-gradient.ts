import { exp } from "./parts/exp";
import { addLanes, loadLanes, storeLanes, sumOfLanes } from "./parts/lanes";
import { moveRow, takeRow } from "./parts/long-sums";
import { madd } from "./parts/madd";

/** Channels, or time steps, of which gradients are added up in 32 bits; the sums of those are in 64. */
const BLOCK = 64;

/**
 * The gradient of `selectiveScan`, backward in time: see `PellucidSelectiveScanGradient` in the mamba package.
 *
 * @param dA takes the gradient of each example, `[batch, channel, state]`: their sum is that at `A`
 * @param g holds the gradients at the final states, and then those at the initial ones
 * @param states room for `[time + 1, channel, state]`
 * @param decays room for `[time, channel, state]`
 * @param sumsOfA room for `[channel, state]` of 64 bits; `sumsOfB` and `sumsOfC` for `[state]`
 */
export function selectiveScanGradient(
  u: usize,
  delta: usize,
  A: usize,
  B: usize,
  C: usize,
  initial: usize,
  dy: usize,
  du: usize,
  dDelta: usize,
  dA: usize,
  dB: usize,
  dC: usize,
  g: usize,
  states: usize,
  decays: usize,
  sumsOfA: usize,
  sumsOfB: usize,
  sumsOfC: usize,
  batch: i32,
  time: i32,
  channels: i32,
  size: i32,
): void {
  const row = (<usize>size) << 2;
  const whole = <usize>channels * row;
  const stepBytes = (<usize>channels) << 2;
  memory.fill(dA, 0, <usize>batch * whole);
  memory.fill(dB, 0, <usize>(batch * time) * row);
  memory.fill(dC, 0, <usize>(batch * time) * row);
  for (let b = 0; b < batch; b++) {
    memory.copy(states, initial, whole);
    for (let t = 0; t < time; t++) forward(u, delta, A, B, states, decays, t, channels, size);
    memory.fill(sumsOfA, 0, 2 * whole);
    for (let t = time - 1; t >= 0; t--) {
      memory.fill(sumsOfB, 0, 2 * row);
      memory.fill(sumsOfC, 0, 2 * row);
      const here = <usize>t * stepBytes;
      const entry = <usize>t * row;
      for (let d = 0; d < channels; d++) {
        const at = here + ((<usize>d) << 2);
        const lasting = load<f32>(delta + at);
        const input = load<f32>(u + at);
        const out = f32x4.splat(load<f32>(dy + at));
        const written = f32x4.splat(lasting * input);
        let write = f32x4.splat(0);
        let decay = f32x4.splat(0);
        for (let n = 0; n < size; n += 4) {
          const lanes = size - n;
          const k = (<usize>n) << 2;
          const index = <usize>d * row + k;
          const before = states + <usize>t * whole + index;
          const a = loadLanes(decays + <usize>t * whole + index, lanes);
          const gradient = madd(loadLanes(g + index, lanes), out, loadLanes(C + entry + k, lanes));
          addLanes(dC + entry + k, f32x4.mul(out, loadLanes(before + whole, lanes)), lanes);
          addLanes(dB + entry + k, f32x4.mul(gradient, written), lanes);
          write = madd(write, gradient, loadLanes(B + entry + k, lanes));
          const left = f32x4.mul(gradient, a);
          const rate = f32x4.mul(left, loadLanes(before, lanes));
          decay = madd(decay, rate, loadLanes(A + index, lanes));
          addLanes(dA + index, f32x4.mul(rate, f32x4.splat(lasting)), lanes);
          storeLanes(g + index, left, lanes);
        }
        const sum = sumOfLanes(write);
        store<f32>(du + at, lasting * sum);
        store<f32>(dDelta + at, input * sum + sumOfLanes(decay));
        if (d % BLOCK < BLOCK - 1 && d < channels - 1) continue;
        moveRow(dB + entry, sumsOfB, size);
        moveRow(dC + entry, sumsOfC, size);
      }
      takeRow(sumsOfB, dB + entry, size);
      takeRow(sumsOfC, dC + entry, size);
      if (t % BLOCK == 0) moveRow(dA, sumsOfA, channels * size);
    }
    takeRow(sumsOfA, dA, channels * size);
    u += <usize>time * stepBytes;
    delta += <usize>time * stepBytes;
    dy += <usize>time * stepBytes;
    du += <usize>time * stepBytes;
    dDelta += <usize>time * stepBytes;
    B += <usize>time * row;
    C += <usize>time * row;
    dB += <usize>time * row;
    dC += <usize>time * row;
    initial += whole;
    dA += whole;
    g += whole;
  }
}

/** The state after time step `t`, and the decay `a = exp(Δ A)` of the previous one. */
function forward(
  u: usize,
  delta: usize,
  A: usize,
  B: usize,
  states: usize,
  decays: usize,
  t: i32,
  channels: i32,
  size: i32,
): void {
  const row = (<usize>size) << 2;
  const whole = <usize>channels * row;
  for (let d = 0; d < channels; d++) {
    const at = (<usize>(t * channels + d)) << 2;
    const lasting = load<f32>(delta + at);
    const write = f32x4.splat(lasting * load<f32>(u + at));
    for (let n = 0; n < size; n += 4) {
      const lanes = size - n;
      const k = (<usize>n) << 2;
      const index = <usize>d * row + k;
      const before = states + <usize>t * whole + index;
      const a = exp(f32x4.mul(f32x4.splat(lasting), loadLanes(A + index, lanes)));
      const written = f32x4.mul(write, loadLanes(B + <usize>t * row + k, lanes));
      storeLanes(decays + <usize>t * whole + index, a, lanes);
      storeLanes(before + whole, madd(written, a, loadLanes(before, lanes)), lanes);
    }
  }
}
