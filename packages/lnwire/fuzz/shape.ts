/** A message without its values: which fields there are, about how long, of which variant. */
export function shapeOf(value: unknown): string {
  if (value instanceof Uint8Array) return value.length === 0 ? "0" : "b";
  if (Array.isArray(value)) {
    const shapes = new Set(value.slice(0, 8).map(shapeOf));
    return `${Math.ceil(Math.log2(value.length + 1))}[${[...shapes].join()}]`;
  }
  if (typeof value === "string") return "s";
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) =>
      key === "type" && typeof field === "string" ? field : `${key}:${shapeOf(field)}`,
    );
    return `{${fields.join(" ")}}`;
  }
  return typeof value;
}
