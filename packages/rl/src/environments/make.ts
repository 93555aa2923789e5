import { OptionError } from "@pellucid/core-train";
import { Acrobot, type AcrobotOptions } from "./acrobot.ts";
import { CartPole } from "./cart-pole.ts";
import { ContinuousMountainCar } from "./continuous-mountain-car.ts";
import { CliffWalking, type CliffWalkingOptions } from "./cliff-walking.ts";
import { FrozenLake, type FrozenLakeOptions } from "./frozen-lake.ts";
import { lakeMaps } from "./frozen-lake-map.ts";
import { MountainCar, type MountainCarOptions } from "./mountain-car.ts";
import { Pendulum, type PendulumOptions } from "./pendulum.ts";
import { TimeLimit } from "./time-limit.ts";

const discrete = <E extends CartPole | MountainCar | Acrobot>(env: E, steps: number) =>
  new TimeLimit<Float32Array, number, E>(env, steps);
const tabular = <E extends FrozenLake>(env: E, steps: number) => new TimeLimit<number, number, E>(env, steps);

/** Gymnasium's environments by their ids, with their time limits. */
const registry = {
  "CartPole-v0": () => discrete(new CartPole(), 200),
  "CartPole-v1": () => discrete(new CartPole(), 500),
  "MountainCar-v0": (options?: MountainCarOptions) => discrete(new MountainCar(options), 200),
  "MountainCarContinuous-v0": () =>
    new TimeLimit<Float32Array, ArrayLike<number>, ContinuousMountainCar>(new ContinuousMountainCar(), 999),
  "Acrobot-v1": (options?: AcrobotOptions) => discrete(new Acrobot(options), 500),
  "Pendulum-v1": (options?: PendulumOptions) =>
    new TimeLimit<Float32Array, ArrayLike<number>, Pendulum>(new Pendulum(options), 200),
  "FrozenLake-v1": (options?: FrozenLakeOptions) => tabular(new FrozenLake(options), 100),
  "FrozenLake8x8-v1": (options?: FrozenLakeOptions) =>
    tabular(new FrozenLake({ map: lakeMaps["8x8"], ...options }), 200),
  "CliffWalking-v1": (options?: CliffWalkingOptions) => new CliffWalking(options),
  "CliffWalkingSlippery-v1": (options?: CliffWalkingOptions) =>
    new CliffWalking({ isSlippery: true, ...options }),
} as const;

/** The id of an environment. */
export type EnvId = keyof typeof registry;

/**
 * Makes one of Gymnasium's environments with the time limit that it has there: `make("CartPole-v1")`.
 *
 * @throws OptionError for an unknown id
 */
export function make<Id extends EnvId>(
  id: Id,
  ...options: Parameters<(typeof registry)[Id]>
): ReturnType<(typeof registry)[Id]> {
  if (!Object.hasOwn(registry, id))
    throw new OptionError("make", "id", `"${id}"`, `one of ${Object.keys(registry).join(", ")}`);
  const create = registry[id] as (...given: readonly unknown[]) => ReturnType<(typeof registry)[Id]>;
  return create(...options);
}
