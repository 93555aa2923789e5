/** The first `lanes` of four numbers, and zeros for the others. */
export function loadLanes(from: usize, lanes: i32): v128 {
  if (lanes >= 4) return v128.load(from);
  let numbers = f32x4.replace_lane(f32x4.splat(0), 0, load<f32>(from));
  if (lanes > 1) numbers = f32x4.replace_lane(numbers, 1, load<f32>(from, 4));
  if (lanes > 2) numbers = f32x4.replace_lane(numbers, 2, load<f32>(from, 8));
  return numbers;
}

/** The first `lanes` of four numbers, and `rest` for the others. */
export function firstLanes(numbers: v128, lanes: i32, rest: f32): v128 {
  let first = f32x4.replace_lane(f32x4.splat(rest), 0, f32x4.extract_lane(numbers, 0));
  if (lanes > 1) first = f32x4.replace_lane(first, 1, f32x4.extract_lane(numbers, 1));
  if (lanes > 2) first = f32x4.replace_lane(first, 2, f32x4.extract_lane(numbers, 2));
  return first;
}

/** The sum of four numbers. */
export function sumOfLanes(numbers: v128): f32 {
  const pairs = f32x4.add(numbers, v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Stores the first `lanes` of four numbers. */
export function storeLanes(to: usize, numbers: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, numbers);
    return;
  }
  store<f32>(to, f32x4.extract_lane(numbers, 0));
  if (lanes > 1) store<f32>(to, f32x4.extract_lane(numbers, 1), 4);
  if (lanes > 2) store<f32>(to, f32x4.extract_lane(numbers, 2), 8);
}

/** Adds the first `lanes` of four numbers to those in memory. */
export function addLanes(to: usize, numbers: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, f32x4.add(v128.load(to), numbers));
    return;
  }
  store<f32>(to, load<f32>(to) + f32x4.extract_lane(numbers, 0));
  if (lanes > 1) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(numbers, 1), 4);
  if (lanes > 2) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(numbers, 2), 8);
}
