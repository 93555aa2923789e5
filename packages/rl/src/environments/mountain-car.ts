import { checkFinite, checkOptions } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Box } from "./box.ts";
import { clip } from "./clip.ts";
import { Discrete } from "./discrete.ts";
import { SeededEnv } from "./seeded-env.ts";

const [left, right] = [-1.2, 0.6];
const fastest = 0.07;
const goal = 0.5;

/** Options for {@link MountainCar}. */
export interface MountainCarOptions {
  /** The least velocity at the goal. Default: 0. */
  readonly goalVelocity?: number;
}

/**
 * A car in a valley that is too weak to drive straight up: it accelerates to the left (0), not at all (1) or to the right (2), with a reward
 * of −1 for each step until it reaches 0.5. Gymnasium's `MountainCar`. The observation is position and velocity.
 *
 * Moore, 1990. Efficient memory-based learning for robot control. https://www.cl.cam.ac.uk/techreports/UCAM-CL-TR-209.pdf
 */
export class MountainCar extends SeededEnv<Float32Array, number> {
  readonly observationSpace = new Box([left, -fastest], [right, fastest]);
  readonly actionSpace = new Discrete(3);
  /** Position and velocity, in 64 bits. */
  state: readonly [number, number] = [0, 0];
  readonly #goalVelocity: number;

  constructor(options: MountainCarOptions = {}) {
    super();
    checkOptions("MountainCar", options, ["goalVelocity"]);
    const { goalVelocity = 0 } = options;
    checkFinite("MountainCar", { goalVelocity });
    this.#goalVelocity = goalVelocity;
  }

  protected begin(random: NumpyGenerator): Float32Array {
    this.state = [random.uniform(-0.6, -0.4), 0];
    return Float32Array.from(this.state);
  }

  protected advance(action: number) {
    const [x, before] = this.state;
    let velocity = clip(before + (action - 1) * 0.001 + Math.cos(3 * x) * -0.0025, -fastest, fastest);
    const position = clip(x + velocity, left, right);
    if (position === left && velocity < 0) velocity = 0;
    this.state = [position, velocity];
    const terminated = position >= goal && velocity >= this.#goalVelocity;
    return { observation: Float32Array.from(this.state), reward: -1, terminated };
  }
}
