import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.js";

const LIMITS = { maxListBytes: 16_384, maxFields: 128 };

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(" ", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function decode(decoder: HpackDecoder, block: string): readonly string[] | undefined {
  const bytes = hex(block);
  return decoder.decode(bytes, 0, bytes.length);
}

function errorOf(...blocks: string[]): string | undefined {
  const decoder = new HpackDecoder(4096, LIMITS);
  for (const block of blocks) decode(decoder, block);
  return decoder.error;
}

/** A literal without indexing, spelt out without Huffman code. */
function literal(name: string, value: string): string {
  return `00${spelt(name)}${spelt(value)}`;
}

function spelt(text: string): string {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text, "latin1")]).toString("hex");
}

const REQUESTS = [
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"],
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com", "cache-control", "no-cache"],
  [
    ...[":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority", "www.example.com"],
    ...["custom-key", "custom-value"],
  ],
];

test("the requests of RFC 7541, C.3 and C.4 decode, without and with Huffman code", () => {
  const plain = [
    "828684410f7777772e6578616d706c652e636f6d",
    "828684be58086e6f2d6361636865",
    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
  ];
  const coded = [
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
  ];
  for (const blocks of [plain, coded]) {
    const decoder = new HpackDecoder(4096, LIMITS);
    for (const [i, block] of blocks.entries()) assert.deepEqual(decode(decoder, block), REQUESTS[i]);
  }
});

test("the responses of RFC 7541, C.5 and C.6 decode, which evict entries from a table of 256 octets", () => {
  const date = "Mon, 21 Oct 2013 20:13:21 GMT";
  const later = "Mon, 21 Oct 2013 20:13:22 GMT";
  const location = "https://www.example.com";
  const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
  const expected = [
    [":status", "302", "cache-control", "private", "date", date, "location", location],
    [":status", "307", "cache-control", "private", "date", date, "location", location],
    [
      ...[":status", "200", "cache-control", "private", "date", later, "location", location],
      ...["content-encoding", "gzip", "set-cookie", cookie],
    ],
  ];
  const plain = [
    "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54" +
      "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
    "4803333037c1c0bf",
    "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b" +
      "48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
  ];
  const coded = [
    "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
    "4883640effc1c0bf",
    "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af2708" +
      "7f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
  ];
  for (const blocks of [plain, coded]) {
    const decoder = new HpackDecoder(256, LIMITS);
    for (const [i, block] of blocks.entries()) assert.deepEqual(decode(decoder, block), expected[i]);
  }
});

test("a block that comes again gives the very same fields, until the dynamic table changes", () => {
  const decoder = new HpackDecoder(4096, LIMITS);
  decode(decoder, `40${spelt("a")}${spelt("1")}`);
  const first = decode(decoder, "be");
  assert.deepEqual(first, ["a", "1"]);
  assert.equal(decode(decoder, "be"), first);
  decoder.block.memo = "made once";
  decode(decoder, "be");
  assert.equal(decoder.block.memo, "made once");
  decode(decoder, `40${spelt("b")}${spelt("2")}`);
  assert.deepEqual(decode(decoder, "be"), ["b", "2"]);
  decode(decoder, "20");
  decode(decoder, "be");
  assert.equal(decoder.error, "hpack_index");
});

test("a literal that comes again keeps its meaning, with and without Huffman code", () => {
  const decoder = new HpackDecoder(4096, LIMITS);
  for (let round = 0; round < 3; round++) {
    // The octet 0x1f is "a" in Huffman code, and itself otherwise. A second field keeps the blocks apart.
    const other = literal("round", String(round));
    assert.deepEqual(decode(decoder, `0481 1f ${other}`), [":path", "a", "round", String(round)]);
    assert.deepEqual(decode(decoder, `0401 1f ${other}`), [":path", "\x1f", "round", String(round)]);
  }
});

test("header values are octets: each becomes one character", () => {
  const all = Array.from({ length: 120 }, (_, i) => String.fromCharCode(255 - i)).join("");
  assert.deepEqual(decode(new HpackDecoder(4096, LIMITS), literal("x", all)), ["x", all]);
});

