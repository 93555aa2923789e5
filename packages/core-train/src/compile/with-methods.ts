/**
 * Runs `body` while some methods of an object are others. They are set back, not deleted, which would make the engines of browsers treat the object
 * as a dictionary, and every call on it slow.
 */
export function withMethods<Owner extends object, T>(owner: Owner, others: Partial<Owner>, body: () => T): T {
  const before = Object.keys(others).map((name) => [name, Reflect.get(owner, name) as unknown] as const);
  Object.assign(owner, others);
  try {
    return body();
  } finally {
    for (const [name, method] of before) Reflect.set(owner, name, method);
  }
}
