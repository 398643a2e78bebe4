import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  type MessageInitShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** Numbers in [0, 1) from a seed: mulberry32. A failed test repeats with the seed that it names. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

type Init = Record<string, unknown>;

/** A message in its init shape, with every kind of value that its schema allows, those at the edges more often. */
export function randomInit(desc: DescMessage, random: Random, depth = 4): MessageInitShape<DescMessage> {
  const init: Init = {};
  for (const member of desc.members) {
    if (member.kind === "oneof") {
      const field = random.of(member.fields);
      if (random.chance(0.7)) init[member.localName] = { case: field.localName, value: single(field, random, depth) };
    } else if (member.presence === 3 || random.chance(depth > 0 ? 0.5 : 0.2)) {
      const value = fieldValue(member, random, depth);
      if (value !== undefined) init[member.localName] = value;
    }
  }
  return init;
}

/** A message as `create()` makes it, some with unknown fields. */
export function randomMessage(desc: DescMessage, random: Random): ReturnType<typeof create> {
  const message = create(desc, randomInit(desc, random));
  if (random.chance(0.2)) message.$unknown = [{ no: 90_000, wireType: 2, data: Uint8Array.of(2, 7, 8) }];
  return message;
}

function fieldValue(field: DescField, random: Random, depth: number): unknown {
  const count = random.of([0, 1, 2, 3, 40]);
  switch (field.fieldKind) {
    case "list": {
      const length = field.listKind === "message" ? (depth > 0 ? count % 4 : 0) : count;
      return Array.from({ length }, () => single(field, random, depth));
    }
    case "map": {
      const map: Init = {};
      for (let i = 0; i < (field.mapKind === "message" && depth <= 0 ? 0 : count % 5); i++) {
        const key = String(scalar(field.mapKey, random));
        Object.defineProperty(map, key, {
          value: single(field, random, depth),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return map;
    }
    case "message":
      return depth > 0 || isWrapperDesc(field.message) ? single(field, random, depth) : undefined;
    default:
      return single(field, random, depth);
  }
}

function single(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined) return message(field, field.message, random, depth);
  if (field.enum !== undefined) return enumValue(field.enum, random);
  return scalar(field.scalar ?? ScalarType.INT32, random);
}

function message(field: DescField, desc: DescMessage, random: Random, depth: number): unknown {
  if (desc.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
    return json(random, 2);
  }
  const value = desc.fields[0];
  if (field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(desc) && value !== undefined) {
    return single(value, random, depth);
  }
  return randomInit(desc, random, depth - 1);
}

function json(random: Random, depth: number): Init {
  const object: Init = { number: random.next(), text: text(random), nothing: null, yes: true };
  if (depth > 0) object["list"] = [1, "two", json(random, depth - 1)];
  return object;
}

function enumValue({ open, values }: DescEnum, random: Random): number {
  return open && random.chance(0.2) ? random.of([-1, 1000, 2147483647]) : random.of(values).number;
}

const EDGES = [0, 1, -1, 127, 128, -128, 16383, 16384, 2147483647, -2147483648];
const LONGS = [0n, 1n, -1n, 127n, 128n, 1n << 28n, (1n << 35n) - 1n, 1n << 62n, (1n << 63n) - 1n, -(1n << 63n)];
const REALS = [0, -0, 1, -1.5, 0.1, Number.NaN, Infinity, -Infinity, 1e-40, 3.4028234663852886e38];

function scalar(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.STRING:
      return text(random);
    case ScalarType.BYTES:
      return Uint8Array.from({ length: random.of([0, 1, 5, 127, 128, 300]) }, () => random.below(256));
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.DOUBLE:
      return random.chance(0.5) ? random.of(REALS) : random.next() * 1e9;
    case ScalarType.FLOAT:
      return Math.fround(random.of(REALS));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return integer(random);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integer(random) >>> 0;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return long(BigInt.asUintN(64, random.of(LONGS)), random);
    default:
      return long(random.of(LONGS), random);
  }
}

function integer(random: Random): number {
  return random.chance(0.5) ? random.of(EDGES) : (random.next() * 4294967296) | 0;
}

/** 64-bit integers may be written in three ways. */
function long(value: bigint, random: Random): bigint | string | number {
  if (random.chance(0.2)) return String(value);
  return random.chance(0.2) && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const TEXTS = ["", "a", "Paterson, NJ", "São Paulo, BR", "\ufeffmark", "\ud800", "😀", "__proto__", "\0", "東京"];

function text(random: Random): string {
  const text = random.of(TEXTS);
  return text.length === 0 ? text : text.repeat(random.of([1, 1, 1, 2, 8, 20, 70]));
}

/** Valid bytes with something wrong: cut, flipped, inserted, removed or said twice. Mostly a small change. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const before = bytes.subarray(0, at);
  switch (random.below(6)) {
    case 0:
      return before;
    case 1:
      return join(before, Uint8Array.of(random.below(256)), bytes.subarray(at));
    case 2:
      return join(before, bytes.subarray(at + 1 + random.below(3)));
    case 3:
      return join(bytes, before);
    case 4:
      return join(before, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))), bytes.subarray(at + 1));
    default:
      return join(
        before,
        Uint8Array.from({ length: 1 + random.below(12) }, () => random.of([0, 1, 8, 10, 128, 255])),
      );
  }
}

function join(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
