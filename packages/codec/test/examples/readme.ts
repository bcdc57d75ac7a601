import {
  type Codec,
  decode,
  DecodeError,
  encode,
  fromHex,
  prefixedArray,
  struct,
  toHex,
  u16,
  u32,
  u8,
} from "@satwire/codec";

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Shape {
  readonly color: number;
  readonly points: readonly Point[];
}

// A description is a value: one codec per field, in wire order.
const point: Codec<Point> = struct({ x: u16, y: u16 });
const shape: Codec<Shape> = struct({ color: u32, points: prefixedArray(u8, point) });

export const hex: string = toHex(encode(shape, { color: 0xff8000, points: [{ x: 1, y: 2 }] }));
// "00ff8000" + "01" + "00010002"
export const value: Shape = decode(shape, fromHex(hex));

export let problem = "";
try {
  decode(shape, fromHex("00ff8000" + "02" + "00010002" + "0003"));
} catch (error) {
  if (!(error instanceof DecodeError)) throw error;
  problem = error.message; // "points.1.y: need 2 bytes, have 0 (byte 11)"
}
