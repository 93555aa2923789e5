// One step of an optimizer for one parameter of `count` numbers. Numbers go four at a time, the last ones by
// themselves. The functions for many parameters write the parameters and states in place: a table holds for each parameter the arguments of
// the function for one, four bytes each, of which they leave out where the results go. Each computes part `part` of `parts` of every parameter.

/** Adam: see `PellucidAdam` in the core. */
export function adamStep(
  gradient: usize,
  parameter: usize,
  mu: usize,
  nu: usize,
  update: usize,
  nextMu: usize,
  nextNu: usize,
  count: i32,
  keep1: f32,
  take1: f32,
  keep2: f32,
  take2: f32,
  eps: f32,
  stepSize: f32,
  correction: f32,
  penalty: f32,
  decay: f32,
): void {
  const isNear = take1 < 0.5; // as torch.lerp: the nearer end is the one that is corrected
  const end = (<usize>count) << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const m0 = v128.load(mu + at);
    const way = f32x4.sub(g, m0);
    const m = isNear
      ? f32x4.add(m0, f32x4.mul(way, f32x4.splat(take1)))
      : f32x4.sub(g, f32x4.mul(way, f32x4.splat(keep1)));
    const v = f32x4.add(
      f32x4.mul(v128.load(nu + at), f32x4.splat(keep2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(take2)),
    );
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(eps));
    const step = f32x4.mul(f32x4.div(m, root), f32x4.splat(-stepSize));
    v128.store(update + at, f32x4.sub(step, f32x4.mul(p, f32x4.splat(decay))));
    v128.store(nextMu + at, m);
    v128.store(nextNu + at, v);
  }
  for (let at = whole; at < end; at += 4) {
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + p * penalty;
    const m0 = load<f32>(mu + at);
    const m = isNear ? m0 + (g - m0) * take1 : g - (g - m0) * keep1;
    const v = load<f32>(nu + at) * keep2 + g * g * take2;
    const root = sqrt<f32>(v) / correction + eps;
    store<f32>(update + at, (m / root) * -stepSize - p * decay);
    store<f32>(nextMu + at, m);
    store<f32>(nextNu + at, v);
  }
}

/** Gradient descent with momentum: see `PellucidMomentum` in the core. */
export function momentumStep(
  gradient: usize,
  parameter: usize,
  momentum: usize,
  update: usize,
  next: usize,
  count: i32,
  keep: f32,
  take: f32,
  isNesterov: bool,
  learningRate: f32,
  penalty: f32,
): void {
  const end = (<usize>count) << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const decayed = f32x4.mul(v128.load(momentum + at), f32x4.splat(keep));
    const m = f32x4.add(decayed, f32x4.mul(g, f32x4.splat(take)));
    const direction = isNesterov ? f32x4.add(g, f32x4.mul(m, f32x4.splat(keep))) : m;
    v128.store(update + at, f32x4.mul(direction, f32x4.splat(-learningRate)));
    v128.store(next + at, m);
  }
  for (let at = whole; at < end; at += 4) {
    const g = load<f32>(gradient + at) + load<f32>(parameter + at) * penalty;
    const m = load<f32>(momentum + at) * keep + g * take;
    const direction = isNesterov ? g + m * keep : m;
    store<f32>(update + at, direction * -learningRate);
    store<f32>(next + at, m);
  }
}

/** {@link adamStep} for many parameters, in place. Their numbers are `total` together. */
export function adamMoves(table: usize, parameters: i32, total: i32, part: i32, parts: i32): void {
  for (let i = 0; i < parameters; i++) {
    const row = table + 68 * i;
    const count = load<i32>(row, 28);
    const first = startOf(part, parts, count);
    moveByAdam(
      load<u32>(row),
      load<u32>(row, 4),
      load<u32>(row, 8),
      load<u32>(row, 12),
      first,
      startOf(part + 1, parts, count),
      load<f32>(row, 32),
      load<f32>(row, 36),
      load<f32>(row, 40),
      load<f32>(row, 44),
      load<f32>(row, 48),
      load<f32>(row, 52),
      load<f32>(row, 56),
      load<f32>(row, 60),
      load<f32>(row, 64),
    );
  }
}

