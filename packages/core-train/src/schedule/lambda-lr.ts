import type { Schedule } from "./schedule.ts";

/** The learning rate times what `factor` says: `torch.optim.lr_scheduler.LambdaLR`. */
export function lambdaLr(learningRate: number, factor: Schedule): Schedule {
  return (step) => learningRate * factor(step);
}

/** The learning rate times all that `factor` has said from step 1 on: `torch.optim.lr_scheduler.MultiplicativeLR`. */
export function multiplicativeLr(learningRate: number, factor: Schedule): Schedule {
  const rates = [learningRate];
  return (step) => {
    for (let next = rates.length; next <= step; next++) rates.push((rates[next - 1] ?? NaN) * factor(next));
    return rates[step] ?? NaN;
  };
}
