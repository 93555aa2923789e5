// planning with a known model
export { emptyQTable, greedyAction, type QTable } from "./q-table.ts";
export { type PlanningOptions, type Solution, valueIteration } from "./value-iteration.ts";
export { policyEvaluation, policyIteration, type TabularPolicy } from "./policy-iteration.ts";

// learning a table
export { type TabularEpisode, type TabularLearningOptions, type TabularTask } from "./temporal-difference.ts";
export { qLearning } from "./q-learning.ts";
export { sarsa } from "./sarsa.ts";
export { expectedSarsa } from "./expected-sarsa.ts";
export { nStepSarsa, type NStepSarsaOptions } from "./n-step-sarsa.ts";
