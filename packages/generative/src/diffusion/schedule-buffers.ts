/** The buffers of the schedule in files of lucidrains' `GaussianDiffusion`. They are not read: the schedule is computed in 64 bits. */
export const scheduleBuffers = [
  "betas",
  "alphas_cumprod",
  "alphas_cumprod_prev",
  "sqrt_alphas_cumprod",
  "sqrt_one_minus_alphas_cumprod",
  "log_one_minus_alphas_cumprod",
  "sqrt_recip_alphas_cumprod",
  "sqrt_recipm1_alphas_cumprod",
  "posterior_variance",
  "posterior_log_variance_clipped",
  "posterior_mean_coef1",
  "posterior_mean_coef2",
  "loss_weight",
  "p2_loss_weight",
] as const;
