// what an environment is
export {
  type Action,
  type ContinuousControl,
  type DiscreteControl,
  type Env,
  type Observation,
  type Reset,
  type ResetOptions,
  type Space,
  type Transition,
} from "./env.ts";
export { Discrete } from "./discrete.ts";
export { Box } from "./box.ts";
export { SeededEnv } from "./seeded-env.ts";
export { EpisodeError } from "./episode-error.ts";
export { type Outcome, TabularEnv, type TabularModel } from "./tabular-env.ts";

// Gymnasium's environments, and grid worlds
export { make, type EnvId } from "./make.ts";
export { CartPole } from "./cart-pole.ts";
export { MountainCar, type MountainCarOptions } from "./mountain-car.ts";
export { ContinuousMountainCar } from "./continuous-mountain-car.ts";
export { Acrobot, type AcrobotOptions } from "./acrobot.ts";
export { Pendulum, type PendulumOptions } from "./pendulum.ts";
export { FrozenLake, type FrozenLakeOptions } from "./frozen-lake.ts";
export { type LakeMap, lakeMaps, randomLakeMap, type RandomLakeMapOptions } from "./frozen-lake-map.ts";
export { CliffWalking, type CliffWalkingOptions } from "./cliff-walking.ts";
export { GridWorld, type GridWorldOptions } from "./grid-world.ts";

// time limits, and several environments together
export { TimeLimit } from "./time-limit.ts";
export { SyncVectorEnv, type SyncVectorEnvOptions, type VectorTransition } from "./sync-vector-env.ts";
export { type EnvPort, serveEnvs } from "./serve-envs.ts";
export { WorkerVectorEnv, type WorkerVectorEnvOptions } from "./worker-vector-env.ts";

// random numbers
export { NumpyGenerator } from "../random/numpy-generator.ts";
