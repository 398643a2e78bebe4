/**
 * The Huffman code of RFC 7541, appendix B. It is canonical: codes grow with their length, and among those of one length with
 * the symbol, so the lengths alone give the whole code.
 */

/** Bits of the code of each octet, and of EOS as the last, as digits of base 36. */
const LENGTHS =
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6cad67777777777777777777777878djde6" +
  "f56565666577666567655677777fbedskmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmm" +
  "nqqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrqu";

const EOS = 256;
const CODES = new Uint32Array(257);
const CODE_BITS = Uint8Array.from(LENGTHS, (digit) => Number.parseInt(digit, 36));

/**
 * The decoder reads four bits at a time: TRANSITIONS[state * 16 + bits]. A state is a node inside the code tree, 0 its root; 257
 * codes make 256 such nodes. No code is shorter than five bits, so four complete at most one symbol.
 */
const TRANSITIONS = new Uint32Array(256 * 16);
const STATE = 0xff;
const SYMBOL_SHIFT = 8;
const HAS_SYMBOL = 1 << 16;
/** EOS was completed: an error wherever it stands. */
const HAS_EOS = 1 << 17;
/** The bits since the last symbol are a prefix of EOS and fewer than 8: what padding must be. */
const MAY_END = 1 << 18;

assignCodes();
buildTransitions();

/**
 * Decodes bytes[start, end).
 *
 * @param into has room for `huffmanRoom(end - start)` octets
 * @returns how many octets were written; -1 if the code holds EOS or ends in anything but padding of at most 7 ones
 */
export function huffmanDecode(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let state = 0;
  let at = 0;
  let flags = MAY_END;
  for (let i = start; i < end; i++) {
    // In bounds: i < end, and a state is below 256.
    const byte = bytes[i] as number;
    const high = TRANSITIONS[state * 16 + (byte >> 4)] as number;
    if ((high & HAS_SYMBOL) !== 0) into[at++] = high >> SYMBOL_SHIFT;
    const low = TRANSITIONS[(high & STATE) * 16 + (byte & 15)] as number;
    if ((low & HAS_SYMBOL) !== 0) into[at++] = low >> SYMBOL_SHIFT;
    if (((high | low) & HAS_EOS) !== 0) return -1;
    state = low & STATE;
    flags = low;
  }
  return (flags & MAY_END) !== 0 ? at : -1;
}

/** The most octets that so many octets of code can stand for: the shortest code has 5 bits. */
export function huffmanRoom(codeBytes: number): number {
  return Math.floor((codeBytes * 8) / 5);
}

/** How many octets `value` takes when coded. Characters are octets. */
export function huffmanLength(value: string): number {
  let bits = 0;
  for (let i = 0; i < value.length; i++) bits += CODE_BITS[value.charCodeAt(i) & 0xff] as number;
  return (bits + 7) >>> 3;
}

/**
 * Codes `value`, whose characters are octets, into `into` from `at` on.
 *
 * @returns the end of what was written
 */
export function huffmanEncode(value: string, into: Uint8Array, at: number): number {
  // At most 7 bits wait and a code has at most 30, which is more than 32 together: the waiting bits are split off first.
  let waiting = 0;
  let waitingBits = 0;
  for (let i = 0; i < value.length; i++) {
    const octet = value.charCodeAt(i) & 0xff;
    const code = CODES[octet] as number;
    let bits = CODE_BITS[octet] as number;
    while (waitingBits + bits >= 8) {
      const taken = 8 - waitingBits;
      bits -= taken;
      into[at++] = (waiting << taken) | ((code >>> bits) & ((1 << taken) - 1));
      waiting = 0;
      waitingBits = 0;
    }
    waiting = (waiting << bits) | (code & ((1 << bits) - 1));
    waitingBits += bits;
  }
  if (waitingBits > 0) into[at++] = (waiting << (8 - waitingBits)) | (0xff >>> waitingBits);
  return at;
}

function assignCodes(): void {
  let code = 0;
  for (let bits = 5; bits <= 30; bits++) {
    for (let symbol = 0; symbol <= EOS; symbol++) {
      if (CODE_BITS[symbol] === bits) CODES[symbol] = code++;
    }
    code *= 2;
  }
}

/** Lays the code tree out as child pairs, then walks four bits from each inner node. */
function buildTransitions(): void {
  // children[2 * node + bit]: an inner node, or a leaf as -1 - symbol; 0 where there is none yet, as no child is the root.
  const children = new Int16Array(512);
  const endable = new Set([0]);
  let nodes = 1;
  for (let symbol = 0; symbol <= EOS; symbol++) {
    const code = CODES[symbol] as number;
    let node = 0;
    for (let bit = (CODE_BITS[symbol] as number) - 1; bit > 0; bit--) {
      const child = 2 * node + ((code >>> bit) & 1);
      if (children[child] === 0) children[child] = nodes++;
      node = children[child] as number;
      if (symbol === EOS && 30 - bit <= 7) endable.add(node);
    }
    children[2 * node + (code & 1)] = -1 - symbol;
  }
  for (let state = 0; state < 256; state++) {
    for (let bits = 0; bits < 16; bits++) TRANSITIONS[state * 16 + bits] = transition(children, endable, state, bits);
  }
}

function transition(children: Int16Array, endable: Set<number>, state: number, bits: number): number {
  let node = state;
  let result = 0;
  for (let shift = 3; shift >= 0; shift--) {
    const child = children[2 * node + ((bits >> shift) & 1)] as number;
    if (child === -1 - EOS) return HAS_EOS;
    node = Math.max(child, 0);
    if (child < 0) result |= HAS_SYMBOL | ((-1 - child) << SYMBOL_SHIFT);
  }
  return result | node | (endable.has(node) ? MAY_END : 0);
}
