/** A message without its values: which fields there are, about how long, of which variant. */
export function shapeOf(value: unknown, depth = 0): string {
  if (value instanceof Uint8Array) return value.length === 0 ? "0" : "b";
  if (Array.isArray(value)) {
    const shapes = new Set(value.slice(0, 8).map((item) => shapeOf(item, depth + 1)));
    // Inside of items, such as transactions, there are too many lengths to tell them all apart.
    const length = depth < 2 ? Math.ceil(Math.log2(value.length + 1)) : Math.min(value.length, 2);
    return `${length}[${[...shapes].slice(0, 3).join()}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) =>
      key === "type" && typeof field === "string" ? field : `${key}:${shapeOf(field, depth + 1)}`,
    );
    return `{${fields.join(" ")}}`;
  }
  return typeof value;
}