test("what cannot be decoded is named", () => {
  assert.equal(errorOf("80"), "hpack_index", "index 0");
  assert.equal(errorOf("be"), "hpack_index", "an index over both tables");
  assert.equal(errorOf("7f00 01 61"), "hpack_index", "a name beyond both tables");
  assert.equal(errorOf("ff"), "hpack_truncated", "an index cut");
  assert.equal(errorOf("04"), "hpack_truncated", "a value missing");
  assert.equal(errorOf("0405 6162"), "hpack_truncated", "a value cut");
  assert.equal(errorOf("047fffffffff07 61"), "hpack_integer", "a length over 2^31");
  assert.equal(errorOf("ff808080808000"), "hpack_integer", "an index of too many octets");
  assert.equal(errorOf("0484ffffffff"), "hpack_huffman", "EOS");
  assert.equal(errorOf("04821fff"), "hpack_huffman", "over-long padding");
});

test("table-size updates stand in front of the fields, at most twice, and within our setting", () => {
  assert.equal(errorOf("3fe11f82"), undefined, "4096");
  assert.equal(errorOf("3fe21f82"), "hpack_table_size", "4097");
  assert.equal(errorOf("20 3fe11f 82"), undefined, "the smallest, then the last");
  assert.equal(errorOf("20 20 20 82"), "hpack_table_size", "a third");
  assert.equal(errorOf("82 20"), "hpack_table_size", "after a field");
  assert.equal(errorOf("20 82", "20 82"), undefined, "in each block");
});

test("a list over the limits is cut but counted, and the table stays in step", () => {
  const decoder = new HpackDecoder(4096, { maxListBytes: 100, maxFields: 8 });
  // 33 octets of name and value and 32 more: the second field is over 100.
  const fields = decode(decoder, `40${spelt("a")}${spelt("v".repeat(32))} 40${spelt("b")}${spelt("w".repeat(32))}`);
  assert.deepEqual(fields, ["a", "v".repeat(32)]);
  assert.equal(decoder.oversize, true);
  assert.equal(decoder.listBytes, 130);
  assert.deepEqual(decode(decoder, "be"), ["b", "w".repeat(32)]);
  assert.equal(decoder.oversize, false);
  assert.deepEqual(decode(decoder, "82".repeat(8)), [":method", "GET", ":method", "GET"], "42 octets each");
  assert.equal(decoder.oversize, true);
});

test("a list of too many fields is cut to the limit", () => {
  const decoder = new HpackDecoder(4096, { maxListBytes: 16_384, maxFields: 8 });
  assert.equal(decode(decoder, "82".repeat(8))?.length, 16);
  assert.equal(decoder.oversize, false);
  assert.equal(decode(decoder, "82".repeat(9))?.length, 16);
  assert.equal(decoder.oversize, true);
});

test("a bomb of references to one large entry costs its octets and nothing more", () => {
  const decoder = new HpackDecoder(4096, LIMITS);
  decode(decoder, `40 01 61 7f8c1e ${"62".repeat(0xf8b)}`);
  assert.equal(decoder.error, undefined);
  const fields = decode(decoder, "be".repeat(16_000));
  assert.equal(fields?.length, 8, "four times 4028 octets, under 16 KiB");
  assert.equal(decoder.oversize, true);
  assert.equal(decoder.listBytes, 16_000 * (1 + 0xf8b + 32));
});

test("faults of a list are named, cost no compression state, and come out of the table again", () => {
  const decoder = new HpackDecoder(4096, LIMITS);
  const fault = (block: string) => {
    assert.notEqual(decode(decoder, block), undefined);
    return decoder.malformed;
  };
  assert.equal(fault(literal("grpc-timeout", "1S")), undefined);
  assert.equal(fault(literal("Grpc-timeout", "1S")), "uppercase_field_name");
  assert.equal(fault(literal("", "1")), "empty_field_name");
  assert.equal(fault(literal(":", "1")), "empty_field_name");
  assert.equal(fault(literal("a b", "1")), "field_name_character");
  assert.equal(fault(literal("a:b", "1")), "field_name_character");
  for (const character of ["\r", "\n", "\0"]) {
    assert.equal(fault(literal("a", `1${character}`)), "field_value_character");
    assert.equal(fault(literal(`a${character}`, "1")), "field_name_character");
  }
  assert.equal(fault(literal("a", "\t 1")), undefined);
  assert.equal(fault(`${literal("a", "1")} 82`), "pseudo_after_regular");
  assert.equal(fault(`40${spelt("A")}${spelt("1")}`), "uppercase_field_name");
  assert.equal(fault("be"), "uppercase_field_name");
  assert.equal(fault("be"), "uppercase_field_name");
  assert.equal(fault(`7e${spelt("2")}`), "uppercase_field_name");
});
