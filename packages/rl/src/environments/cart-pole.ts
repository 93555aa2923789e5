import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import { SeededEnv } from "./seeded-env.ts";

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = 1.1;
const halfLength = 0.5;
const poleMassLength = poleMass * halfLength;
const force = 10;
const seconds = 0.02;
const angleLimit = (12 * 2 * Math.PI) / 360;
const positionLimit = 2.4;

/**
 * A pole on a cart, which is pushed to the left (0) or right (1) so that the pole stays up: Gymnasium's `CartPole`, with a reward of 1 for each step.
 *
 * The observation is position, velocity, angle in radians and angular velocity. The episode ends beyond ±2.4 or ±12°. Explicit Euler
 * steps of 0.02 s. Barto, Sutton and Anderson, 1983. https://doi.org/10.1109/TSMC.1983.6313077
 */
export class CartPole extends SeededEnv<Float32Array, number> {
  readonly observationSpace = new Box(
    [-2 * positionLimit, -Infinity, -2 * angleLimit, -Infinity],
    [2 * positionLimit, Infinity, 2 * angleLimit, Infinity],
  );
  readonly actionSpace = new Discrete(2);
  /** Position, velocity, angle, angular velocity, in 64 bits. */
  state: readonly [number, number, number, number] = [0, 0, 0, 0];

  protected begin(random: NumpyGenerator): Float32Array {
    const draw = () => random.uniform(-0.05, 0.05);
    this.state = [draw(), draw(), draw(), draw()];
    return Float32Array.from(this.state);
  }

  protected advance(action: number) {
    const [x, velocity, angle, turning] = this.state;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const push = ((action === 1 ? force : -force) + poleMassLength * turning ** 2 * sin) / totalMass;
    const turn = (gravity * sin - cos * push) / (halfLength * (4 / 3 - (poleMass * cos ** 2) / totalMass));
    const acceleration = push - (poleMassLength * turn * cos) / totalMass;
    this.state = [
      x + seconds * velocity,
      velocity + seconds * acceleration,
      angle + seconds * turning,
      turning + seconds * turn,
    ];
    const terminated = Math.abs(this.state[0]) > positionLimit || Math.abs(this.state[2]) > angleLimit;
    return { observation: Float32Array.from(this.state), reward: 1, terminated };
  }
}
