import { checkOptions, checkPositive } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Box } from "./box.ts";
import { clip } from "./clip.ts";
import { SeededEnv } from "./seeded-env.ts";

const fastest = 8;
const strongest = 2;
const seconds = 0.05;

/** Options for {@link Pendulum}. */
export interface PendulumOptions {
  /** The acceleration of gravity. Default: 10. */
  readonly g?: number;
}

/**
 * A pendulum that is swung up and held there by a torque of at most 2: Gymnasium's `Pendulum`. The observation is cosine and sine of the
 * angle, which is 0 at the top, and the angular velocity. The reward is `−(angle² + 0.1 velocity² + 0.001 torque²)` before the step;
 * the episode never ends by itself. Torques beyond 2 are clipped.
 */
export class Pendulum extends SeededEnv<Float32Array, ArrayLike<number>> {
  readonly observationSpace = new Box([-1, -1, -fastest], [1, 1, fastest]);
  readonly actionSpace = new Box([-strongest], [strongest]);
  /** Angle and angular velocity, in 64 bits. */
  state: readonly [number, number] = [0, 0];
  readonly #gravity: number;

  constructor(options: PendulumOptions = {}) {
    super();
    checkOptions("Pendulum", options, ["g"]);
    const { g = 10 } = options;
    checkPositive("Pendulum", { g });
    this.#gravity = g;
  }

  protected begin(random: NumpyGenerator): Float32Array {
    this.state = [random.uniform(-Math.PI, Math.PI), random.uniform(-1, 1)];
    return this.#observe();
  }

  protected advance(action: ArrayLike<number>) {
    const [angle, velocity] = this.state;
    const torque = Math.fround(clip(action[0] ?? NaN, -strongest, strongest));
    const cost = wrap(angle) ** 2 + 0.1 * velocity ** 2 + Math.fround(0.001 * Math.fround(torque ** 2));
    const faster = velocity + (1.5 * this.#gravity * Math.sin(angle) + Math.fround(3 * torque)) * seconds;
    const turning = clip(faster, -fastest, fastest);
    this.state = [angle + turning * seconds, turning];
    return { observation: this.#observe(), reward: -cost, terminated: false };
  }

  /** Any finite torque: what is beyond the space is clipped, as in Gymnasium. */
  protected override checkAction(action: ArrayLike<number>): void {
    if (action.length !== 1 || !Number.isFinite(action[0])) super.checkAction(action);
  }

  #observe(): Float32Array {
    const [angle, velocity] = this.state;
    return Float32Array.of(Math.cos(angle), Math.sin(angle), velocity);
  }
}

/** An angle between −π and π, by the floor and not the remainder, which is negative for negative angles. */
function wrap(angle: number): number {
  const turn = 2 * Math.PI;
  const shifted = angle + Math.PI;
  return shifted - turn * Math.floor(shifted / turn) - Math.PI;
}
