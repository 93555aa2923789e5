import { checkChoice, checkOptions } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Box } from "./box.ts";
import { clip } from "./clip.ts";
import { Discrete } from "./discrete.ts";
import { SeededEnv } from "./seeded-env.ts";

type State = readonly [number, number, number, number];

const gravity = 9.8;
const center = 0.5; // of each link, whose length, mass and inertia are 1
const seconds = 0.2;
const [fastest1, fastest2] = [4 * Math.PI, 9 * Math.PI];

/** Options for {@link Acrobot}. */
export interface AcrobotOptions {
  /** The equations of Sutton and Barto's book, or of Sutton's paper of 1996. Default: `"book"`. */
  readonly dynamics?: "book" | "nips";
}

/**
 * Two links that hang from a joint, and a torque of −1, 0 or 1 (actions 0, 1, 2) at the joint between them, until the tip is one link above the
 * first joint. A reward of −1 for each step before that. Gymnasium's `Acrobot`. The observation is cosine and sine of both angles and both angular velocities.
 *
 * Sutton, 1996. Generalization in reinforcement learning. Sutton and Barto, 2018, section 11.3 of the first edition.
 */
export class Acrobot extends SeededEnv<Float32Array, number> {
  readonly observationSpace = new Box(
    [-1, -1, -1, -1, -fastest1, -fastest2],
    [1, 1, 1, 1, fastest1, fastest2],
  );
  readonly actionSpace = new Discrete(3);
  /** Both angles and both angular velocities. */
  state: State = [0, 0, 0, 0];
  readonly #isBook: boolean;

  constructor(options: AcrobotOptions = {}) {
    super();
    checkOptions("Acrobot", options, ["dynamics"]);
    const { dynamics = "book" } = options;
    checkChoice("Acrobot", "dynamics", dynamics, ["book", "nips"]);
    this.#isBook = dynamics === "book";
  }

  protected begin(random: NumpyGenerator): Float32Array {
    const draw = () => Math.fround(random.uniform(-0.1, 0.1)); // Gymnasium keeps the first state in 32 bits
    this.state = [draw(), draw(), draw(), draw()];
    return this.#observe();
  }

  protected advance(action: number) {
    const [angle1, angle2, velocity1, velocity2] = this.#rungeKutta(action - 1);
    this.state = [
      wrap(angle1),
      wrap(angle2),
      clip(velocity1, -fastest1, fastest1),
      clip(velocity2, -fastest2, fastest2),
    ];
    const terminated = -Math.cos(this.state[0]) - Math.cos(this.state[1] + this.state[0]) > 1;
    return { observation: this.#observe(), reward: terminated ? 0 : -1, terminated };
  }

  #observe(): Float32Array {
    const [angle1, angle2, velocity1, velocity2] = this.state;
    return Float32Array.of(
      Math.cos(angle1),
      Math.sin(angle1),
      Math.cos(angle2),
      Math.sin(angle2),
      velocity1,
      velocity2,
    );
  }

  /** One step of the fourth order. */
  #rungeKutta(torque: number): State {
    const moved = (by: State, h: number) =>
      this.state.map((x, i) => x + h * (by[i] ?? NaN)) as unknown as State;
    const k1 = this.#derivative(this.state, torque);
    const k2 = this.#derivative(moved(k1, seconds / 2), torque);
    const k3 = this.#derivative(moved(k2, seconds / 2), torque);
    const k4 = this.#derivative(moved(k3, seconds), torque);
    return moved(
      k1.map((k, i) => k + 2 * (k2[i] ?? NaN) + 2 * (k3[i] ?? NaN) + (k4[i] ?? NaN)) as unknown as State,
      seconds / 6,
    );
  }

  #derivative([angle1, angle2, velocity1, velocity2]: State, torque: number): State {
    const [cos2, sin2] = [Math.cos(angle2), Math.sin(angle2)];
    const d1 = center ** 2 + (1 + center ** 2 + 2 * center * cos2) + 2;
    const d2 = center ** 2 + center * cos2 + 1;
    const phi2 = center * gravity * Math.cos(angle1 + angle2 - Math.PI / 2);
    const phi1 =
      -center * velocity2 ** 2 * sin2 -
      2 * center * velocity2 * velocity1 * sin2 +
      (center + 1) * gravity * Math.cos(angle1 - Math.PI / 2) +
      phi2;
    const coriolis = this.#isBook ? center * velocity1 ** 2 * sin2 : 0;
    const turn2 = (torque + (d2 / d1) * phi1 - coriolis - phi2) / (center ** 2 + 1 - d2 ** 2 / d1);
    return [velocity1, velocity2, -(d2 * turn2 + phi1) / d1, turn2];
  }
}

/** An angle between −π and π. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}