function moveByAdam(
  gradient: usize,
  parameter: usize,
  mu: usize,
  nu: usize,
  first: usize,
  end: usize,
  keep1: f32,
  take1: f32,
  keep2: f32,
  take2: f32,
  eps: f32,
  stepSize: f32,
  correction: f32,
  penalty: f32,
  decay: f32,
): void {
  const whole = first + ((end - first) & ~15);
  const isNear = take1 < 0.5; // as torch.lerp: the nearer end is the one that is corrected
  for (let at = first; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const m0 = v128.load(mu + at);
    const way = f32x4.sub(g, m0);
    const m = isNear
      ? f32x4.add(m0, f32x4.mul(way, f32x4.splat(take1)))
      : f32x4.sub(g, f32x4.mul(way, f32x4.splat(keep1)));
    const v = f32x4.add(
      f32x4.mul(v128.load(nu + at), f32x4.splat(keep2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(take2)),
    );
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(eps));
    const step = f32x4.mul(f32x4.div(m, root), f32x4.splat(-stepSize));
    v128.store(parameter + at, f32x4.add(p, f32x4.sub(step, f32x4.mul(p, f32x4.splat(decay)))));
    v128.store(mu + at, m);
    v128.store(nu + at, v);
  }
  for (let at = whole; at < end; at += 4) {
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + p * penalty;
    const m0 = load<f32>(mu + at);
    const m = isNear ? m0 + (g - m0) * take1 : g - (g - m0) * keep1;
    const v = load<f32>(nu + at) * keep2 + g * g * take2;
    const root = sqrt<f32>(v) / correction + eps;
    store<f32>(parameter + at, p + ((m / root) * -stepSize - p * decay));
    store<f32>(mu + at, m);
    store<f32>(nu + at, v);
  }
}

/** {@link momentumStep} for many parameters, in place. */
export function momentumMoves(table: usize, parameters: i32, total: i32, part: i32, parts: i32): void {
  for (let i = 0; i < parameters; i++) {
    const row = table + 44 * i;
    const count = load<i32>(row, 20);
    moveByMomentum(
      load<u32>(row),
      load<u32>(row, 4),
      load<u32>(row, 8),
      startOf(part, parts, count),
      startOf(part + 1, parts, count),
      load<f32>(row, 24),
      load<f32>(row, 28),
      load<f32>(row, 32) != 0,
      load<f32>(row, 36),
      load<f32>(row, 40),
    );
  }
}

function moveByMomentum(
  gradient: usize,
  parameter: usize,
  momentum: usize,
  first: usize,
  end: usize,
  keep: f32,
  take: f32,
  isNesterov: bool,
  learningRate: f32,
  penalty: f32,
): void {
  const whole = first + ((end - first) & ~15);
  for (let at = first; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const decayed = f32x4.mul(v128.load(momentum + at), f32x4.splat(keep));
    const m = f32x4.add(decayed, f32x4.mul(g, f32x4.splat(take)));
    const direction = isNesterov ? f32x4.add(g, f32x4.mul(m, f32x4.splat(keep))) : m;
    v128.store(parameter + at, f32x4.add(p, f32x4.mul(direction, f32x4.splat(-learningRate))));
    v128.store(momentum + at, m);
  }
  for (let at = whole; at < end; at += 4) {
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + p * penalty;
    const m = load<f32>(momentum + at) * keep + g * take;
    const direction = isNesterov ? g + m * keep : m;
    store<f32>(parameter + at, p + direction * -learningRate);
    store<f32>(momentum + at, m);
  }
}

/** Where a part of `count` numbers begins, in bytes: at a multiple of 16, or at the end. */
function startOf(part: i32, parts: i32, count: i32): usize {
  if (part == parts) return (<usize>count) << 2;
  return (<usize>((<i64>count * part) / parts) & ~3) << 2;
}
