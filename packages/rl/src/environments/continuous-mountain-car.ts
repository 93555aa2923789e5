import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Box } from "./box.ts";
import { clip } from "./clip.ts";
import { SeededEnv } from "./seeded-env.ts";

const [left, right] = [-1.2, 0.6];
const fastest = 0.07;
const goal = 0.45;

/**
 * {@link MountainCar} with a force from −1 to 1: Gymnasium's `MountainCarContinuous`. A step gives a reward of `−0.1 force²`, the goal 100. Forces beyond ±1 are clipped in
 * the dynamics, and paid for in full.
 */
export class ContinuousMountainCar extends SeededEnv<Float32Array, ArrayLike<number>> {
  readonly observationSpace = new Box([left, -fastest], [right, fastest]);
  readonly actionSpace = new Box([-1], [1]);
  /** Position and velocity. */
  state: readonly [number, number] = [0, 0];

  protected begin(random: NumpyGenerator): Float32Array {
    this.state = [random.uniform(-0.6, -0.4), 0];
    return Float32Array.from(this.state);
  }

  protected advance(action: ArrayLike<number>) {
    const [x, before] = this.state;
    const given = Math.fround(action[0] ?? NaN);
    const change = clip(given, -1, 1) * 0.0015 - 0.0025 * Math.cos(3 * x);
    let velocity = clip(before + change, -fastest, fastest);
    const position = clip(x + velocity, left, right);
    if (position === left && velocity < 0) velocity = 0;
    this.state = [position, velocity];
    const terminated = position >= goal && velocity >= 0;
    return {
      observation: Float32Array.from(this.state),
      reward: (terminated ? 100 : 0) - given ** 2 * 0.1,
      terminated,
    };
  }

  /** Any finite force. */
  protected override checkAction(action: ArrayLike<number>): void {
    if (action.length !== 1 || !Number.isFinite(action[0])) super.checkAction(action);
  }
}
