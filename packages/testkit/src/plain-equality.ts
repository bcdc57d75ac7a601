// Deep equality of plain data. Goes by shape and name, not by prototype: test runners have realms of their own.
import { className, isErrorLike, tagOf } from "./printable.ts";

/**
 * Whether two values are the same data: fields, items, bytes, map entries and set members, at any depth. A field
 * that is `undefined` differs from one that is missing, 0 from -0; NaN equals NaN. Errors are compared by name, text, cause and
 * fields; functions, promises and other things with a hidden state only by identity.
 */
export function equalData(a: unknown, b: unknown): boolean {
  return equal(a, b, new Map());
}

/** Pairs that are being compared: a cycle equals a cycle of the same shape. */
type Pairs = Map<object, Set<object>>;

function equal(a: unknown, b: unknown, pairs: Pairs): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return equalViews(a, b);
  const tag = tagOf(a);
  if (tag !== tagOf(b) || className(a) !== className(b)) return false;
  const begun = pairs.get(a);
  if (begun?.has(b) === true) return true;
  if (begun === undefined) pairs.set(a, new Set([b]));
  else begun.add(b);
  const isEqual = equalObjects(tag, a, b, pairs);
  if (!isEqual) pairs.get(a)?.delete(b); // a set may compare the pair again on another path
  return isEqual;
}

function equalObjects(tag: string, a: object, b: object, pairs: Pairs): boolean {
  if (isErrorLike(a) && isErrorLike(b)) {
    return (
      a.name === b.name &&
      a.message === b.message &&
      equal(a.cause, b.cause, pairs) &&
      equalFields(a, b, pairs)
    );
  }
  switch (tag) {
    case "Object":
    case "Array":
    case "Arguments":
      if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
      return equalFields(a, b, pairs);
    case "Map":
      return equalMaps(a as Map<unknown, unknown>, b as Map<unknown, unknown>, pairs);
    case "Set":
      return equalSets(a as Set<unknown>, b as Set<unknown>, pairs);
    case "Date":
      return Object.is((a as Date).getTime(), (b as Date).getTime());
    case "RegExp":
      return `${a as RegExp}` === `${b as RegExp}`;
    case "ArrayBuffer":
      return equalViews(new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer));
    default:
      return false;
  }
}

/** Node's Buffer is a Uint8Array here. */
function equalViews(a: object, b: object): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || tagOf(a) !== tagOf(b)) return false;
  if (a.byteLength !== b.byteLength) return false;
  const [left, right] = [a, b].map(
    (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  ) as [Uint8Array, Uint8Array];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function equalFields(a: object, b: object, pairs: Pairs): boolean {
  const [keys, otherKeys] = [fieldNames(a), fieldNames(b)];
  if (keys.length !== otherKeys.length) return false;
  return keys.every(
    (key) =>
      Object.prototype.propertyIsEnumerable.call(b, key) &&
      equal(
        (a as Record<PropertyKey, unknown>)[key],
        (b as Record<PropertyKey, unknown>)[key],
        pairs,
      ),
  );
}

function fieldNames(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
}

function equalMaps(a: Map<unknown, unknown>, b: Map<unknown, unknown>, pairs: Pairs): boolean {
  if (a.size !== b.size) return false;
  const others = new Map(b);
  for (const entry of a) {
    const [key, value] = entry;
    const same =
      others.has(key) && equal(value, others.get(key), pairs)
        ? [key]
        : [...others].find((other) => equal(entry, other, pairs));
    if (same === undefined) return false;
    others.delete(same[0]);
  }
  return true;
}

function equalSets(a: Set<unknown>, b: Set<unknown>, pairs: Pairs): boolean {
  if (a.size !== b.size) return false;
  const others = new Set(b);
  for (const member of a) {
    const same = others.has(member)
      ? [member]
      : [...others.entries()].find(([other]) => equal(member, other, pairs));
    if (same === undefined) return false;
    others.delete(same[0]);
  }
  return true;
}
