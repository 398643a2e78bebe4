/** How the suite's runner talks to the processes under test: each message is its size in four bytes, the highest first, then itself. */
import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";

const SIZE_BYTES = 4;

/** The messages that come through a pipe, until it ends. */
export async function* readMessages<D extends DescMessage>(
  input: AsyncIterable<Buffer>,
  desc: D,
): AsyncGenerator<MessageShape<D>, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + rest.readUInt32BE(0);
      if (rest.length < end) break;
      yield fromBinary(desc, rest.subarray(SIZE_BYTES, end));
      rest = rest.subarray(end);
    }
  }
}

/** The bytes of one message for a pipe. */
export function frame<D extends DescMessage>(desc: D, message: MessageShape<D>): Buffer {
  const bytes = toBinary(desc, message);
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
